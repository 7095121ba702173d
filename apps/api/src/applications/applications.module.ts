import { Module } from '@nestjs/common';
import { IdentityModule } from '#libs/identity';
import { ApplicationsController } from './applications.controller.js';

@Module({ imports: [IdentityModule], controllers: [ApplicationsController] })
export class ApplicationsModule {}
