import type { HealthBatch } from '#libs/model';
import { mapActivitySummary } from './activity-summary.mapper.js';
import { ExportContext, type ExportKind, type IsKnownSource } from './export-context.js';
import type { Attributes, ExportHandler, ExportRecord, ExportWorkout } from './export-elements.js';
import { personalFacts, type PersonalFacts } from './personal-facts.js';
import { mapRecord } from './record.mapper.js';
import { mapWorkout } from './workout.mapper.js';

export type Totals = Readonly<Record<string, number>>;

/** What the counts of some totals add up to. */
export const totalOf = (totals: Totals): number => Object.values(totals).reduce((sum, count) => sum + count, 0);

/** A workout of the batch and the archive's files that hold its route. */
export interface WorkoutRoutes {
  readonly workoutIndex: number;
  readonly paths: readonly string[];
}

/** One batch out of an export, and what became of the elements it was made of. */
export interface ExportPart {
  readonly batch: HealthBatch;
  readonly routes: readonly WorkoutRoutes[];
  /** Elements of the root, the records in correlations included, since the last part. */
  readonly elements: number;
  /** Records, workouts and stages of sleep that were found in them; an element may give several records. */
  readonly read: Readonly<Record<ExportKind, number>>;
  /** Those of them that are not in the batch, by reason. */
  readonly skipped: Readonly<Record<ExportKind, Totals>>;
  /** Elements of types that are not stored, by type. */
  readonly ignored: Totals;
  readonly person: PersonalFacts | null;
}

/** Maps elements of an export to health records; `take` cuts off what has come together. */
export class ExportMapper implements ExportHandler {
  private index = 0;
  private elements = 0;
  private workouts = 0;
  private routes: WorkoutRoutes[] = [];
  private person: PersonalFacts | null = null;
  private context: ExportContext;

  /** `skipElements`: so many from the front are passed over, because an earlier attempt has stored them. */
  constructor(
    private readonly isKnown: IsKnownSource,
    private readonly skipElements = 0,
  ) {
    this.context = new ExportContext(isKnown);
  }

  /** What has come together since the last part, in records. */
  get size(): number {
    return this.elements + this.context.extraSize;
  }

  record(record: ExportRecord): void {
    if (this.passOver()) return;
    mapRecord(record, this.index, this.context);
  }

  workout(workout: ExportWorkout): void {
    if (this.passOver()) return;
    if (!mapWorkout(workout, this.index, this.context)) return;
    if (workout.routePaths.length > 0) this.routes.push({ workoutIndex: this.workouts, paths: workout.routePaths });
    this.workouts++;
  }

  other(name: string, attributes: Attributes): void {
    if (this.passOver()) return;
    if (name === 'Me') this.person = personalFacts(attributes);
    else if (name === 'ActivitySummary') mapActivitySummary(attributes, this.index, this.context);
    else if (name !== 'ExportDate' && name !== 'Correlation') this.context.ignore(name);
  }

  take(): ExportPart {
    const { context } = this;
    const batch = context.builder.build();
    const skipped = {
      records: Object.fromEntries(context.skipped.records),
      workouts: Object.fromEntries(context.skipped.workouts),
      sleep: Object.fromEntries(context.skipped.sleep),
    };
    const part: ExportPart = {
      batch,
      routes: this.routes,
      elements: this.elements,
      read: {
        records: batch.points.length + totalOf(skipped.records),
        workouts: batch.workouts.length + totalOf(skipped.workouts),
        sleep: batch.sleepSegments.length + totalOf(skipped.sleep),
      },
      skipped,
      ignored: Object.fromEntries(context.ignored),
      person: this.person,
    };
    this.context = new ExportContext(this.isKnown);
    this.elements = this.workouts = 0;
    this.routes = [];
    this.person = null;
    return part;
  }

  private passOver(): boolean {
    if (this.index++ < this.skipElements) return true;
    this.elements++;
    return false;
  }
}
