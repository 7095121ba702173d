import { Module } from '@nestjs/common';
import { SyncModule } from '#libs/sync';
import { TasksController } from './tasks.controller.js';

@Module({ imports: [SyncModule], controllers: [TasksController] })
export class TasksModule {}
