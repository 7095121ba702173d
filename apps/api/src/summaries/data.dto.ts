import type { QueryInstant } from '#libs/model';
import type { CountRange, DataCounts, ProviderCounts } from '#libs/read';
import { Shown } from '../http/shown.js';
import { WireInstant } from '../http/wire/wire.js';

export class DataParameters {
  @WireInstant({ optional: true, description: 'First instant that counts' })
  startDate?: QueryInstant;

  @WireInstant({ optional: true, description: 'First instant that counts no more' })
  endDate?: QueryInstant;
}

export const countRange = ({ startDate, endDate }: DataParameters): CountRange => ({
  start: startDate?.instant ?? null,
  end: endDate?.instant ?? null,
});

class ProviderCountsAnswer implements ProviderCounts {
  @Shown.text()
  provider!: string;

  @Shown.int()
  data_points!: number;

  @Shown.mapOf('integer')
  series_counts!: Record<string, number>;

  @Shown.int()
  workout_count!: number;

  @Shown.int()
  sleep_count!: number;
}

export class DataSummaryAnswer implements DataCounts {
  @Shown.uuid()
  user_id!: string;

  @Shown.int()
  total_data_points!: number;

  @Shown.int()
  total_workouts!: number;

  @Shown.int()
  total_sleep_events!: number;

  @Shown.mapOf('integer')
  series_type_counts!: Record<string, number>;

  @Shown.mapOf('integer')
  workout_type_counts!: Record<string, number>;

  @Shown.list(() => ProviderCountsAnswer)
  by_provider!: ProviderCountsAnswer[];

  @Shown.flag()
  has_womens_health_data!: boolean;
}
