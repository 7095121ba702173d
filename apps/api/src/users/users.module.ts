import { Module } from '@nestjs/common';
import { AccountsModule } from '#libs/accounts';
import { UsersController } from './users.controller.js';

@Module({ imports: [AccountsModule], controllers: [UsersController] })
export class UsersModule {}
