import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  ArchivalTasks,
  Archivist,
  ArchivalSettingsStore,
  HealthEraser,
  HealthWriter,
  verifyRollups,
} from '#libs/ingest';
import { AggregateReader, DataCountsReader, UserFinder } from '#libs/read';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given, type GivenUser } from '../../support/given.js';
import { batchOf, point } from '../ingest-points/batches.js';
import { rangeOf } from '../read/ranges.js';
import { summariesOf } from '../summaries/world.js';
import { corpus, counter, fill, NOW, partitionNames, runArchive } from './corpus.js';

jest.setTimeout(120_000);

let test: TestDatabase;
let user: GivenUser;
let other: GivenUser;

beforeEach(async () => {
  test = await openTestDatabase();
  user = await given(test.db).user();
  other = await given(test.db).user();
});
afterEach(() => test.close());

const RANGE = rangeOf('2026-01-01', '2027-01-01');
const QUERY = { range: RANGE, cursor: null, limit: 400, explain: false };

/** What every summary says, and the daily aggregation. */
async function answers(of: GivenUser): Promise<Record<string, unknown>> {
  const summaries = summariesOf(test.db);
  return {
    activity: await summaries.activity(of.id, { ...QUERY, sortOrder: 'asc' }),
    sleep: await summaries.sleep(of.id, QUERY),
    recovery: await summaries.recovery(of.id, QUERY),
    body: await summaries.body(of.id, { now: NOW, averagePeriodDays: 7, latestWindowHours: 24, explain: false }),
    days: await new AggregateReader(test.db, new UserFinder(test.db)).read(of.id, {
      range: RANGE,
      types: ['heart_rate', 'steps', 'weight'],
      bucket: 'day',
      functions: ['avg', 'min', 'max', 'sum', 'count', 'last'],
      timeZone: null,
      maxBuckets: 5000,
    }),
  };
}

const noDifferences = async (): Promise<void> => {
  const { checked, differences } = await verifyRollups(test.db);
  expect(differences).toEqual([]);
  expect(checked).toBeGreaterThan(0);
};

const pointsOf = async (of: GivenUser): Promise<{ points: number; first: string | null; claimed: number }> => {
  const [row] = await test.db.query<{ points: number; first: string | null; claimed: number }>(
    `SELECT (SELECT count(*) FROM point WHERE user_key = $1) AS points,
       (SELECT min(recorded_at + coalesce(zone_offset, 0) * interval '1 minute') FROM point WHERE user_key = $1) AS first,
       (SELECT sum(point_count)::bigint FROM stream WHERE user_key = $1) AS claimed`,
    [of.key],
  );
  return row!;
};

