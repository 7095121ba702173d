import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type AppConfig, CONFIG } from '#libs/config';
import { RequireScope } from '#libs/identity';
import { AggregateReader, type AggregateView } from '#libs/read';
import { Answer, Operation } from '../http/answer.js';
import { UserPath } from '../http/paths.dto.js';
import { AggregateAnswer, AggregateParameters, aggregateQuery } from './aggregate.dto.js';

@ApiTags('External: Timeseries')
@Controller('users/:user_id/timeseries/aggregate')
export class AggregateController {
  constructor(
    private readonly aggregates: AggregateReader,
    @Inject(CONFIG) private readonly config: Pick<AppConfig, 'maxAggregateBuckets'>,
  ) {}

  /** Figures per bucket of local time, from the best source of each day; gaps are listed. At most 5000 buckets a type. */
  @Get()
  @RequireScope('data:read')
  @Operation('get_timeseries_aggregate')
  @Answer(AggregateAnswer)
  read(@Param() { userId }: UserPath, @Query() query: AggregateParameters): Promise<AggregateView> {
    return this.aggregates.read(userId, aggregateQuery(query, this.config.maxAggregateBuckets));
  }
}
