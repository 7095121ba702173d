import { Injectable } from '@nestjs/common';
import { plannedOnce, Database } from '#libs/database';
import { logger } from '#libs/observability';
import type { RequestBudget } from '#libs/providers/kit';
import { secondsToNextWindow, type ToldLimit } from './told-limits.js';

/** Never use quite all a vendor allows: its clock and ours are not the same. */
const SHARE = 0.95;
/** What may be sent at once; the rest comes evenly. Both together never exceed the limit in any span of its length. */
const BURST = 0.2;

/** How long the number of a vendor's users is believed. */
const USERS_KNOWN_MS = 600_000;

/** Vendors tell their time in whole seconds, and answers take theirs. */
const MARGIN_SECONDS = 2;

/** Shorter than any wait. */
const NOT_AT_ALL = -1;

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
  /** Limits by provider and length as its answers tell them. Every process hears them with its first answer. */
  private readonly told = new Map<string, number>();
  private readonly users = new Map<string, { readonly count: number; readonly untilMs: number }>();

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
    const buckets = (await this.inEffect(provider, budgets, now)).map(bucketOf);
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

  /** Seconds until a request could be sent; nothing is paid. */
  async waitSeconds(provider: string, budgets: readonly RequestBudget[], now = new Date()): Promise<number> {
    return (await this.take(provider, budgets, NOT_AT_ALL, now)).waitSeconds;
  }

  /**
   * Takes over what an answer says of the limits. Where one is used up, nobody sends anything before its next window.
   * Seconds until then; null: nothing is used up. `answered`: by the vendor's clock.
   */
  async learn(
    provider: string,
    budgets: readonly RequestBudget[],
    told: readonly ToldLimit[],
    now = new Date(),
    answered = now,
  ): Promise<number | null> {
    for (const { perSeconds } of told) {
      const all = told.filter((other) => other.perSeconds === perSeconds);
      this.told.set(keyOf(provider, perSeconds), Math.min(...all.map(({ requests }) => requests)));
    }
    const spent = told.filter(({ requests, used }) => used >= requests);
    if (spent.length === 0) return null;
    const untilNext = Math.max(...spent.map(({ perSeconds }) => secondsToNextWindow(perSeconds, answered)));
    const seconds = untilNext + MARGIN_SECONDS;
    logger().warn({ provider, spent, seconds }, 'vendor_limit_used_up');
    await this.block(provider, budgets, seconds, now);
    return seconds;
  }

  /** The limits that hold: what the vendor told, else what it publishes. */
  private async inEffect(
    provider: string,
    budgets: readonly RequestBudget[],
    now: Date,
  ): Promise<readonly RequestBudget[]> {
    const users = budgets.some(({ perUser }) => perUser !== undefined) ? await this.usersOf(provider, now) : 0;
    return budgets.map((budget) => {
      const { requests, perSeconds, perUser = 0, isCeiling } = budget;
      const told = this.told.get(keyOf(provider, perSeconds));
      if (told === undefined) return { ...budget, requests: requests + perUser * users };
      return { ...budget, requests: isCeiling ? Math.min(told, requests) : told };
    });
  }

  /** Accounts at the vendor that are connected; one that several users of ours share counts once there. */
  private async usersOf(provider: string, now: Date): Promise<number> {
    const known = this.users.get(provider);
    if (known && known.untilMs > now.getTime()) return known.count;
    const [row] = await this.db.query<{ count: number }>(
      `SELECT count(DISTINCT coalesce(provider_user_id, id::text))::int AS count FROM connection
       WHERE provider = $1 AND status = 'active'`,
      [provider],
    );
    const count = row?.count ?? 0;
    this.users.set(provider, { count, untilMs: now.getTime() + USERS_KNOWN_MS });
    return count;
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

const keyOf = (provider: string, perSeconds: number): string => `${provider}:${perSeconds}`;

function bucketOf({ requests, perSeconds }: RequestBudget): Bucket {
  const limit = Math.max(1, requests * SHARE);
  const burst = Math.max(1, Math.floor(limit * BURST));
  const perSecond = limit > burst ? (limit - burst) / perSeconds : limit / perSeconds;
  return { perSeconds, burst, perSecond };
}
