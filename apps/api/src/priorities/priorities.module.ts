import { Module } from '@nestjs/common';
import { AccountsModule } from '#libs/accounts';
import { PrioritiesController } from './priorities.controller.js';
import { UserPrioritiesController } from './user-priorities.controller.js';

@Module({ imports: [AccountsModule], controllers: [PrioritiesController, UserPrioritiesController] })
export class PrioritiesModule {}
