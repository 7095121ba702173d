import type { Sql } from '#libs/database';
import { STATUS, type AttemptResult } from './delivery.js';

const statusAfter = ({ isSuccess, nextAttemptAt }: AttemptResult): number =>
  isSuccess ? STATUS.success : nextAttemptAt === null ? STATUS.failed : STATUS.pending;

/** Keeps attempts, and what is to become of their deliveries. What was erased meanwhile stays erased. */
export async function keepResults(sql: Sql, results: readonly AttemptResult[]): Promise<void> {
  await sql.query(
    `INSERT INTO webhook_attempt (id, message_id, endpoint_id, url, status, status_code, duration_ms, response, trigger,
       created_at)
     SELECT r.* FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::smallint[], $6::smallint[],
       $7::integer[], $8::text[], $9::smallint[], $10::timestamptz[])
       AS r (id, message_id, endpoint_id, url, status, status_code, duration_ms, response, trigger, created_at)
     JOIN webhook_message m ON m.id = r.message_id`,
    [
      results.map(({ id }) => id),
      results.map(({ delivery }) => delivery.messageId),
      results.map(({ delivery }) => delivery.endpointId),
      results.map(({ delivery }) => delivery.url),
      results.map(({ isSuccess }) => (isSuccess ? STATUS.success : STATUS.failed)),
      results.map(({ statusCode }) => statusCode),
      results.map(({ durationMs }) => durationMs),
      results.map(({ response }) => response),
      results.map(({ delivery }) => delivery.trigger),
      results.map(({ startedAt }) => startedAt.toISOString()),
    ],
  );
  // An endpoint that was disabled while the attempt was under way gets no other. A delivery that was asked for again,
  // or taken by somebody else, meanwhile is left to that.
  await sql.query(
    `UPDATE webhook_delivery d
     SET status = CASE WHEN r.status = 1 AND (e.disabled_at IS NOT NULL OR e.deleted_at IS NOT NULL) THEN 2
         ELSE r.status END,
       lane = 1, trigger = 0, attempts = d.attempts + 1, next_attempt_at = coalesce(r.next_attempt_at, d.next_attempt_at)
     FROM unnest($1::text[], $2::text[], $3::smallint[], $4::timestamptz[], $5::timestamptz[])
       AS r (message_id, endpoint_id, status, next_attempt_at, lease_until)
     JOIN webhook_endpoint e ON e.id = r.endpoint_id
     WHERE d.message_id = r.message_id AND d.endpoint_id = r.endpoint_id AND d.next_attempt_at = r.lease_until`,
    [
      results.map(({ delivery }) => delivery.messageId),
      results.map(({ delivery }) => delivery.endpointId),
      results.map(statusAfter),
      results.map(({ nextAttemptAt }) => nextAttemptAt?.toISOString() ?? null),
      results.map(({ delivery }) => delivery.leaseUntil.toISOString()),
    ],
  );
}

/** What an endpoint's attempts in one lot say about it. */
interface Tally {
  successes: number;
  failures: number;
  /** After the last success. */
  trailing: number;
}

export interface EndpointChange {
  readonly id: string;
  readonly before: number;
  readonly after: number;
  /** It has not taken anything since. */
  readonly failing_since: string | null;
}

/** Adds attempts to what is known about their endpoints. */
export async function tallyEndpoints(
  sql: Sql,
  results: readonly AttemptResult[],
  now: Date,
): Promise<EndpointChange[]> {
  const tallies = new Map<string, Tally>();
  for (const { delivery, isSuccess } of results) {
    const tally = tallies.get(delivery.endpointId) ?? { successes: 0, failures: 0, trailing: 0 };
    tally[isSuccess ? 'successes' : 'failures']++;
    tally.trailing = isSuccess ? 0 : tally.trailing + 1;
    tallies.set(delivery.endpointId, tally);
  }
  // In one order everywhere, so that two workers do not wait for each other.
  const entries = [...tallies].sort(([a], [b]) => (a < b ? -1 : 1));
  await sql.query('SELECT FROM webhook_endpoint WHERE id = ANY ($1::text[]) ORDER BY id FOR NO KEY UPDATE', [
    entries.map(([id]) => id),
  ]);
  return sql.query<EndpointChange & Record<string, unknown>>(
    `UPDATE webhook_endpoint e
     SET success_count = e.success_count + t.successes, failure_count = e.failure_count + t.failures,
       consecutive_failures = CASE WHEN t.successes > 0 THEN t.unbroken ELSE e.consecutive_failures + t.unbroken END,
       failing_since = CASE WHEN t.unbroken = 0 THEN NULL WHEN t.successes > 0 THEN $5::timestamptz
         ELSE coalesce(e.failing_since, $5) END,
       last_success_at = CASE WHEN t.successes > 0 THEN $5 ELSE e.last_success_at END,
       last_failure_at = CASE WHEN t.failures > 0 THEN $5 ELSE e.last_failure_at END
     FROM unnest($1::text[], $2::integer[], $3::integer[], $4::integer[]) AS t (id, successes, failures, unbroken)
     WHERE e.id = t.id
     RETURNING e.id, old.consecutive_failures AS before, e.consecutive_failures AS after, e.failing_since`,
    [
      entries.map(([id]) => id),
      entries.map(([, { successes }]) => successes),
      entries.map(([, { failures }]) => failures),
      entries.map(([, { trailing }]) => trailing),
      now.toISOString(),
    ],
  );
}

/** Moves the first attempts that wait for an endpoint out of the way of others, or back when it works again. */
export async function changeLane(sql: Sql, endpointIds: readonly string[], lane: 0 | 1): Promise<void> {
  if (endpointIds.length === 0) return;
  await sql.query(
    `UPDATE webhook_delivery SET lane = $2
     WHERE endpoint_id = ANY ($1::text[]) AND status = 1 AND attempts = 0 AND lane <> $2`,
    [endpointIds, lane],
  );
}
