import type { QueryInstant } from '#libs/model';
import type { EventListQuery } from '#libs/read';
import { WireBool, WireInstant, WireInt, WireString } from '../http/wire/wire.js';

/** What all event lists are asked with. */
export class EventListParameters {
  @WireInstant({ description: 'Events start at or after it' })
  startDate!: QueryInstant;

  @WireInstant({ description: 'Workouts and sleep end before it, cycles start before it' })
  endDate!: QueryInstant;

  @WireString({ optional: true, description: 'Cursor of another page' })
  cursor?: string;

  @WireInt({ min: 1, max: 1000, default: 50 })
  limit!: number;
}

export class WorkoutListParameters extends EventListParameters {
  @WireString({ optional: true, description: 'Text that the type contains, in any case' })
  recordType?: string;
}

export class SleepListParameters extends EventListParameters {
  @WireBool({ default: false, description: "Only the sessions of each night's best source" })
  filterByPriority!: boolean;
}

export const eventListQuery = (parameters: EventListParameters): EventListQuery => ({
  range: { start: parameters.startDate, end: parameters.endDate },
  cursor: parameters.cursor ?? null,
  limit: parameters.limit,
});
