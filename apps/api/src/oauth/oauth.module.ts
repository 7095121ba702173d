import { Module } from '@nestjs/common';
import { CloudModule } from '#libs/cloud';
import { CloudDeskModule } from '#libs/sync';
import { OAuthController } from './oauth.controller.js';
import { ProviderSettingsController } from './provider-settings.controller.js';

@Module({ imports: [CloudModule, CloudDeskModule], controllers: [ProviderSettingsController, OAuthController] })
export class OAuthModule {}
