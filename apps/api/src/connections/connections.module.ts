import { Module } from '@nestjs/common';
import { AccountsModule } from '#libs/accounts';
import { ConnectionsController } from './connections.controller.js';

@Module({ imports: [AccountsModule], controllers: [ConnectionsController] })
export class ConnectionsModule {}
