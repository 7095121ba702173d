import { Module } from '@nestjs/common';
import { ReadModule } from '#libs/read';
import { AggregateController } from './aggregate.controller.js';

@Module({ imports: [ReadModule], controllers: [AggregateController] })
export class AggregateModule {}
