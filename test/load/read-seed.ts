/** Makes the data of the read bench through the writer of libs/ingest, several users at a time, or finds it there. */
import { randomUUID } from 'node:crypto';
import type { Database, UserRef } from '#libs/database';
import { HealthWriter } from '#libs/ingest';
import { seedBatch } from './read-seed-batch.js';
import { SEED_PROVIDERS, type UserPlan, userPlans } from './read-seed-plan.js';

export interface ReadSeed {
  readonly heavy: UserRef;
  readonly heavyPoints: number;
  readonly points: number;
  readonly users: number;
}

const USERS_AT_ONCE = 4;
const POINTS_OF_A_BATCH = 20_000;
const NOTE_EVERY = 10_000;

/**
 * In an empty, migrated database: one user with five years, others with fifty days each, everything the writer derives
 * included.
 */
export async function readSeed(db: Database, points: number, note: (line: string) => void): Promise<ReadSeed> {
  const [made] = await db.query<{ is_made: boolean }>(`SELECT to_regclass('read_seed_done') IS NOT NULL AS is_made`);
  if (!made?.is_made) await makeSeed(db, points, note);
  const [seed] = await db.query<{ id: string; key: number; heavy: number; points: number; users: number }>(`
    SELECT u.id, u.key, h.heavy, t.points, t.users
    FROM (SELECT user_key, sum(point_count) AS heavy FROM stream GROUP BY 1 ORDER BY 2 DESC LIMIT 1) h
    JOIN users u ON u.key = h.user_key
    CROSS JOIN (SELECT sum(point_count) AS points, count(DISTINCT user_key) AS users FROM stream) t`);
  const { id, key, heavy, points: total, users } = seed!;
  return { heavy: { id, key }, heavyPoints: heavy, points: total, users };
}

async function makeSeed(db: Database, points: number, note: (line: string) => void): Promise<void> {
  const { heavy, light } = userPlans(points);
  const writer = new HealthWriter();
  const started = performance.now();
  let written = 0;
  let noted = 0;
  const onWritten = (count: number): void => {
    written += count;
    const seconds = (performance.now() - started) / 1000;
    if (seconds * 1000 - noted < NOTE_EVERY) return;
    noted = seconds * 1000;
    note(`${written.toLocaleString('en')} points, ${Math.round(written / seconds).toLocaleString('en')} points/s`);
  };
  const waiting = [heavy, ...light];
  const seedNext = async (): Promise<void> => {
    for (let plan = waiting.shift(); plan; plan = waiting.shift()) await seedUser(db, writer, plan, onWritten);
  };
  await Promise.all(Array.from({ length: USERS_AT_ONCE }, seedNext));
  const seconds = (performance.now() - started) / 1000;
  note(
    `seeded ${written.toLocaleString('en')} points in ${Math.round(seconds)} s: ` +
      `${Math.round(written / seconds).toLocaleString('en')} points/s`,
  );
  await db.query('VACUUM ANALYZE');
  await db.query('CREATE TABLE read_seed_done ()');
}

async function seedUser(
  db: Database,
  writer: HealthWriter,
  plan: UserPlan,
  onWritten: (points: number) => void,
): Promise<void> {
  const [user] = await db.query<UserRef>('INSERT INTO users (id) VALUES ($1) RETURNING id, key', [randomUUID()]);
  const sources = [...new Set(plan.streams.map(({ source }) => source))];
  for (const source of sources) {
    await db.query(`INSERT INTO connection (id, user_id, provider, status) VALUES ($1, $2, $3, 'active')`, [
      randomUUID(),
      user!.id,
      SEED_PROVIDERS[source],
    ]);
    const days = daysOfABatch(plan, source);
    for (let day = plan.fromDay; day < plan.toDay; day += days) {
      const batch = seedBatch(plan, source, day, Math.min(day + days, plan.toDay));
      const report = await db.tryExclusive(0x5eed, user!.id, (session) => writer.write(session, user!, batch));
      if (!report || report.problems.length > 0) throw new Error(JSON.stringify(report?.problems.slice(0, 3)));
      onWritten(report.points.inserted);
    }
  }
}

function daysOfABatch({ streams }: UserPlan, source: number): number {
  const perDay = streams
    .filter((stream) => stream.source === source)
    .reduce((sum, { everySeconds }) => sum + 86_400 / everySeconds, 0);
  return Math.max(1, Math.min(100, Math.floor(POINTS_OF_A_BATCH / perDay)));
}
