import { Module } from '@nestjs/common';
import { AggregateReader } from './aggregate/aggregate.reader.js';
import { DataCountsReader } from './counts/data-counts.reader.js';
import { DashboardReader } from './dashboard/dashboard.reader.js';
import { DataSourceReader } from './data-sources/data-source.reader.js';
import { MenstrualCycleReader } from './events/menstrual-cycle.reader.js';
import { SleepReader } from './events/sleep.reader.js';
import { WorkoutReader } from './events/workout.reader.js';
import { HealthScoreReader } from './scores/health-score.reader.js';
import { ActivitySummaryReader } from './summaries/activity-summary.reader.js';
import { BodySummaryReader } from './summaries/body-summary.reader.js';
import { RecoverySummaryReader } from './summaries/recovery-summary.reader.js';
import { SleepSummaryReader } from './summaries/sleep-summary.reader.js';
import { Summaries } from './summaries/summaries.js';
import { TimeseriesReader } from './timeseries/timeseries.reader.js';
import { UserFinder } from './user-finder.js';

const READERS = [
  AggregateReader,
  DashboardReader,
  TimeseriesReader,
  WorkoutReader,
  SleepReader,
  MenstrualCycleReader,
  DataSourceReader,
  DataCountsReader,
  HealthScoreReader,
  UserFinder,
  Summaries,
];

const SUMMARY_PARTS = [ActivitySummaryReader, SleepSummaryReader, RecoverySummaryReader, BodySummaryReader];

/** The read side; needs `Database` from the surrounding application. */
@Module({ providers: [...READERS, ...SUMMARY_PARTS], exports: READERS })
export class ReadModule {}