describe('archiving', () => {
  it('drops months and the rest by local date, and no summary notices', async () => {
    await fill(test, user);
    await fill(test, other);
    const before = await answers(user);
    expect(await counter(test, 'points')).toBe((await pointsOf(user)).points * 2);

    // Cutoff 2026-05-21: March and April go as partitions.
    const report = await runArchive(test, { archive: 30 });
    expect(report).toMatchObject({ partitions_dropped: 2, rollups_deleted: 0, is_complete: true });
    expect(await partitionNames(test)).toEqual(['point_2026_05', 'point_2026_06']);
    const left = await pointsOf(user);
    expect(left.first! >= '2026-05-21').toBe(true);
    expect(left.first! < '2026-05-22').toBe(true);
    expect(left.claimed).toBe(left.points);
    expect(await counter(test, 'points')).toBe(left.points * 2);
    expect(await counter(test, 'archived_rollups')).toBe(report!.rollups_archived);
    const [marked] = await test.db.query<{ wrong: number }>(
      `SELECT count(*) AS wrong FROM rollup WHERE archived <> (local_date < '2026-05-21')`,
    );
    expect(marked!.wrong).toBe(0);
    expect(await answers(user)).toEqual(before);
    await noDifferences();
    const counts = await new DataCountsReader(test.db).read(user.id, { start: null, end: null });
    expect(counts.total_data_points).toBe(left.points);
    expect(counts.total_sleep_events).toBeGreaterThan(100);
  });

  it('run again changes nothing', async () => {
    await fill(test, user);
    await runArchive(test, { archive: 30 });
    const before = await answers(user);
    expect(await runArchive(test, { archive: 30 })).toEqual({
      partitions_dropped: 0,
      points_dropped: 0,
      rollups_archived: 0,
      rollups_deleted: 0,
      is_complete: true,
    });
    expect(await answers(user)).toEqual(before);
  });

  it('stopped after any step is whole, and goes on', async () => {
    await fill(test, user);
    await fill(test, other);
    const before = await answers(user);
    let steps = 0;
    for (let isComplete = false; !isComplete; steps++) {
      expect(steps).toBeLessThan(100);
      let time = 0;
      // Time for exactly one step.
      const report = await runArchive(
        test,
        { archive: 30, deletion: 100 },
        { clock: () => time++ * 600, seconds: 1, pointsPerBatch: 60 },
      );
      isComplete = report!.is_complete;
      await noDifferences();
    }
    expect(steps).toBeGreaterThan(5);
    const { activity } = (await answers(user)) as { activity: { data: { date: string }[] } };
    const all = before['activity'] as { data: { date: string }[] };
    // Deleted before 2026-03-12.
    expect(activity.data).toEqual(all.data.filter(({ date }) => date >= '2026-03-12'));
    expect(activity.data.length).toBeLessThan(all.data.length);
  });

  it('keeps the last week whatever the setting says', async () => {
    await fill(test, user);
    await runArchive(test, { archive: 1 });
    expect((await pointsOf(user)).first!.slice(0, 10)).toBe('2026-06-12');
    await noDifferences();
  });

  it('is refused where deletion comes first', async () => {
    const settings = new ArchivalSettingsStore(test.db);
    const detail = 'delete_after_days must be greater than archive_after_days';
    await expect(settings.replace({ archiveAfterDays: 30, deleteAfterDays: 30 })).rejects.toMatchObject({
      status: 400,
      detail,
    });
    expect(await settings.get()).toEqual({ archiveAfterDays: null, deleteAfterDays: null });
  });

  it('does nothing when nothing is set, and nothing while another run is under way', async () => {
    await fill(test, user);
    const settings = new ArchivalSettingsStore(test.db);
    const archivist = new Archivist(test.db, settings);
    expect(await archivist.run(NOW)).toMatchObject({ points_dropped: 0, is_complete: true });
    await test.db.tryExclusive(3, 'archive', async () => expect(await archivist.run(NOW)).toBeNull());
  });
});

describe('deletion', () => {
  it('without archiving takes points, rollups and vitals before its date', async () => {
    await fill(test, user);
    const report = await runArchive(test, { deletion: 30 });
    expect(report).toMatchObject({ partitions_dropped: 2, is_complete: true });
    expect(report!.rollups_deleted).toBe(report!.rollups_archived);
    const [rollups] = await test.db.query<{ first: string }>('SELECT min(local_date) AS first FROM rollup');
    expect(rollups!.first).toBe('2026-05-21');
    expect(await counter(test, 'archived_rollups')).toBe(0);
    const [vitals] = await test.db.query<{ early: number; late: number }>(
      `SELECT count(*) FILTER (WHERE e.local_date < '2026-05-20') AS early,
         count(*) FILTER (WHERE e.local_date > '2026-05-22') AS late
       FROM event_vital v JOIN event e ON e.user_key = v.user_key AND e.id = v.event_id`,
    );
    expect(vitals!.early).toBe(0);
    expect(vitals!.late).toBeGreaterThan(10);
    await noDifferences();
  });
});

