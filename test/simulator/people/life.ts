import type { Day, Night, Workout } from './facts.js';
import { dayOf } from './days.js';
import { heartRates, type Beat } from './heart-rate.js';
import { addDays, dateMs, dateOf, datesBetween, DAY_MS, HOUR_MS } from './local-time.js';
import { napOf, nightOf } from './nights.js';
import type { Person } from './person.js';
import { workoutOf, workoutsOf } from './workouts.js';

/** From the first up to but not including the second instant. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A device thinks a night over and tells of it again. */
const REVISED_AFTER_MS = 3 * HOUR_MS;

/**
 * What has happened to one person until now, and what was changed on purpose: workouts added, things revised or
 * deleted. Everything else follows from the person and the date.
 */
export class Life {
  private readonly added = new Map<string, Pick<Workout, 'key' | 'startMs' | 'zoneMinutes'>>();
  private readonly revisions = new Map<string, number>();
  private readonly deleted = new Set<string>();

  constructor(
    readonly person: Person,
    private readonly now: () => number,
  ) {}

  /** Workouts that began in the span and are over, oldest first. */
  workouts({ fromMs, toMs }: Span): Workout[] {
    const usual = this.datesAround({ fromMs, toMs }).flatMap((date) =>
      workoutsOf(this.person, date, (key) => this.version(key)),
    );
    const extra = [...this.added.values()].map((base) =>
      workoutOf(this.person, { ...base, version: this.version(base.key) }),
    );
    return [...usual, ...extra]
      .filter(({ key, startMs, endMs }) => fromMs <= startMs && startMs < toMs && endMs <= this.now() && this.is(key))
      .sort((one, two) => one.startMs - two.startMs);
  }

  /** One workout; null when there is none of that key, or no longer. */
  workout(key: string): Workout | null {
    const base = this.added.get(key);
    const aroundMs = base?.startMs ?? dateMs(/\d{4}-\d\d-\d\d/.exec(key)?.[0] ?? '1970-01-01');
    const span = { fromMs: aroundMs - 2 * DAY_MS, toMs: aroundMs + 3 * DAY_MS };
    return this.workouts(span).find((workout) => workout.key === key) ?? null;
  }

  /** Nights that began in the span and were told of, oldest first. */
  nights({ fromMs, toMs }: Span): Night[] {
    return this.datesAround({ fromMs, toMs }).flatMap((date) => {
      const night = this.night(date);
      return night && fromMs <= night.startMs && night.startMs < toMs ? [night] : [];
    });
  }

  /** Nights and naps that began in the span and were told of, oldest first. */
  sleeps({ fromMs, toMs }: Span): Night[] {
    const naps = this.datesAround({ fromMs, toMs }).flatMap((date) => this.nap(date) ?? []);
    return [
      ...this.nights({ fromMs, toMs }),
      ...naps.filter(({ startMs }) => fromMs <= startMs && startMs < toMs),
    ].sort((one, two) => one.startMs - two.startMs);
  }

  /** The nap of a date; null without one, and while it is not told of. */
  nap(date: string): Night | null {
    const nap = napOf(this.person, date, this.version(`nap-${date}`));
    return nap === null || nap.toldAtMs > this.now() || !this.is(nap.key) ? null : nap;
  }

  /** The night that ended on a date; null while it is not told of. */
  night(date: string): Night | null {
    const told = nightOf(this.person, date, this.version(`night-${date}`));
    if (told.toldAtMs > this.now() || !this.is(told.key)) return null;
    const isSettled = told.toldAtMs + REVISED_AFTER_MS <= this.now();
    return isSettled ? nightOf(this.person, date, told.version + 1) : told;
  }

  /** Local dates from one to another as far as they have come. */
  days(first: string, last: string): Day[] {
    return datesBetween(first, last).flatMap((date) => {
      if (this.person.at(date, 0) > this.now()) return [];
      const workouts = workoutsOf(this.person, date, (key) => this.version(key));
      return [dayOf(this.person, date, workouts, this.now())];
    });
  }

  heartRates({ fromMs, toMs }: Span, everyMinutes: number): Beat[] {
    const span = { fromMs, toMs: Math.min(toMs, this.now()) };
    const around = { fromMs: fromMs - 24 * HOUR_MS, toMs: span.toMs };
    const asleep = this.datesAround(around).flatMap((date) => [
      this.night(date) ?? nightOf(this.person, date, 1),
      ...[this.nap(date) ?? napOf(this.person, date, 1) ?? []].flat(),
    ]);
    return heartRates(this.person, { ...span, everyMinutes }, asleep, this.workouts(around));
  }

  /** A further workout that begins at that instant. @returns its key */
  addWorkout(startMs: number): string {
    const key = `workout-added-${this.added.size}`;
    this.added.set(key, { key, startMs, zoneMinutes: this.person.zoneOn(dateOf(startMs)) });
    return key;
  }

  /** What has this key is told differently from now on. */
  revise(key: string): void {
    this.revisions.set(key, (this.revisions.get(key) ?? 0) + 1);
  }

  delete(key: string): void {
    this.deleted.add(key);
  }

  private version(key: string): number {
    return 1 + (this.revisions.get(key) ?? 0);
  }

  private is(key: string): boolean {
    return !this.deleted.has(key);
  }

  /** Dates whose workouts and nights may begin in the span, whatever the zone. */
  private datesAround({ fromMs, toMs }: Span): string[] {
    return datesBetween(addDays(dateOf(fromMs), -1), addDays(dateOf(Math.min(toMs, this.now())), 2));
  }
}
