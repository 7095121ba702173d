import type { Sql } from '#libs/database';
import type { DueDelivery, Lane } from './delivery.js';

/** Endpoints with something due, found by one look into the index per endpoint that waits for anything at all. */
export interface Walk {
  readonly due: readonly string[];
  /** Where the next walk goes on; empty: from the beginning. */
  readonly next: string;
}

const WALK = `
  WITH RECURSIVE walk AS (
    (SELECT d.endpoint_id, 1 AS step FROM webhook_delivery d
     WHERE d.lane = $1 AND d.status = 1 AND d.endpoint_id > $2 ORDER BY d.endpoint_id LIMIT 1)
    UNION ALL
    SELECT (SELECT d.endpoint_id FROM webhook_delivery d
      WHERE d.lane = $1 AND d.status = 1 AND d.endpoint_id > w.endpoint_id ORDER BY d.endpoint_id LIMIT 1), w.step + 1
    FROM walk w WHERE w.endpoint_id IS NOT NULL AND w.step < $3
  )
  SELECT w.endpoint_id, EXISTS (
    SELECT FROM webhook_delivery d
    WHERE d.lane = $1 AND d.status = 1 AND d.endpoint_id = w.endpoint_id AND d.next_attempt_at <= $4
  ) AS is_due
  FROM walk w WHERE w.endpoint_id IS NOT NULL ORDER BY w.step`;

/** Looks at the next `most` endpoints of the lane after `from`. */
export async function walkEndpoints(sql: Sql, lane: Lane, from: string, most: number, now: Date): Promise<Walk> {
  const rows = await sql.query<{ endpoint_id: string; is_due: boolean }>(WALK, [lane, from, most, now.toISOString()]);
  const isEnd = rows.length < most;
  return {
    due: rows.filter((row) => row.is_due).map((row) => row.endpoint_id),
    next: isEnd ? '' : rows.at(-1)!.endpoint_id,
  };
}

interface ClaimRow {
  message_id: string;
  endpoint_id: string;
  url: string;
  event_type: string;
  data: string | null;
  attempts: number;
  trigger: number;
  secrets: string[];
}

const CLAIM = `
  WITH due AS MATERIALIZED (
    SELECT d.message_id, d.endpoint_id, e.url
    FROM unnest($2::text[], $3::integer[]) WITH ORDINALITY AS w (endpoint_id, room, place)
    JOIN webhook_endpoint e ON e.id = w.endpoint_id AND e.disabled_at IS NULL AND e.deleted_at IS NULL
    CROSS JOIN LATERAL (
      SELECT message_id, endpoint_id FROM webhook_delivery
      WHERE lane = $1 AND status = 1 AND endpoint_id = w.endpoint_id AND next_attempt_at <= $5
      ORDER BY next_attempt_at LIMIT w.room FOR UPDATE SKIP LOCKED
    ) d
    ORDER BY w.place LIMIT $4
  ), claimed AS (
    UPDATE webhook_delivery d SET next_attempt_at = $6
    FROM due WHERE d.message_id = due.message_id AND d.endpoint_id = due.endpoint_id
    RETURNING d.message_id, d.endpoint_id, d.attempts, d.trigger, due.url
  )
  SELECT c.*, m.event_type, content.data, ARRAY(
    SELECT s.sealed FROM webhook_secret s
    WHERE s.endpoint_id = c.endpoint_id AND (s.expires_at IS NULL OR s.expires_at > $5)
    ORDER BY s.id DESC
  ) AS secrets
  FROM claimed c
  JOIN webhook_message m ON m.id = c.message_id
  LEFT JOIN webhook_content content ON content.id = m.content_id
  WHERE m.user_key IS NULL OR EXISTS (SELECT FROM users u WHERE u.key = m.user_key)`;

/** Endpoints in the order in which they are to be served, and how many deliveries each may take. */
export interface Rooms {
  readonly endpoints: readonly string[];
  readonly rooms: readonly number[];
}

/**
 * Takes due deliveries; nobody else gets them before `leaseUntil`. Deliveries that others are taking are left to them.
 * What is about a user who was deleted is sent to nobody any more.
 */
export async function claimDue(
  sql: Sql,
  lane: Lane,
  { endpoints, rooms }: Rooms,
  most: number,
  now: Date,
  leaseUntil: Date,
): Promise<DueDelivery[]> {
  if (endpoints.length === 0 || most <= 0) return [];
  const rows = await sql.query<ClaimRow & Record<string, unknown>>(CLAIM, [
    lane,
    endpoints,
    rooms,
    most,
    now.toISOString(),
    leaseUntil.toISOString(),
  ]);
  return rows.map((row) => ({
    messageId: row.message_id,
    endpointId: row.endpoint_id,
    lane,
    url: row.url,
    eventType: row.event_type,
    data: row.data,
    attempts: row.attempts,
    trigger: row.trigger,
    leaseUntil,
    secrets: row.secrets,
  }));
}
