import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequireScope } from '#libs/identity';
import { instantFromDate } from '#libs/model';
import {
  type ActivitySummaryView,
  type BodySummaryView,
  type DataCounts,
  DataCountsReader,
  type Paged,
  type RecoverySummaryView,
  type SleepSummaryView,
  Summaries,
} from '#libs/read';
import { Answer, Operation } from '../http/answer.js';
import { UserPath } from '../http/paths.dto.js';
import { ActivityParameters, ActivitySummaryPageAnswer } from './activity.dto.js';
import { BodyParameters, BodySummaryAnswer } from './body.dto.js';
import { countRange, DataParameters, DataSummaryAnswer } from './data.dto.js';
import { RecoverySummaryPageAnswer } from './recovery.dto.js';
import { SleepSummaryPageAnswer } from './sleep.dto.js';
import { RecoveryParameters, SummaryParameters, summaryQuery } from './summary-query.dto.js';

@ApiTags('External: Summaries')
@Controller('users/:user_id/summaries')
@RequireScope('data:read')
export class SummariesController {
  constructor(
    private readonly summaries: Summaries,
    private readonly counts: DataCountsReader,
  ) {}

  @Get('activity')
  @Operation('get_activity_summary')
  @Answer(ActivitySummaryPageAnswer)
  activity(@Param() { userId }: UserPath, @Query() query: ActivityParameters): Promise<Paged<ActivitySummaryView>> {
    return this.summaries.activity(userId, { ...summaryQuery(query), sortOrder: query.sortOrder });
  }

  @Get('sleep')
  @Operation('get_sleep_summary')
  @Answer(SleepSummaryPageAnswer)
  sleep(@Param() { userId }: UserPath, @Query() query: SummaryParameters): Promise<Paged<SleepSummaryView>> {
    return this.summaries.sleep(userId, summaryQuery(query));
  }

  @Get('recovery')
  @Operation('get_recovery_summary')
  @Answer(RecoverySummaryPageAnswer)
  recovery(@Param() { userId }: UserPath, @Query() query: RecoveryParameters): Promise<Paged<RecoverySummaryView>> {
    return this.summaries.recovery(userId, summaryQuery(query));
  }

  @Get('body')
  @Operation('get_body_summary')
  @Answer(BodySummaryAnswer, 200, { nullable: true })
  body(@Param() { userId }: UserPath, @Query() query: BodyParameters): Promise<BodySummaryView | null> {
    return this.summaries.body(userId, {
      averagePeriodDays: query.averagePeriod,
      latestWindowHours: query.latestWindowHours,
      explain: query.explain,
      now: instantFromDate(new Date()),
    });
  }

  @Get('data')
  @Operation('get_data_summary')
  @Answer(DataSummaryAnswer)
  data(@Param() { userId }: UserPath, @Query() query: DataParameters): Promise<DataCounts> {
    return this.counts.read(userId, countRange(query));
  }
}
