import type { HealthBatch, MenstrualCycleInput, WorkoutInput } from '#libs/model';
import type { WriteContext } from '../write-context.js';
import { checkEvent, type EventFields } from './event-draft.js';
import { scopeOf } from './event.repository.js';
import type { ProblemLog } from './problem-log.js';
import type { Identifiable } from './record-identity.js';
import { checkNumbers } from './workout-detail.js';

const LONGEST_WORKOUT_DAYS = 30;
/** Pregnancies are delivered as cycles. */
const LONGEST_CYCLE_DAYS = 400;

/** A delivered event that can be stored, with what its kind adds. */
export interface EventDraft extends EventFields, Identifiable {
  readonly workout: { readonly input: WorkoutInput; readonly numbers: Readonly<Record<string, number | null>> } | null;
  readonly cycle: MenstrualCycleInput | null;
}

/** All storable events of a batch but sleep: workouts, menstrual cycles, other activities. */
export function eventDrafts(batch: HealthBatch, context: WriteContext, log: ProblemLog): EventDraft[] {
  return [
    ...batch.workouts.flatMap((input) => {
      const { type, durationSeconds } = input;
      const kind = { category: 'workout', type, durationSeconds, longestDays: LONGEST_WORKOUT_DAYS } as const;
      const fields = checkEvent(input, kind, context, log);
      return fields ? [draft(fields, { workout: { input, numbers: checkNumbers(input, log) } })] : [];
    }),
    ...batch.cycles.flatMap((input) => {
      const { type } = input;
      const kind = {
        category: 'menstrual_cycle',
        type,
        durationSeconds: null,
        longestDays: LONGEST_CYCLE_DAYS,
      } as const;
      const fields = checkEvent(input, kind, context, log);
      return fields ? [draft(fields, { cycle: input })] : [];
    }),
    ...batch.activities.flatMap((input) => {
      const { type, durationSeconds } = input;
      const kind = { category: 'activity', type, durationSeconds, longestDays: LONGEST_WORKOUT_DAYS } as const;
      const fields = checkEvent(input, kind, context, log);
      return fields ? [draft(fields, {})] : [];
    }),
  ];
}

const draft = (fields: EventFields, own: Partial<Pick<EventDraft, 'workout' | 'cycle'>>): EventDraft => ({
  ...fields,
  scope: scopeOf(fields.sourceId, fields.category),
  workout: null,
  cycle: null,
  ...own,
});
