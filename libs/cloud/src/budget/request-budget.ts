import { Injectable } from '@nestjs/common';
import { plannedOnce, Database } from '#libs/database';
import type { RequestBudget } from '#libs/providers/kit';

/** Never use quite all a vendor allows: its clock and ours are not the same. */
const SHARE = 0.95;
/** What may be sent at once; the rest comes evenly. Both together never exceed the limit in any span of its length. */
const BURST = 0.2;

interface Bucket {
  readonly perSeconds: number;
  readonly burst: number;
  readonly perSecond: number;
}

/**
 * Takes one request out of every bucket, going below zero: whoever is told to wait has its place. Nothing is taken
 * where the wait would be longer than $6 seconds. All of the application queue for these rows, so nobody holds them until
 * the disk has them; a crash of PostgreSQL may give back what was taken in the half second before it.
 */
const TAKE = plannedOnce(`
  WITH rule AS (
    SELECT * FROM unnest($2::int[], $3::float8[], $4::float8[]) AS r (per_seconds, burst, rate)
  ), made AS (
    INSERT INTO request_budget (provider, per_seconds, tokens, refilled_at)
    SELECT $1, per_seconds, burst, $5 FROM rule ON CONFLICT DO NOTHING
  ), held AS (
    SELECT b.*, r.burst, r.rate FROM request_budget b JOIN rule r USING (per_seconds)
    WHERE b.provider = $1 ORDER BY per_seconds FOR UPDATE OF b
  ), filled AS (
    SELECT per_seconds, rate, blocked_until,
      least(burst, tokens + greatest(0, extract(epoch FROM $5::timestamptz - refilled_at)::float8) * rate) AS tokens
    FROM held
  ), verdict AS (
    SELECT coalesce(max(greatest(0, (1 - tokens) / rate,
      extract(epoch FROM coalesce(blocked_until, $5::timestamptz) - $5::timestamptz)::float8)), 0) AS wait FROM filled
  ), taken AS (
    UPDATE request_budget b SET tokens = f.tokens - 1, refilled_at = greatest(b.refilled_at, $5::timestamptz)
    FROM filled f, verdict v WHERE b.provider = $1 AND b.per_seconds = f.per_seconds AND v.wait <= $6
  )
  SELECT v.wait, (SELECT count(*) FROM held) AS held, set_config('synchronous_commit', 'off', true) FROM verdict v`);

/** What our application may send to a vendor, shared by all processes. */
@Injectable()
export class RequestBudgets {
  constructor(private readonly db: Database) {}

  /**
   * Seconds until the request may be sent, which is then paid for; null when that is longer than `longestSeconds`, and
   * nothing is paid.
   */
  async take(
    provider: string,
    budgets: readonly RequestBudget[],
    longestSeconds: number,
    now = new Date(),
  ): Promise<{ readonly waitSeconds: number; readonly isTaken: boolean }> {
    if (budgets.length === 0) return { waitSeconds: 0, isTaken: true };
    const buckets = budgets.map(bucketOf);
    const parameters = [
      provider,
      buckets.map(({ perSeconds }) => perSeconds),
      buckets.map(({ burst }) => burst),
      buckets.map(({ perSecond }) => perSecond),
      now,
      longestSeconds,
    ];
    for (;;) {
      const [row] = await this.db.query<{ wait: number; held: number }>(TAKE, parameters);
      // A statement does not see the rows it makes: take again.
      if (row?.held === buckets.length) return { waitSeconds: row.wait, isTaken: row.wait <= longestSeconds };
    }
  }

  /** The vendor asked for silence. */
  async block(provider: string, budgets: readonly RequestBudget[], seconds: number, now = new Date()): Promise<void> {
    await this.db.query(
      `INSERT INTO request_budget AS b (provider, per_seconds, tokens, refilled_at, blocked_until)
       SELECT $1, per_seconds, 0, $3::timestamptz, $3::timestamptz + $4 * interval '1 second'
       FROM unnest($2::int[]) AS r (per_seconds)
       ON CONFLICT (provider, per_seconds) DO UPDATE
         SET blocked_until = greatest(b.blocked_until, excluded.blocked_until)`,
      [provider, budgets.map(({ perSeconds }) => perSeconds), now, seconds],
    );
  }
}

function bucketOf({ requests, perSeconds }: RequestBudget): Bucket {
  const limit = Math.max(1, requests * SHARE);
  const burst = Math.max(1, Math.floor(limit * BURST));
  const perSecond = limit > burst ? (limit - burst) / perSeconds : limit / perSeconds;
  return { perSeconds, burst, perSecond };
}
