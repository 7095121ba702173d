/** Rows to answers: timeseries, events, data sources and counts, in the shapes of the wire. */
export {
  AGGREGATE_BUCKETS,
  AGGREGATE_FUNCTIONS,
  type AggregateBucket,
  type AggregateBucketView,
  type AggregateFunction,
  type AggregateQuery,
  type AggregateSeriesView,
  type AggregateView,
} from './aggregate/aggregate-query.js';
export { AggregateReader } from './aggregate/aggregate.reader.js';
export * from './counts/data-counts.reader.js';
export * from './dashboard/dashboard.reader.js';
export * from './data-sources/data-source.reader.js';
export type { MenstrualCycleView } from './events/cycle-view.js';
export type { EventListQuery } from './events/event-list.js';
export * from './events/menstrual-cycle.reader.js';
export type { RouteFeature, RouteProperties } from './events/route-feature.js';
export type { SleepDetailView, SleepStageIntervalView, SleepStagesView, SleepView } from './events/sleep-view.js';
export * from './events/sleep.reader.js';
export { averagePace, type WorkoutDetailView, type WorkoutView } from './events/workout-view.js';
export * from './events/workout.reader.js';
export * from './paging/cursor.js';
export * from './paging/page.js';
export type { QueryRange } from './query-range.js';
export * from './read.module.js';
export * from './source-ranking.js';
export * from './scores/health-score.reader.js';
export type { BloodPressureView, BodySummaryView } from './summaries/body-view.js';
export type { ExplanationView, MetricChoiceView } from './summaries/explanation.js';
export { CHOICE_REASONS, type ChoiceReason } from './summaries/source-choice.js';
export { ActivitySummaryReader } from './summaries/activity-summary.reader.js';
export { BodySummaryReader } from './summaries/body-summary.reader.js';
export { RecoverySummaryReader } from './summaries/recovery-summary.reader.js';
export { SleepSummaryReader } from './summaries/sleep-summary.reader.js';
export { type SummaryQuery, Summaries } from './summaries/summaries.js';
export type * from './summaries/summary-views.js';
export { type SourceColumns, type SourceView, sourceView } from './source/source-view.js';
export { type Resolution, RESOLUTIONS } from './timeseries/resolution.js';
export * from './timeseries/timeseries.reader.js';
export * from './user-finder.js';
