import { Injectable } from '@nestjs/common';
import { Database, type UserRef } from '#libs/database';
import { formatInstant, type Instant, type LocalDate, MICROSECOND, percentOfScore } from '#libs/model';
import type { KeysetCursor } from '../paging/cursor.js';
import { SPAN_STRETCH } from './date-span.js';
import { recoverySql } from './recovery-summary.sql.js';
import { type ChoiceReason, type RankKeys, reasonOf } from './source-choice.js';

/** One day's recovery score with the vitals its provider scored it from. Units: bpm, ms, percent. */
export interface RecoveryDay {
  readonly id: string;
  readonly recordedAt: string;
  readonly date: LocalDate;
  readonly provider: string;
  readonly source: string | null;
  readonly deviceModel: string | null;
  readonly deviceType: string | null;
  /** 0..100. */
  readonly score: number | null;
  readonly restingHeartRate: number | null;
  readonly hrvRmssd: number | null;
  readonly spo2: number | null;
  /** Why this score stands for the day, out of how many sources with a score. */
  readonly reason: ChoiceReason;
  readonly candidates: number;
}

export interface RecoveryQuery {
  /** Inclusive. */
  readonly from: Instant;
  /** Exclusive. */
  readonly to: Instant;
  readonly limit: number;
  readonly cursor: KeysetCursor | null;
}

/** What one span of time answered. */
type SpanRow = SpanEdges & (RecoveryRow | { id: null });

interface SpanEdges extends Record<string, unknown> {
  span_starts: string;
  span_ends: string;
}

interface RecoveryRow {
  id: string;
  recorded_at: string;
  local_date: LocalDate;
  provider: string;
  source: string | null;
  device_model: string | null;
  device_type: string | null;
  value: number | null;
  components: Record<string, { value: number | null } | null | undefined> | null;
  own_rank: number | null;
  provider_rank: number;
  device_rank: number;
  candidates: number;
  /** The next source in order, null when there is none. */
  next_provider: string | null;
  next_own_rank: number | null;
  next_provider_rank: number | null;
  next_device_rank: number | null;
}

/** Recovery per local date out of health scores, ranked in SQL before paging. */
@Injectable()
export class RecoverySummaryReader {
  constructor(private readonly db: Database) {}

  async page(user: UserRef, query: RecoveryQuery): Promise<{ items: RecoveryDay[]; hasMore: boolean }> {
    const { cursor, limit } = query;
    const rows = await this.rows(user, query, limit + 1);
    const items = rows.slice(0, limit).map(recoveryDay);
    if (cursor?.isBackward) items.reverse();
    return { items, hasMore: rows.length > limit };
  }

  /** Reads spans of as many days as are wanted, so that the cost follows the page and not the range. */
  private async rows(user: UserRef, query: RecoveryQuery, wanted: number): Promise<RecoveryRow[]> {
    const { cursor } = query;
    const direction = cursor?.isBackward ? 'DESC' : 'ASC';
    const range = [formatInstant(query.from), formatInstant(query.to)];
    const place = cursor ? [formatInstant(cursor.at), cursor.id] : [null, null];
    let left = [...range];
    if (cursor?.isBackward) left[1] = formatInstant(Math.min(query.to, cursor.at + MICROSECOND));
    else if (cursor) left[0] = formatInstant(Math.max(query.from, cursor.at));
    const rows: RecoveryRow[] = [];
    let days = wanted;
    for (;;) {
      const values = [user.key, user.id, ...range, ...left, days, ...place];
      const span = await this.db.query<SpanRow>(recoverySql(direction), values);
      const edges = span[0];
      const found = span.filter((row): row is SpanEdges & RecoveryRow => row.id !== null);
      rows.push(...found);
      if (!edges || rows.length >= wanted) return rows;
      left = direction === 'ASC' ? [edges.span_ends, left[1]!] : [left[0]!, edges.span_starts];
      days = (wanted - rows.length) * (found.length * 2 < days ? SPAN_STRETCH : 1);
    }
  }
}

function recoveryDay(row: RecoveryRow): RecoveryDay {
  const component = (name: string): number | null => row.components?.[name]?.value ?? null;
  const restingHeartRate = component('resting_heart_rate');
  return {
    id: row.id,
    recordedAt: row.recorded_at,
    date: row.local_date,
    provider: row.provider,
    source: row.source,
    deviceModel: row.device_model,
    deviceType: row.device_type,
    score: row.value === null ? null : scoreOf(row.provider, row.value),
    restingHeartRate: restingHeartRate === null ? null : Math.trunc(restingHeartRate),
    hrvRmssd: component('hrv_rmssd_milli'),
    spo2: component('spo2_percentage'),
    reason: reasonOf(keysOf(row), nextKeysOf(row)),
    candidates: row.candidates,
  };
}

const keysOf = (row: RecoveryRow): RankKeys => ({
  provider: row.provider,
  ownRank: row.own_rank,
  providerRank: row.provider_rank,
  deviceRank: row.device_rank,
});

const nextKeysOf = (row: RecoveryRow): RankKeys | undefined =>
  row.next_provider === null || row.next_provider_rank === null || row.next_device_rank === null
    ? undefined
    : {
        provider: row.next_provider,
        ownRank: row.next_own_rank,
        providerRank: row.next_provider_rank,
        deviceRank: row.next_device_rank,
      };

function scoreOf(provider: string, value: number): number {
  const percent = percentOfScore('recovery', provider, value);
  return Math.min(Math.max(Math.trunc(percent), 0), 100);
}
