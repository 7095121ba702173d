import { Module } from '@nestjs/common';
import { ReadModule } from '#libs/read';
import { HealthScoresController } from './health-scores.controller.js';

@Module({ imports: [ReadModule], controllers: [HealthScoresController] })
export class HealthScoresModule {}
