import type { Sql, UserRef } from '#libs/database';
import { formatInstant, type ScoreInput } from '#libs/model';
import type { WriteContext } from '../write-context.js';

const MOVE = `
  WITH told AS (
    SELECT * FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
      AS t (source_id, score, category, external_id, recorded_at)
  ), moved AS (
    SELECT DISTINCT ON (t.score, t.recorded_at) t.score, t.recorded_at, r.started_at AS former
    FROM told t
    CROSS JOIN LATERAL (
      SELECT e.started_at FROM event e
      WHERE t.category = 'workout' AND e.user_key = $1 AND e.source_id = t.source_id AND e.category = 'workout'
        AND e.external_id = t.external_id
      UNION ALL
      SELECT f.started_at FROM sleep_fragment f
      WHERE t.category = 'sleep' AND f.user_key = $1 AND f.source_id = t.source_id AND f.external_id = t.external_id
        AND f.session IS NOT NULL
    ) AS r
    WHERE r.started_at <> t.recorded_at
    ORDER BY t.score, t.recorded_at, r.started_at
  )
  UPDATE health_score s SET recorded_at = m.recorded_at FROM moved m
  WHERE s.user_key = $1 AND s.provider = $2 AND s.category = m.score AND s.recorded_at = m.former
    AND NOT EXISTS (SELECT FROM health_score o WHERE o.user_key = $1 AND o.provider = $2 AND o.category = m.score
      AND o.recorded_at = m.recorded_at)`;

/**
 * Scores lie at the start of the record they are about. Where a delivery moves that record, its stored score goes along
 * before it is brought up to date; else the old one would stay for ever. Runs before the records themselves are written.
 */
export async function moveScores(
  sql: Sql,
  user: UserRef,
  { provider, sourceIds }: WriteContext,
  scores: readonly ScoreInput[],
): Promise<void> {
  const told = scores.flatMap(({ about, sourceIndex, ...score }) => {
    const sourceId = sourceIndex === null ? undefined : sourceIds[sourceIndex];
    return about && sourceId ? [{ ...score, about, sourceId }] : [];
  });
  if (told.length === 0) return;
  await sql.query(MOVE, [
    user.key,
    provider,
    told.map(({ sourceId }) => sourceId),
    told.map(({ category }) => category),
    told.map(({ about }) => about.category),
    told.map(({ about }) => about.externalId),
    told.map(({ recordedAt }) => formatInstant(recordedAt)),
  ]);
}
