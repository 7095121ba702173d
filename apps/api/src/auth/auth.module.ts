import { Module } from '@nestjs/common';
import { IdentityModule } from '#libs/identity';
import { AuthController } from './auth.controller.js';
import { PasswordsController } from './passwords.controller.js';

@Module({ imports: [IdentityModule], controllers: [AuthController, PasswordsController] })
export class AuthModule {}
