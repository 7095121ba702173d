import { sourceRanks } from '../source-ranking.js';

/**
 * One recovery score per local date, then one page of those by instant. A date takes its best source's earliest score;
 * scores without a value stand back. A score may lack a data source: its provider ranks it then.
 *
 * Parameters: $1 user key, $2 user id, $3 from, $4 to, $5 limit, $6 cursor instant, $7 cursor id.
 */
export const recoverySql = (direction: 'ASC' | 'DESC'): string => `
  WITH scored AS (
    SELECT h.id, h.recorded_at, h.provider, h.value, h.components, h.source_id,
           ((h.recorded_at + make_interval(mins => coalesce(h.zone_offset, 0))) AT TIME ZONE 'UTC')::date AS local_date
    FROM health_score h
    WHERE h.user_key = $1 AND h.category = 'recovery' AND h.recorded_at >= $3 AND h.recorded_at < $4
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
  SELECT * FROM placed
  WHERE place = 1
    AND ($6::timestamptz IS NULL OR (recorded_at, id) ${direction === 'ASC' ? '>' : '<'} ($6::timestamptz, $7::uuid))
  ORDER BY recorded_at ${direction}, id ${direction}
  LIMIT $5`;
