import { Archivist, ArchivalSettingsStore, HealthWriter, type RunLimits } from '#libs/ingest';
import { DAY, HOUR, MINUTE, type HealthBatch, type PointInput } from '#libs/model';
import type { TestDatabase } from '../../support/database.js';
import type { GivenUser } from '../../support/given.js';
import { at, batchOf, point } from '../ingest-points/batches.js';

export const NOW = at('2026-06-20T03:00:00Z');
const START = at('2026-03-01T00:30:00Z');
const DAYS = 105;

/** March to mid June by a watch: heart rate, steps, their daily totals, a nightly sleep; zone offsets that change. */
export function corpus(): HealthBatch {
  const points: PointInput[] = [];
  const sleepSegments: HealthBatch['sleepSegments'][number][] = [];
  for (let day = 0; day < DAYS; day++) {
    const start = START + day * DAY;
    const zoneOffset = [60, 120, -660, 840][Math.floor(day / 20) % 4]!;
    for (let n = 0; n < 8; n++) {
      const recordedAt = start + n * 3 * HOUR;
      points.push(point(recordedAt, { value: 50 + n + (day % 7), zoneOffset }));
      points.push(point(recordedAt, { series: 'steps', value: 40 * n, endedAt: recordedAt + 5 * MINUTE, zoneOffset }));
    }
    points.push(point(start + 7 * HOUR, { series: 'steps', isDailyTotal: true, value: 4000 + day, zoneOffset }));
    points.push(point(start + 8 * HOUR, { series: 'weight', value: 70 + day / 100, zoneOffset }));
    sleepSegments.push({
      sourceIndex: 0,
      stage: day % 2 ? 'deep' : 'light',
      startedAt: start + 20 * HOUR,
      endedAt: start + 27 * HOUR,
      zoneOffset,
      externalId: `s-${day}`,
      sourceName: 'Demo Watch',
      score: null,
      origin: { collection: 'sleep', index: day },
    });
  }
  return batchOf(points, { sleepSegments });
}

export async function fill(test: TestDatabase, user: GivenUser, batch = corpus()): Promise<void> {
  await new HealthWriter().write(test.db, user, batch, { now: NOW });
}

export async function runArchive(
  test: TestDatabase,
  days: { archive?: number | null; deletion?: number | null },
  limits: Partial<RunLimits> = {},
) {
  const settings = new ArchivalSettingsStore(test.db);
  await settings.replace({ archiveAfterDays: days.archive ?? null, deleteAfterDays: days.deletion ?? null });
  return new Archivist(test.db, settings).run(NOW, limits);
}

export async function partitionNames(test: TestDatabase): Promise<string[]> {
  const rows = await test.db.query<{ name: string }>(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'point'::regclass ORDER BY 1`,
  );
  return rows.map((row) => row.name);
}

export async function counter(test: TestDatabase, name: string): Promise<number> {
  const [row] = await test.db.query<{ value: number }>(
    'SELECT coalesce(sum(value), 0)::bigint AS value FROM platform_counter WHERE name = $1',
    [name],
  );
  return row!.value;
}
