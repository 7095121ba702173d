import { Module } from '@nestjs/common';
import { IdentityModule } from '#libs/identity';
import { DevelopersController } from './developers.controller.js';

@Module({ imports: [IdentityModule], controllers: [DevelopersController] })
export class DevelopersModule {}
