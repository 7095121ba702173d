import { Module } from '@nestjs/common';
import { ReadModule } from '#libs/read';
import { ConfigController } from './config.controller.js';
import { DashboardController } from './dashboard.controller.js';

@Module({ imports: [ReadModule], controllers: [DashboardController, ConfigController] })
export class DashboardModule {}
