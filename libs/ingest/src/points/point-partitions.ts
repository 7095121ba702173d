import type { Session, Sql } from '#libs/database';
import { instantFromDate, type Instant } from '#libs/model';
import { utcDay, type DayNumber } from './point-row.js';
import { isStorableTime } from './point-time.js';

const EARLY_NAME = 'point_early';
const EARLY_END = '2000-01-01';
const EARLY_END_INSTANT = instantFromDate(new Date(`${EARLY_END}T00:00:00Z`));
const LOCK_KEY = 'point partitions';

interface Month {
  readonly name: string;
  readonly bounds: string;
}

/** Keeps a partition of `point` for every month that data arrives for; remembers those it has seen. */
export class PointPartitions {
  private readonly known = new Set<string>();

  /** Makes sure that every storable point has its partition. Call it before the transaction that writes them. */
  async ensure(sql: Session, points: readonly { recordedAt: Instant }[], now: Instant): Promise<void> {
    const missing = new Map<string, Month>();
    let day: DayNumber | undefined;
    for (const { recordedAt } of points) {
      // Neighbours mostly share their day, and a day lies in one month.
      if (utcDay(recordedAt) === day || !isStorableTime(recordedAt, now)) continue;
      day = utcDay(recordedAt);
      const name = partitionName(recordedAt);
      if (!this.known.has(name) && !missing.has(name)) missing.set(name, monthOf(recordedAt, name));
    }
    if (missing.size === 0) return;
    await sql.transaction((transaction) => createMissing(transaction, [...missing.values()]));
    for (const name of missing.keys()) this.known.add(name);
  }

  /** Looks again at what the database has, the next time. */
  forget(): void {
    this.known.clear();
  }
}

/** `point_2026_11`, or `point_early` for everything before 2000. */
export function partitionName(instant: Instant): string {
  if (instant < EARLY_END_INSTANT) return EARLY_NAME;
  const date = new Date(Math.floor(instant / 1000));
  return `point_${date.getUTCFullYear()}_${String(date.getUTCMonth() + 1).padStart(2, '0')}`;
}

function monthOf(instant: Instant, name: string): Month {
  if (name === EARLY_NAME) return { name, bounds: `FROM (MINVALUE) TO ('${EARLY_END}Z')` };
  const date = new Date(Math.floor(instant / 1000));
  const first = (months: number): string =>
    new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1)).toISOString();
  return { name, bounds: `FROM ('${first(0)}') TO ('${first(1)}')` };
}

/**
 * Creators wait for each other here and nowhere else. A partition is born as a table of its own and then attached,
 * which leaves readers and writers of the parent alone.
 */
async function createMissing(sql: Sql, months: readonly Month[]): Promise<void> {
  const present = new Set(await presentPartitions(sql));
  if (months.every((month) => present.has(month.name))) return;
  await sql.query('SELECT pg_advisory_xact_lock(hashtext($1))', [LOCK_KEY]);
  const presentNow = new Set(await presentPartitions(sql));
  for (const { name, bounds } of months.filter((month) => !presentNow.has(month.name))) {
    await sql.query(`CREATE TABLE ${name} (LIKE point INCLUDING ALL)`);
    await sql.query(`ALTER TABLE point ATTACH PARTITION ${name} FOR VALUES ${bounds}`);
  }
}

async function presentPartitions(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ name: string }>(
    `SELECT c.relname::text AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'point'::regclass`,
  );
  return rows.map((row) => row.name);
}