describe('late data', () => {
  const write = (...points: Parameters<typeof point>[]) =>
    writer.write(test.db, user, batchOf(points.map((args) => point(...args))), { now: NOW });
  const writer = new HealthWriter();

  it('for an archived day is ignored, a late total replaces, a day without rollup is stored in a new partition', async () => {
    await write(['2026-03-05T10:00:00Z'], ['2026-03-05T00:00:00Z', { series: 'steps', isDailyTotal: true, value: 7 }]);
    await runArchive(test, { archive: 30 });
    expect(await partitionNames(test)).toEqual([]);
    const late = await write(
      ['2026-03-05T10:00:00Z', { value: 99 }],
      ['2026-03-05T00:00:00Z', { series: 'steps', isDailyTotal: true, value: 9 }],
    );
    expect(late.points).toEqual({ inserted: 0, updated: 1, unchanged: 0 });
    expect(late.problems).toHaveLength(1);
    // The writer that knew the partition makes it again.
    expect((await write(['2026-03-06T10:00:00Z', { value: 70 }])).points.inserted).toBe(1);
    expect(await partitionNames(test)).toEqual(['point_2026_03']);
    await noDifferences();
    expect(await runArchive(test, { archive: 30 })).toMatchObject({ points_dropped: 1, partitions_dropped: 1 });
    await noDifferences();
    expect(await counter(test, 'archived_rollups')).toBe(3);
  });

  it('written while a partition is being dropped is in the rollups, or is told to be too late', async () => {
    await fill(test, user);
    const writers = [new HealthWriter(), new HealthWriter()];
    let inserted = 0;
    let isOver = false;
    const write = async (n: number): Promise<void> => {
      for (let turn = 0; !isOver || turn < 3; turn++) {
        const points = Array.from({ length: 20 }, (_, i) =>
          point(
            `2026-0${3 + (i % 3)}-${String(1 + ((turn + i) % 28)).padStart(2, '0')}T1${n}:00:${String(turn % 60).padStart(2, '0')}Z`,
            {
              sourceIndex: 1,
              value: 1,
              zoneOffset: i % 2 ? 840 : -660,
            },
          ),
        );
        const report = await writers[n]!.write(test.db, n ? user : other, batchOf(points), { now: NOW });
        inserted += report.points.inserted;
        if (turn > 200) return;
      }
    };
    const writing = [write(0), write(1)];
    const report = await runArchive(test, { archive: 30 }, { pointsPerBatch: 50 });
    isOver = true;
    await Promise.all(writing);
    expect(report!.points_dropped).toBeGreaterThan(0);
    await noDifferences();
    const [stored] = await test.db.query<{ points: number }>(
      `SELECT sum(r.point_count)::bigint AS points FROM rollup r
       JOIN stream s ON s.user_key = r.user_key AND s.id = r.stream_id
       JOIN data_source d ON d.id = s.source_id WHERE d.device_model = 'iPhone17,2'`,
    );
    expect(stored!.points).toBe(inserted);
  });

  it('of a writer that came first is waited for', async () => {
    await fill(test, user);
    let archiving: ReturnType<typeof runArchive> | undefined;
    const batch = batchOf([point('2026-03-10T10:10:10Z', { sourceIndex: 1 })]);
    await writer.write(test.db, user, batch, {
      now: NOW,
      within: async () => {
        archiving = runArchive(test, { archive: 30 });
        await Promise.race([archiving, new Promise((resolve) => setTimeout(resolve, 200))]);
      },
    });
    expect((await archiving)!.is_complete).toBe(true);
    const [row] = await test.db.query<{ points: number; archived: boolean }>(
      `SELECT r.point_count AS points, r.archived FROM rollup r JOIN stream s ON s.id = r.stream_id
       JOIN data_source d ON d.id = s.source_id WHERE d.device_model = 'iPhone17,2'`,
    );
    expect(row).toEqual({ points: 1, archived: true });
    await noDifferences();
  });
});

it('erasing a provider takes its archived rollups out of the total', async () => {
  await fill(test, user, corpus());
  await runArchive(test, { archive: 30 });
  expect(await counter(test, 'archived_rollups')).toBeGreaterThan(0);
  await new HealthEraser(test.db).deleteProviderData(user, 'apple');
  expect(await counter(test, 'archived_rollups')).toBe(0);
  await noDifferences();
});

describe('tasks', () => {
  const stateOf = async (id: string) =>
    (await test.db.query('SELECT state, result, error FROM task WHERE id = $1', [id]))[0];

  it('succeed with the report, wait for another run, or fail without its words', async () => {
    const tasks = new ArchivalTasks(test.db);
    const id = await tasks.open();
    await tasks.track(async () => null);
    expect(await stateOf(id)).toMatchObject({ state: 'queued' });
    const report = await tasks.track(() => runArchive(test, { archive: 30 }));
    expect(await stateOf(id)).toMatchObject({ state: 'succeeded', result: report, error: null });
    const failed = await tasks.open();
    await expect(tasks.track(() => Promise.reject(new Error('secret')))).rejects.toThrow('secret');
    expect(await stateOf(failed)).toEqual({ state: 'failed', result: null, error: 'Archiving failed' });
  });
});
