import type { LocalDate } from '#libs/model';
import type { RankedSource, RankedSources } from './ranked-sources.js';
import { type Choice, chooseSource } from './source-choice.js';

/** One sleep event of a night as `sleepNightsSql` returns it. */
export interface SleepEventRow extends Record<string, unknown> {
  id: string;
  source_id: string;
  local_date: LocalDate;
  started_at: string;
  ended_at: string;
  zone_offset: number | null;
  duration_seconds: number | null;
  total_minutes: number | null;
  time_in_bed_minutes: number | null;
  efficiency_percent: number | null;
  deep_minutes: number | null;
  rem_minutes: number | null;
  light_minutes: number | null;
  awake_minutes: number | null;
  is_nap: boolean | null;
}

/** One night of the winning source. */
export interface SleepNight {
  readonly date: LocalDate;
  /** Smallest event id of the night; part of the cursor. */
  readonly recordId: string;
  readonly source: RankedSource;
  readonly choice: Choice;
  /** All sessions of the winning source by start, naps included. */
  readonly events: readonly SleepEventRow[];
  readonly main: readonly SleepEventRow[];
  /** Longest main session, the earliest of equals. */
  readonly longest: SleepEventRow | null;
  readonly mainSeconds: number;
  readonly napCount: number | null;
  readonly napMinutes: number | null;
  readonly timeInBedMinutes: number | null;
  readonly efficiencyPercent: number | null;
  readonly stages: {
    readonly awake: number | null;
    readonly light: number | null;
    readonly deep: number | null;
    readonly rem: number | null;
  } | null;
}

const isNap = (event: SleepEventRow): boolean => event.is_nap === true;

/** Net sleep of a main session: stage total where known, else its length. Unit s. */
const mainSecondsOf = (event: SleepEventRow): number =>
  event.total_minutes !== null ? event.total_minutes * 60 : (event.duration_seconds ?? 0);

/** Length a session is listed with. Unit s. */
export const sessionSeconds = (event: SleepEventRow): number =>
  isNap(event) ? (event.duration_seconds ?? 0) : mainSecondsOf(event);

const sumOrNull = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
};

/**
 * A night out of all events that end on one local date, in order of their start. The night is taken whole from the best
 * source that has a main session; a source with naps alone wins only where nobody has more. Null when none of the sources
 * is known.
 */
export function sleepNight(events: readonly SleepEventRow[], sources: RankedSources): SleepNight | null {
  const bySource = new Map<string, SleepEventRow[]>();
  for (const event of events) bySource.set(event.source_id, [...(bySource.get(event.source_id) ?? []), event]);
  const candidates = [...bySource].flatMap(([sourceId, rows]) => {
    const rank = sources.get(sourceId);
    return rank ? [{ rows, rank }] : [];
  });
  candidates.sort((a, b) => a.rank.position - b.rank.position);
  const found = chooseSource(
    candidates,
    () => true,
    ({ rows }) => rows.every(isNap),
  );
  if (!found) return null;
  const own = found.winner.rows;
  const main = own.filter((event) => !isNap(event));
  const naps = own.filter(isNap);
  const napSeconds = sumOrNull(naps.map((nap) => nap.duration_seconds));
  return {
    date: own[0]!.local_date,
    recordId: own.map((event) => event.id).sort()[0]!,
    source: found.winner.rank,
    choice: found.choice,
    events: own,
    main,
    longest: longestOf(main),
    mainSeconds: main.reduce((total, event) => total + mainSecondsOf(event), 0),
    napCount: own.every((event) => event.is_nap === null) ? null : naps.length,
    napMinutes: naps.length === 0 ? 0 : napSeconds === null ? null : Math.trunc(napSeconds / 60),
    timeInBedMinutes: sumOrNull(main.map((event) => event.time_in_bed_minutes)),
    efficiencyPercent: weightedEfficiency(main),
    stages: stagesOf(main),
  };
}

function longestOf(main: readonly SleepEventRow[]): SleepEventRow | null {
  let longest: SleepEventRow | null = null;
  for (const event of main) {
    if (!longest || (event.duration_seconds ?? 0) > (longest.duration_seconds ?? 0)) longest = event;
  }
  return longest;
}

function weightedEfficiency(main: readonly SleepEventRow[]): number | null {
  const scored = main.filter((event) => event.efficiency_percent !== null);
  const seconds = scored.reduce((total, event) => total + (event.duration_seconds ?? 0), 0);
  if (seconds === 0) return null;
  const weighted = scored.reduce(
    (total, event) => total + (event.efficiency_percent ?? 0) * (event.duration_seconds ?? 0),
    0,
  );
  return Math.min(weighted / seconds, 100);
}

function stagesOf(main: readonly SleepEventRow[]): SleepNight['stages'] {
  const stages = {
    awake: sumOrNull(main.map((event) => event.awake_minutes)),
    light: sumOrNull(main.map((event) => event.light_minutes)),
    deep: sumOrNull(main.map((event) => event.deep_minutes)),
    rem: sumOrNull(main.map((event) => event.rem_minutes)),
  };
  return Object.values(stages).every((minutes) => minutes === null) ? null : stages;
}
