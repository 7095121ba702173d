import type { Sql, UserRef } from '#libs/database';
import type { Instant, ZoneOffsetMinutes } from '#libs/model';
import { upsertScores, type UpsertedScores } from '../scores/score.repository.js';

/** A night made of segments and the vendor's score that came with them, if any. */
export interface ScoredNight {
  readonly eventId: string;
  readonly sourceId: string;
  readonly endedAt: Instant;
  readonly zoneOffset: ZoneOffsetMinutes | null;
  readonly score: number | null;
}

const CATEGORY = 'sleep';

/** Keeps the vendor's sleep score with its night, recorded at its end. */
export async function writeSegmentScores(
  sql: Sql,
  user: UserRef,
  provider: string,
  nights: readonly ScoredNight[],
  now: Instant,
): Promise<UpsertedScores> {
  const scored = nights.filter(({ score }) => score !== null);
  return upsertScores(
    sql,
    user,
    scored.map(({ eventId, sourceId, endedAt, zoneOffset, score }) => ({
      provider,
      category: CATEGORY,
      value: score,
      qualifier: null,
      recordedAt: endedAt,
      zoneOffset,
      components: null,
      sourceId,
      eventId,
      isOnePerEvent: true,
    })),
    now,
  );
}
