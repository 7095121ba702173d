import type { Sql } from '#libs/database';
import type { DueDelivery, Lane } from './delivery.js';

/** Which endpoints are looked at. */
export interface Route {
  /** These, wherever they are. */
  readonly known: readonly string[];
  /** And so many of the lane after this one. */
  readonly from: string;
  readonly most: number;
}

/** Endpoints with something due, found by one look into the index per endpoint that waits for anything at all. */
export interface Walk {
  readonly known: readonly string[];
  readonly due: readonly string[];
  /** Where the next walk goes on; empty: from the beginning. */
  readonly next: string;
}

/** Of the deliveries `d` of a lane ($1): those that are due at `now` and that nobody attempts. */
const dueSql = (now: string): string =>
  `d.lane = $1 AND d.next_attempt_at <= ${now} AND (d.leased_until IS NULL OR d.leased_until <= ${now})`;

const WALK = `
  WITH RECURSIVE walk AS (
    (SELECT d.endpoint_id, 1 AS step FROM webhook_delivery d
     WHERE d.lane = $1 AND d.endpoint_id > $2 ORDER BY d.endpoint_id LIMIT least($3, 1))
    UNION ALL
    SELECT (SELECT d.endpoint_id FROM webhook_delivery d
      WHERE d.lane = $1 AND d.endpoint_id > w.endpoint_id ORDER BY d.endpoint_id LIMIT 1), w.step + 1
    FROM walk w WHERE w.endpoint_id IS NOT NULL AND w.step < $3
  )
  SELECT w.endpoint_id, w.step, EXISTS (
    SELECT FROM webhook_delivery d WHERE d.endpoint_id = w.endpoint_id AND ${dueSql('$4')}
  ) AS is_due
  FROM (
    SELECT endpoint_id, 0 AS step FROM unnest($5::text[]) AS known (endpoint_id)
    UNION ALL SELECT endpoint_id, step FROM walk WHERE endpoint_id IS NOT NULL
  ) AS w ORDER BY w.step`;

/** Looks at the endpoints of a route. */
export async function walkEndpoints(sql: Sql, lane: Lane, now: Date, { known, from, most }: Route): Promise<Walk> {
  const rows = await sql.query<{ endpoint_id: string; step: number; is_due: boolean }>(WALK, [
    lane,
    from,
    most,
    now.toISOString(),
    known,
  ]);
  const isDue = new Set(rows.filter((row) => row.is_due).map((row) => row.endpoint_id));
  const walked = rows.filter(({ step }) => step > 0).map((row) => row.endpoint_id);
  return {
    known: known.filter((id) => isDue.has(id)),
    due: walked.filter((id) => isDue.has(id)),
    next: most === 0 ? from : walked.length < most ? '' : walked.at(-1)!,
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

/** The lease is in no index, so that taking a delivery leaves nothing behind in one. */
const CLAIM = `
  WITH due AS MATERIALIZED (
    SELECT d.message_id, d.endpoint_id, e.url, ARRAY(
      SELECT s.sealed FROM webhook_secret s
      WHERE s.endpoint_id = w.endpoint_id AND (s.expires_at IS NULL OR s.expires_at > $4)
      ORDER BY s.id DESC
    ) AS secrets
    FROM unnest($2::text[], $3::integer[]) AS w (endpoint_id, room)
    JOIN webhook_endpoint e ON e.id = w.endpoint_id AND e.disabled_at IS NULL AND e.deleted_at IS NULL
    CROSS JOIN LATERAL (
      SELECT d.message_id, d.endpoint_id FROM webhook_delivery d
      WHERE d.endpoint_id = w.endpoint_id AND ${dueSql('$4')}
      ORDER BY d.next_attempt_at LIMIT w.room FOR UPDATE SKIP LOCKED
    ) d
  ), claimed AS (
    UPDATE webhook_delivery d SET leased_until = $5
    FROM due WHERE d.message_id = due.message_id AND d.endpoint_id = due.endpoint_id
    RETURNING d.message_id, d.endpoint_id, d.attempts, d.trigger, due.url, due.secrets
  )
  SELECT c.*, m.event_type, content.data
  FROM claimed c
  JOIN webhook_message m ON m.id = c.message_id
  LEFT JOIN webhook_content content ON content.id = m.content_id
  WHERE m.user_key IS NULL OR EXISTS (SELECT FROM users u WHERE u.key = m.user_key)`;

/**
 * Takes due deliveries of these endpoints, as many of each as it may take; nobody else gets them before `leaseUntil`.
 * What is about a user who was deleted is sent to nobody any more.
 */
export async function claimDue(
  sql: Sql,
  lane: Lane,
  rooms: ReadonlyMap<string, number>,
  now: Date,
  leaseUntil: Date,
): Promise<DueDelivery[]> {
  if (rooms.size === 0) return [];
  const rows = await sql.query<ClaimRow & Record<string, unknown>>(CLAIM, [
    lane,
    [...rooms.keys()],
    [...rooms.values()],
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
