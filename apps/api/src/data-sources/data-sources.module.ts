import { Module } from '@nestjs/common';
import { ReadModule } from '#libs/read';
import { DataSourcesController } from './data-sources.controller.js';

@Module({ imports: [ReadModule], controllers: [DataSourcesController] })
export class DataSourcesModule {}
