import { MISSING_RANK } from '#libs/model';

/**
 * The one order of a user's sources, best first, as a common table expression named `ranked`. Whoever must choose
 * between sources joins it and takes the smallest `position` among those that have the metric that day.
 *
 * Order: the user's own list, then provider priority (unlisted 99; equal numbers by provider code), then the priority of
 * the stored device type (unknown 99), then the source id. The date plays no part, so the order is computed once a query.
 *
 * @param userKey SQL of the user's key, e.g. `$1`
 * @param userId SQL of the user's uuid, e.g. `$2`
 */
export const rankedSources = (userKey: string, userId: string): string => `
  ranked AS (
    SELECT s.id AS source_id, s.provider, s.source, s.device_model, s.device_type,
           r.own_rank, r.provider_rank, r.device_rank,
           row_number() OVER (
             ORDER BY r.own_rank NULLS LAST, r.provider_rank, s.provider, r.device_rank, s.id
           )::int AS position
    FROM data_source s
    CROSS JOIN LATERAL (${sourceRanks(userId, 's.provider', 's.device_type')}) r
    WHERE s.user_key = ${userKey}
  )`;

/**
 * The numbers that place one writer, as a query of one row: rank in the user's own list (null when it names neither),
 * priority of the provider and of the device type.
 *
 * @param userId, provider, deviceType SQL of each
 */
export const sourceRanks = (userId: string, provider: string, deviceType: string): string => `
      SELECT (
          SELECT min(u.rank)
          FROM user_priority u
          WHERE u.user_id = ${userId}
            AND (u.provider IS NULL OR u.provider = ${provider})
            AND (u.device_type IS NULL OR u.device_type = ${deviceType})
        ) AS own_rank,
        coalesce((SELECT p.priority FROM provider_priority p WHERE p.provider = ${provider}), ${MISSING_RANK})
          AS provider_rank,
        coalesce((SELECT d.priority FROM device_type_priority d WHERE d.device_type = ${deviceType}), ${MISSING_RANK})
          AS device_rank`;
