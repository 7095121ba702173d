import type { QueryInstant } from '#libs/model';
import type { SummaryQuery } from '#libs/read';
import { WireBool, WireInstant, WireInt, WireString } from '../http/wire/wire.js';

export class SummaryParameters {
  @WireInstant({ description: 'First local date; the time of day is dropped' })
  startDate!: QueryInstant;

  @WireInstant({ description: 'First local date after the range; the time of day is dropped' })
  endDate!: QueryInstant;

  @WireString({ optional: true, description: 'Cursor of another page' })
  cursor?: string;

  @WireInt({ min: 1, max: 1000, default: 50 })
  limit!: number;

  @WireBool({ default: false, description: 'Adds which source won each metric, and why' })
  explain!: boolean;
}

export const summaryQuery = (parameters: SummaryParameters): SummaryQuery => ({
  range: { start: parameters.startDate, end: parameters.endDate },
  cursor: parameters.cursor ?? null,
  limit: parameters.limit,
  explain: parameters.explain,
});

export class RecoveryParameters {
  @WireInstant({ description: 'First instant of the range' })
  startDate!: QueryInstant;

  @WireInstant({ description: 'First instant after the range' })
  endDate!: QueryInstant;

  @WireString({ optional: true, description: 'Cursor of another page' })
  cursor?: string;

  @WireInt({ min: 1, max: 1000, default: 50 })
  limit!: number;

  @WireBool({ default: false, description: 'Adds which source won, and why' })
  explain!: boolean;
}
