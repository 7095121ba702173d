import { plannedOnce, type Sql, type UserRef } from '#libs/database';

/** Rows over which each total is spread. */
export const SHARDS = 32;

/** The shard of the platform's totals that a user counts in. */
export const counterShard = (userKey: number): number => userKey % SHARDS;

/**
 * Adds to totals of the whole platform. Users share shards, so call it late in a transaction: the rows stay locked
 * until its end.
 */
export async function addToCounters(sql: Sql, user: UserRef, changes: Readonly<Record<string, number>>): Promise<void> {
  const names = Object.keys(changes)
    .filter((name) => changes[name] !== 0)
    .sort();
  if (names.length === 0) return;
  await sql.query(
    plannedOnce(`INSERT INTO platform_counter AS c (name, shard, value)
     SELECT name, $1, change FROM unnest($2::text[], $3::bigint[]) AS given (name, change)
     ON CONFLICT (name, shard) DO UPDATE SET value = c.value + excluded.value`),
    [counterShard(user.key), names, names.map((name) => changes[name])],
  );
}
