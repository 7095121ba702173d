import type { Session, Sql, UserRef } from '#libs/database';
import { retryingTransient } from '../transient-failures.js';
import { VERIFY_COUNTERS, VERIFY_ROLLUPS, VERIFY_STREAM_DAYS, VERIFY_STREAMS } from './verify-rollups.sql.js';
import { compareVitals } from './verify-vitals.js';

/** A derived row that does not say what its points say. Null = there is no such row. */
export interface RollupDifference {
  readonly table: 'rollup' | 'stream' | 'stream_day' | 'event_vital' | 'platform_counter';
  /** Null for totals of the whole platform. */
  readonly userKey: number | null;
  /** Key columns by name. */
  readonly key: Readonly<Record<string, unknown>>;
  readonly expected: unknown;
  readonly stored: unknown;
}

export interface RollupVerification {
  /** Derived rows that were compared. */
  readonly checked: number;
  readonly differences: readonly RollupDifference[];
}

interface ComparedRow {
  checked: number;
  key: Record<string, unknown> | null;
  expected: unknown;
  stored: unknown;
}

const USER_CHECKS = [
  { table: 'stream', text: VERIFY_STREAMS, bounds: [] },
  { table: 'stream_day', text: VERIFY_STREAM_DAYS, bounds: [] },
  { table: 'rollup', text: VERIFY_ROLLUPS, bounds: ['-infinity', 'infinity'] },
] as const;

/**
 * Computes everything that is derived from points again and compares it with what is stored, one user at a time; that
 * user's writers wait meanwhile. Rollups of archived dates have no points any more and are taken as they are.
 * Nothing is repaired.
 */
export async function verifyRollups(db: Session): Promise<RollupVerification> {
  const parts: RollupVerification[] = [];
  for (const user of await usersWithData(db)) parts.push(await retryingTransient(() => verifyUser(db, user)));
  parts.push(reported('platform_counter', null, await db.query<ComparedRow>(VERIFY_COUNTERS)));
  return merged(parts);
}

/** Carries a finding out of a transaction that must not leave anything behind. */
class RolledBack extends Error {
  constructor(readonly verification: RollupVerification) {
    super('rolled back on purpose');
  }
}

async function verifyUser(db: Session, user: UserRef): Promise<RollupVerification> {
  try {
    return await db.transaction(async (sql) => {
      throw new RolledBack(await compareUser(sql, user));
    });
  } catch (error) {
    if (error instanceof RolledBack) return error.verification;
    throw error;
  }
}

async function compareUser(sql: Sql, user: UserRef): Promise<RollupVerification> {
  await sql.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
  await sql.query('SET LOCAL statement_timeout = 0');
  await sql.query('SELECT key FROM users WHERE key = $1 FOR NO KEY UPDATE', [user.key]);
  const parts: RollupVerification[] = [];
  for (const { table, text, bounds } of USER_CHECKS) {
    parts.push(reported(table, user.key, await sql.query<ComparedRow>(text, [user.key, ...bounds])));
  }
  const vitals = await compareVitals(sql, user);
  const differences = vitals.differences.map((difference) => ({
    table: 'event_vital' as const,
    userKey: user.key,
    ...difference,
  }));
  return merged([...parts, { checked: vitals.checked, differences }]);
}

function reported(
  table: RollupDifference['table'],
  userKey: number | null,
  rows: readonly ComparedRow[],
): RollupVerification {
  const differences = rows.flatMap(({ key, expected, stored }) =>
    key === null ? [] : [{ table, userKey, key, expected, stored }],
  );
  return { checked: rows.reduce((sum, row) => sum + row.checked, 0), differences };
}

const merged = (parts: readonly RollupVerification[]): RollupVerification => ({
  checked: parts.reduce((sum, part) => sum + part.checked, 0),
  differences: parts.flatMap((part) => part.differences),
});

/** Also users that are gone but left something behind. */
async function usersWithData(sql: Sql): Promise<UserRef[]> {
  return sql.query<{ id: string; key: number }>(
    `SELECT u.id, k.key FROM (
       SELECT key FROM users UNION SELECT user_key FROM stream UNION SELECT user_key FROM stream_day
     ) k LEFT JOIN users u USING (key) ORDER BY k.key`,
  );
}
