import { Module } from '@nestjs/common';
import { ReadModule } from '#libs/read';
import { TimeseriesController } from './timeseries.controller.js';

@Module({ imports: [ReadModule], controllers: [TimeseriesController] })
export class TimeseriesModule {}
