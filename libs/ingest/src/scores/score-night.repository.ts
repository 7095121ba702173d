import type { Sql, UserRef } from '#libs/database';
import { formatInstant, type Instant } from '#libs/model';
import { instantOf } from '../events/event.repository.js';

/** The sleep event a score is about. */
export interface Night {
  readonly eventId: string | null;
  readonly isDeleted: boolean;
}

interface AboutNight {
  readonly sourceId: string | null;
  readonly sleepStartedAt: Instant | null;
}

/**
 * The event of the same source that starts when the score's session does, or that the session became a part of.
 * Scores that are about no night, or about one that is not here, are missing in the answer.
 */
export async function findNights<T extends AboutNight>(
  sql: Sql,
  user: UserRef,
  scores: readonly T[],
): Promise<Map<T, Night>> {
  const wanted = scores.filter(({ sourceId, sleepStartedAt }) => sourceId !== null && sleepStartedAt !== null);
  if (wanted.length === 0) return new Map();
  const rows = await sql.query<{
    source_id: string;
    started_at: string;
    event_id: string | null;
    is_deleted: boolean;
  }>(
    `SELECT DISTINCT ON (k.source_id, k.started_at) k.source_id, k.started_at, n.event_id, n.is_deleted
     FROM unnest($2::uuid[], $3::timestamptz[]) AS k (source_id, started_at)
     CROSS JOIN LATERAL (
       SELECT e.id AS event_id, false AS is_deleted, 0 AS distance, e.ended_at
       FROM event e
       WHERE e.user_key = $1 AND e.category = 'sleep' AND e.started_at = k.started_at AND e.source_id = k.source_id
       UNION ALL
       SELECT f.event_id, f.is_deleted, 1, f.ended_at
       FROM sleep_fragment f
       WHERE f.user_key = $1 AND f.source_id = k.source_id AND f.started_at = k.started_at
     ) AS n
     ORDER BY k.source_id, k.started_at, n.distance, n.is_deleted, n.ended_at DESC, n.event_id`,
    [
      user.key,
      wanted.map(({ sourceId }) => sourceId),
      wanted.map(({ sleepStartedAt }) => formatInstant(sleepStartedAt!)),
    ],
  );
  const nights = new Map(
    rows.map((row) => [
      `${row.source_id}|${instantOf(row.started_at)}`,
      { eventId: row.event_id, isDeleted: row.is_deleted },
    ]),
  );
  return new Map(
    wanted.flatMap((score) => {
      const night = nights.get(`${score.sourceId}|${score.sleepStartedAt}`);
      return night ? [[score, night] as const] : [];
    }),
  );
}
