import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequireScope } from '#libs/identity';
import { type DataSourceList, DataSourceReader } from '#libs/read';
import { Answer, Operation } from '../http/answer.js';
import { UserPath } from '../http/paths.dto.js';
import { DataSourceListAnswer } from './data-sources.dto.js';

@ApiTags('External: Data Sources')
@Controller('users/:user_id/data-sources')
export class DataSourcesController {
  constructor(private readonly dataSources: DataSourceReader) {}

  @Get()
  @RequireScope('data:read')
  @Operation('get_user_data_sources')
  @Answer(DataSourceListAnswer)
  list(@Param() { userId }: UserPath): Promise<DataSourceList> {
    return this.dataSources.list(userId);
  }
}
