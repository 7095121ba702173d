import { formatInstant, type JsonObject } from '#libs/model';
import type { CloudResource } from '#libs/providers/kit';
import type { SyncFinish } from '../status/sync-status.js';
import type { PullProgress, PullRun, ResourceTally } from './pull-run.js';

type Part = CloudResource['part'];

/** What a run did, as its end says it. */
export function pullReport(
  run: PullRun,
  provider: string,
  resources: readonly CloudResource[],
  progress: PullProgress,
  lookback: string | null,
): SyncFinish & { readonly params: JsonObject } {
  const tallies = resources.flatMap((resource) => {
    const tally = progress.resources[resource.name];
    return tally ? [{ resource, tally }] : [];
  });
  const failed = tallies.filter(({ tally }) => tally.error !== undefined);
  const total = (field: 'inserted' | 'updated'): number => tallies.reduce((sum, { tally }) => sum + tally[field], 0);
  const [inserted, updated] = [total('inserted'), total('updated')];
  const status = failed.length === 0 ? 'success' : failed.length === tallies.length ? 'failed' : 'partial';
  const params = paramsOf(run, tallies);
  const skipped = skippedOf(tallies);
  const error = failed.map(({ resource, tally }) => `${resource.name}: ${tally.error}`).join('; ');
  return {
    status,
    message: messageOf(provider, status, inserted, updated, lookback),
    error: status === 'failed' ? `All sync sub-tasks failed (${error})` : status === 'partial' ? error : null,
    itemsProcessed: inserted + updated,
    metadata: {
      is_historical: run.kind === 'historical',
      params,
      ...(inserted + updated > 0 ? { inserted, updated } : {}),
      ...(lookback === null ? {} : { lookback }),
      ...(skipped === null ? {} : { skipped }),
    },
    params,
  };
}

function messageOf(
  provider: string,
  status: 'success' | 'partial' | 'failed',
  inserted: number,
  updated: number,
  lookback: string | null,
): string {
  if (status === 'failed') return `Sync from ${provider} failed`;
  const end = status === 'partial' ? 'completed with errors' : 'completed';
  const counts = inserted + updated > 0 ? ` · ${inserted} new, ${updated} updated` : '';
  return `Sync from ${provider} ${end}${counts}${lookback === null ? '' : ` · lookback ${lookback}`}`;
}

interface Told {
  readonly resource: CloudResource;
  readonly tally: ResourceTally;
}

/** The two parts of a sync as clients know them. */
export function paramsOf(run: Pick<PullRun, 'start' | 'end'>, tallies: readonly Told[]): JsonObject {
  const [workouts, others] = [of('workouts', tallies), of('data_247', tallies)];
  const window = {
    start_date: run.start === null ? null : formatInstant(run.start),
    end_date: run.end === null ? null : formatInstant(run.end),
  };
  return {
    ...(workouts.length === 0 ? {} : { workouts: workoutsPart(workouts, window) }),
    ...(others.length === 0 ? {} : { data_247: othersPart(others) }),
  };
}

const of = (part: Part, tallies: readonly Told[]): Told[] => tallies.filter(({ resource }) => resource.part === part);

function workoutsPart(tallies: readonly Told[], window: JsonObject): JsonObject {
  const errors = errorsOf(tallies);
  if (errors !== null) return { success: false, error: Object.values(errors).join('; '), ...window };
  return { success: tallies.reduce((sum, { tally }) => sum + tally.records, 0), ...window };
}

/** `success` is false only when all of it failed. */
function othersPart(tallies: readonly Told[]): JsonObject {
  const errors = errorsOf(tallies);
  const counts = Object.fromEntries(
    tallies.map(({ resource, tally }) => [resource.resultKey ?? resource.name, tally.inserted + tally.updated]),
  );
  const hasAny = tallies.some(({ tally }) => tally.error === undefined);
  return { success: hasAny, saved: hasAny, ...counts, ...(errors === null ? {} : { errors }) };
}

/** What was left out, by resource and reason; null when there was no such thing. */
function skippedOf(tallies: readonly Told[]): JsonObject | null {
  const entries = tallies.flatMap(({ resource, tally: { skipped = {} } }) =>
    Object.keys(skipped).length === 0 ? [] : [[resource.name, skipped] as const],
  );
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

function errorsOf(tallies: readonly Told[]): Record<string, string> | null {
  const failed = tallies.flatMap(({ resource, tally }) =>
    tally.error === undefined ? [] : [[resource.name, tally.error] as const],
  );
  return failed.length === 0 ? null : Object.fromEntries(failed);
}

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
] as const;

/** `1d12h30m`, zero parts omitted; null for none. */
export function lookbackText(seconds: number): string | null {
  if (seconds === 0) return null;
  let rest = seconds;
  return UNITS.map(([unit, length]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return count === 0 ? '' : `${count}${unit}`;
  }).join('');
}
