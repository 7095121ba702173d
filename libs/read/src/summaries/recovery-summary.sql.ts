import { sourceRanks } from '../source-ranking.js';

/** The scores of one local date lie within 50 hours of each other, whatever their zones. */
const ROUND_A_DATE = `interval '3 days'`;

const SPAN = {
  ASC: `nearest AS starts, least(nearest + $7::integer * interval '1 day', $6::timestamptz) AS ends`,
  DESC: `greatest(nearest - $7::integer * interval '1 day', $5::timestamptz) AS starts,
      nearest + interval '1 microsecond' AS ends`,
} as const;

/**
 * The days of one span of time, by the instant of the score that stands for the day. A date takes its best source's
 * earliest score; scores without a value stand back. A score may lack a data source: its provider ranks it then. Every
 * row tells where the span ends, and there is one without a score when the span has no day of its own.
 *
 * Parameters: $1 user key, $2 user id, $3 and $4 range of the scores that count, $5 and $6 what is left to read of it,
 * $7 days of the span, $8 cursor instant, $9 cursor id.
 */
export const recoverySql = (direction: 'ASC' | 'DESC'): string => `
  WITH span AS MATERIALIZED (
    SELECT ${SPAN[direction]}
    FROM (
      SELECT recorded_at AS nearest
      FROM health_score
      WHERE user_key = $1 AND category = 'recovery' AND recorded_at >= $5 AND recorded_at < $6
      ORDER BY recorded_at ${direction}
      LIMIT 1
    ) n
  ),
  scored AS MATERIALIZED (
    SELECT h.id, h.recorded_at, h.provider, h.value, h.components, h.source_id,
           ((h.recorded_at + make_interval(mins => coalesce(h.zone_offset, 0))) AT TIME ZONE 'UTC')::date AS local_date
    FROM health_score h
    WHERE h.user_key = $1 AND h.category = 'recovery'
      AND h.recorded_at >= (SELECT greatest(starts - ${ROUND_A_DATE}, $3) FROM span)
      AND h.recorded_at < (SELECT least(ends + ${ROUND_A_DATE}, $4) FROM span)
  ),
  per_source AS (
    SELECT DISTINCT ON (local_date, provider, source_id) *
    FROM scored
    ORDER BY local_date, provider, source_id, (value IS NULL), recorded_at, id
  ),
  placed AS (
    SELECT h.*, s.source, s.device_model, s.device_type, r.own_rank, r.provider_rank, r.device_rank,
           row_number() OVER best AS place,
           count(*) OVER (PARTITION BY h.local_date)::int AS candidates,
           lead(h.provider) OVER best AS next_provider, lead(r.own_rank) OVER best AS next_own_rank,
           lead(r.provider_rank) OVER best AS next_provider_rank, lead(r.device_rank) OVER best AS next_device_rank
    FROM per_source h
    LEFT JOIN data_source s ON s.id = h.source_id
    CROSS JOIN LATERAL (${sourceRanks('$2', 'h.provider', 's.device_type')}) r
    WINDOW best AS (
      PARTITION BY h.local_date
      ORDER BY (h.value IS NULL), r.own_rank NULLS LAST, r.provider_rank, h.provider, r.device_rank, h.recorded_at, h.id
    )
  )
  SELECT placed.*, span.starts AS span_starts, span.ends AS span_ends
  FROM span LEFT JOIN placed
    ON placed.place = 1 AND placed.recorded_at >= span.starts AND placed.recorded_at < span.ends
    AND ($8::timestamptz IS NULL
      OR (placed.recorded_at, placed.id) ${direction === 'ASC' ? '>' : '<'} ($8::timestamptz, $9::uuid))
  ORDER BY placed.recorded_at ${direction}, placed.id ${direction}`;
