import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nameOfPlan, type Session, type Sql, type UserRef } from '#libs/database';
import type { HealthBatch } from '#libs/model';
import { batch, cycle, onNight, point, score, session, workedExample, workout } from './batches.js';
import { Fixture, NOW } from './fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.open();
  // The first write makes the month's partition.
  await fixture.write(await fixture.user(), rich('05:00'));
  await seedOtherUsers();
}, 120_000);
afterAll(() => fixture.close());

const BIG_TABLES = ['point_\\w+', 'event', 'rollup', 'stream', 'sleep_fragment', 'health_score', 'event_tombstone'];
const SCAN_OF_BIG_TABLE = new RegExp(`Seq Scan on (${BIG_TABLES.join('|')})\\b.*`, 'g');

/** Everything at once, with an interesting past: a night that grows, a session that moves, changed details. */
const rich = (end: string): HealthBatch =>
  batch({
    provider: 'samsung',
    workouts: [workout({ detail: { samples: [{ end }] } })],
    cycles: [cycle({ detail: { end } })],
    sleepSegments: workedExample().map((part, i) => ({ ...part, score: 70 + i, externalId: end })),
    sleepSessions: [session('22:00', end, { externalId: 'n', sourceIndex: 0 })],
    scores: [score({ sleepStartedAt: onNight('2026-03-01', '22:00'), qualifier: end })],
    points: [point('heart_rate', onNight('2026-03-01', end), 50)],
  });

describe('statements of a write', () => {
  it('find their rows by index', async () => {
    const user = await fixture.user();
    await fixture.write(user, rich('05:00'));
    const plans = await plansOf(user, rich('06:00'));
    const tables = ['event', 'workout_detail', 'sleep_detail', 'event_vital', 'health_score', 'sleep_fragment'];
    for (const table of tables) expect([...plans.keys()].join()).toContain(table);
    const scans = [...plans].flatMap(([statement, plan]) =>
      (plan.match(SCAN_OF_BIG_TABLE) ?? []).map((scan) => `${scan} in ${statement}`),
    );
    expect(scans).toEqual([]);
  });

  it('find them by index when data is deleted', async () => {
    const { db } = fixture.test;
    const scans: string[] = [];
    for (const table of ['event', 'sleep_fragment', 'event_tombstone', 'health_score']) {
      const rows = await db.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN DELETE FROM ${table} WHERE user_key = 1 AND source_id = gen_random_uuid()`,
      );
      scans.push(
        ...(rows
          .map((row) => row['QUERY PLAN'])
          .join('\n')
          .match(SCAN_OF_BIG_TABLE) ?? []),
      );
    }
    expect(scans).toEqual([]);
  });
});

/** Writes `what` and answers the plan of every statement on the way. */
async function plansOf(user: UserRef, what: HealthBatch): Promise<Map<string, string>> {
  const { db } = fixture.test;
  const plans = new Map<string, string>();
  const watched = (sql: Sql): Sql => ({
    query: async (text, values) => {
      if (/^\s*(SELECT|WITH|INSERT|UPDATE|DELETE)\b/.test(text)) {
        const rows = await sql.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, values);
        // A statement that is planned once may get its plan for all values.
        if (nameOfPlan(text))
          rows.push(...(await sql.query<{ 'QUERY PLAN': string }>(`EXPLAIN (GENERIC_PLAN) ${text}`)));
        plans.set(text, rows.map((row) => row['QUERY PLAN']).join('\n'));
      }
      return sql.query(text, values);
    },
  });
  const watchedSession: Session = {
    ...watched(db),
    transaction: (work) => db.transaction((sql) => work(watched(sql))),
  };
  await fixture.writer.write(watchedSession, user, what, { now: NOW });
  return plans;
}

/** Enough of other people's data that reading a whole table is never the cheap way. */
async function seedOtherUsers(): Promise<void> {
  const { db } = fixture.test;
  await db.query(`INSERT INTO users (id) SELECT gen_random_uuid() FROM generate_series(1, 100)`);
  await db.query(`
    INSERT INTO data_source (id, user_key, provider)
    SELECT gen_random_uuid(), key, 'suunto' FROM users u WHERE NOT EXISTS (SELECT FROM data_source WHERE user_key = u.key)`);
  await db.query(`
    INSERT INTO event (user_key, id, source_id, category, source_name, started_at, ended_at, local_date)
    SELECT user_key, gen_random_uuid(), id, 'sleep', 'x', t, t + interval '8 hours', t::date
    FROM data_source, generate_series(timestamptz '2026-01-01T22:00Z', '2026-04-01', '1 day') AS t
    WHERE provider = 'suunto'`);
  await db.query(`
    INSERT INTO stream (user_key, source_id, series_type, is_daily_total)
    SELECT user_key, id, n, false FROM data_source, generate_series(1, 20) AS n WHERE provider = 'suunto'`);
  await db.query(`
    INSERT INTO rollup (user_key, stream_id, local_date, point_count, sum_value, min_value, max_value, first_value,
      first_at, last_value, last_at, archived)
    SELECT user_key, id, '2026-01-01'::date + n, 1, 1, 1, 1, 1, now(), 1, now(), true
    FROM stream, generate_series(0, 9) AS n WHERE first_at IS NULL`);
  await db.query(`
    INSERT INTO point (user_key, stream_id, recorded_at, value)
    SELECT user_key, id, t, 60 FROM stream, generate_series(timestamptz '2026-03-01', '2026-03-05', '1 hour') AS t
    WHERE first_at IS NULL AND series_type = 1`);
  await db.query(`
    INSERT INTO sleep_fragment (user_key, source_id, started_at, ended_at, stage, event_id)
    SELECT e.user_key, e.source_id, e.started_at + n * interval '30 minutes',
      e.started_at + (n + 1) * interval '30 minutes', 'light', e.id
    FROM event e JOIN data_source d ON d.id = e.source_id, generate_series(0, 9) AS n
    WHERE d.provider = 'suunto'`);
  await db.query(`
    INSERT INTO health_score (user_key, id, provider, category, recorded_at, event_id)
    SELECT e.user_key, gen_random_uuid(), 'suunto', 'sleep', e.ended_at, e.id
    FROM event e JOIN data_source d ON d.id = e.source_id WHERE d.provider = 'suunto'`);
  await db.query(`
    INSERT INTO event_tombstone (user_key, source_id, category, started_at, ended_at)
    SELECT e.user_key, e.source_id, 'workout', e.started_at, e.ended_at
    FROM event e JOIN data_source d ON d.id = e.source_id WHERE d.provider = 'suunto'`);
  await db.query('ANALYZE');
}
