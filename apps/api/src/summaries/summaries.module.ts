import { Module } from '@nestjs/common';
import { ReadModule } from '#libs/read';
import { SummariesController } from './summaries.controller.js';

@Module({ imports: [ReadModule], controllers: [SummariesController] })
export class SummariesModule {}
