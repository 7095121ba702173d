import type { HealthBatch } from '#libs/model';
import { ExportContext, type ExportKind, type IsKnownSource } from './export-context.js';
import type { Attributes, ExportHandler, ExportRecord, ExportWorkout } from './export-elements.js';
import { personalFacts, type PersonalFacts } from './personal-facts.js';
import { mapRecord } from './record.mapper.js';
import { mapWorkout } from './workout.mapper.js';

export type Totals = Readonly<Record<string, number>>;

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
  /** Elements of types that are stored. */
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
  private inBatch = 0;
  private workouts = 0;
  private read = { records: 0, workouts: 0, sleep: 0 };
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

  /** Elements since the last part that something was made of. */
  get size(): number {
    return this.inBatch;
  }

  record(record: ExportRecord): void {
    if (this.passOver()) return;
    const kind = mapRecord(record, this.index, this.context);
    if (kind === null) return;
    this.read[kind]++;
    this.inBatch++;
  }

  workout(workout: ExportWorkout): void {
    if (this.passOver()) return;
    this.read.workouts++;
    this.inBatch++;
    if (!mapWorkout(workout, this.index, this.context)) return;
    if (workout.routePaths.length > 0) this.routes.push({ workoutIndex: this.workouts, paths: workout.routePaths });
    this.workouts++;
  }

  other(name: string, attributes: Attributes): void {
    if (this.passOver()) return;
    if (name === 'Me') this.person = personalFacts(attributes);
    else if (name !== 'ExportDate' && name !== 'Correlation') this.context.ignore(name);
  }

  take(): ExportPart {
    const { context } = this;
    const part: ExportPart = {
      batch: context.builder.build(),
      routes: this.routes,
      elements: this.elements,
      read: this.read,
      skipped: {
        records: Object.fromEntries(context.skipped.records),
        workouts: Object.fromEntries(context.skipped.workouts),
        sleep: Object.fromEntries(context.skipped.sleep),
      },
      ignored: Object.fromEntries(context.ignored),
      person: this.person,
    };
    this.context = new ExportContext(this.isKnown);
    this.read = { records: 0, workouts: 0, sleep: 0 };
    this.elements = this.inBatch = this.workouts = 0;
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
