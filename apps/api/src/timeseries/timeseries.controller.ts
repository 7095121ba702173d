import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequireScope } from '#libs/identity';
import { type Paged, type TimeseriesItem, TimeseriesReader } from '#libs/read';
import { Answer, Operation } from '../http/answer.js';
import { UserPath } from '../http/paths.dto.js';
import { TimeseriesPageAnswer, TimeseriesParameters, timeseriesQuery } from './timeseries.dto.js';

@ApiTags('External: Timeseries')
@Controller('users/:user_id/timeseries')
export class TimeseriesController {
  constructor(private readonly timeseries: TimeseriesReader) {}

  @Get()
  @RequireScope('data:read')
  @Operation('get_timeseries')
  @Answer(TimeseriesPageAnswer)
  list(@Param() { userId }: UserPath, @Query() query: TimeseriesParameters): Promise<Paged<TimeseriesItem>> {
    return this.timeseries.page(userId, timeseriesQuery(query));
  }
}
