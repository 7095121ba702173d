import type { Sql } from '#libs/database';
import { laneSql, STATUS, type AttemptResult, type Lane } from './delivery.js';

export interface EndpointState {
  readonly id: string;
  readonly consecutive_failures: number;
  /** It has not taken anything since. */
  readonly failing_since: string | null;
}

/** What an endpoint's attempts in one lot say about it. */
interface Tally {
  successes: number;
  failures: number;
  /** After the last success. */
  trailing: number;
}

/**
 * What was erased meanwhile stays erased, and a delivery that was asked for again, given up or taken by somebody else
 * meanwhile is left to that. Endpoints are locked in one order everywhere, so that two workers do not wait for each
 * other.
 */
const KEEP = `
  WITH result AS MATERIALIZED (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::smallint[], $6::smallint[], $7::integer[],
      $8::text[], $9::smallint[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[])
      AS r (id, message_id, endpoint_id, url, status, status_code, duration_ms, response, trigger, created_at,
        next_attempt_at, leased_until)
  ), locked AS MATERIALIZED (
    SELECT id FROM webhook_endpoint WHERE id = ANY ($13::text[]) ORDER BY id FOR NO KEY UPDATE
  ), endpoint AS (
    UPDATE webhook_endpoint e
    SET success_count = e.success_count + t.successes, failure_count = e.failure_count + t.failures,
      consecutive_failures = CASE WHEN t.successes > 0 THEN t.unbroken ELSE e.consecutive_failures + t.unbroken END,
      failing_since = CASE WHEN t.unbroken = 0 THEN NULL WHEN t.successes > 0 THEN $17::timestamptz
        ELSE coalesce(e.failing_since, $17) END,
      last_success_at = CASE WHEN t.successes > 0 THEN $17 ELSE e.last_success_at END,
      last_failure_at = CASE WHEN t.failures > 0 THEN $17 ELSE e.last_failure_at END
    FROM unnest($13::text[], $14::integer[], $15::integer[], $16::integer[]) AS t (id, successes, failures, unbroken)
    JOIN locked USING (id)
    WHERE e.id = t.id
    RETURNING e.id, e.consecutive_failures, e.failing_since
  ), kept AS (
    INSERT INTO webhook_attempt (id, message_id, endpoint_id, url, status, status_code, duration_ms, response, trigger,
      created_at)
    SELECT r.id, message_id, r.endpoint_id, url, status, status_code, duration_ms, response, trigger, r.created_at
    FROM result r JOIN webhook_message m ON m.id = r.message_id
  ), ended AS (
    DELETE FROM webhook_delivery d USING result r
    WHERE r.next_attempt_at IS NULL
      AND d.message_id = r.message_id AND d.endpoint_id = r.endpoint_id AND d.leased_until = r.leased_until
  ), postponed AS (
    UPDATE webhook_delivery d
    SET lane = ${laneSql('e')}, trigger = 0, attempts = d.attempts + 1, next_attempt_at = r.next_attempt_at,
      leased_until = NULL
    FROM result r JOIN endpoint e ON e.id = r.endpoint_id
    WHERE r.next_attempt_at IS NOT NULL
      AND d.message_id = r.message_id AND d.endpoint_id = r.endpoint_id AND d.leased_until = r.leased_until
  )
  SELECT * FROM endpoint`;

/** Keeps attempts, what is to become of their deliveries, and what they say about their endpoints: how those are now. */
export async function keepResults(sql: Sql, results: readonly AttemptResult[], now: Date): Promise<EndpointState[]> {
  const tallies = [...tally(results)];
  return sql.query<EndpointState & Record<string, unknown>>(KEEP, [
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
    results.map(({ nextAttemptAt }) => nextAttemptAt?.toISOString() ?? null),
    results.map(({ delivery }) => delivery.leaseUntil.toISOString()),
    tallies.map(([id]) => id),
    tallies.map(([, { successes }]) => successes),
    tallies.map(([, { failures }]) => failures),
    tallies.map(([, { trailing }]) => trailing),
    now.toISOString(),
  ]);
}

function tally(results: readonly AttemptResult[]): ReadonlyMap<string, Tally> {
  const tallies = new Map<string, Tally>();
  for (const { delivery, isSuccess } of results) {
    const tally = tallies.get(delivery.endpointId) ?? { successes: 0, failures: 0, trailing: 0 };
    tally[isSuccess ? 'successes' : 'failures']++;
    tally.trailing = isSuccess ? 0 : tally.trailing + 1;
    tallies.set(delivery.endpointId, tally);
  }
  return tallies;
}

/** A longer backlog moves bit by bit, each time one of its deliveries was attempted in the wrong lane. */
const MOST_MOVED = 5_000;

/** Moves what waits for these endpoints out of the way of others, or back when they work again. */
export async function moveToLane(sql: Sql, endpointIds: readonly string[], lane: Lane): Promise<void> {
  if (endpointIds.length === 0) return;
  await sql.query(
    `UPDATE webhook_delivery SET lane = $2 WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM webhook_delivery WHERE lane = 1 - $2::smallint AND endpoint_id = ANY ($1::text[])
       LIMIT ${MOST_MOVED}))`,
    [endpointIds, lane],
  );
}
