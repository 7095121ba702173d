import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import {
  badRequest,
  formatInstant,
  formatZoneOffset,
  PROVIDER_CODES,
  type ProviderCode,
  type QueryInstant,
  type ScoreCategory,
} from '#libs/model';
import type { Paged } from '../paging/page.js';
import { SqlParameters } from '../sql-parameters.js';

export interface HealthScoreQuery {
  readonly start: QueryInstant | null;
  /** Exclusive. */
  readonly end: QueryInstant | null;
  readonly category: ScoreCategory | null;
  readonly provider: ProviderCode | null;
  readonly limit: number;
  readonly offset: number;
}

/** One score on the wire; its scale depends on provider and category. */
export interface HealthScoreView {
  readonly category: string;
  readonly value: number | null;
  readonly qualifier: string | null;
  readonly recorded_at: string;
  readonly zone_offset: string | null;
  readonly components: Readonly<Record<string, ScoreComponentView>> | null;
  readonly id: string;
  readonly data_source_id: string | null;
  /** Null when the stored text is none of the known providers. */
  readonly provider: ProviderCode | null;
}

export interface ScoreComponentView {
  readonly value: number | null;
  readonly qualifier: string | null;
}

interface ScoreRow {
  category: string;
  value: number | null;
  qualifier: string | null;
  recorded_at: string;
  zone_offset: number | null;
  components: Record<string, Partial<ScoreComponentView> | null> | null;
  id: string;
  source_id: string | null;
  provider: string;
}

/** Health scores of a user, newest first. */
@Injectable()
export class HealthScoreReader {
  constructor(private readonly db: Database) {}

  /**
   * One page by offset with the exact total. Unknown users have none.
   *
   * @throws Failure 400 when the range is empty or runs backward
   */
  async page(userId: string, query: HealthScoreQuery): Promise<Paged<HealthScoreView>> {
    if (query.start && query.end && query.start.instant >= query.end.instant) {
      throw badRequest('start_datetime must be before end_datetime');
    }
    const { text, values } = filterOf(userId, query);
    const paging = `LIMIT $${values.length + 1} OFFSET $${values.length + 2}`;
    const [rows, [counted]] = await Promise.all([
      this.db.query<ScoreRow>(
        `SELECT category, value, qualifier, recorded_at, zone_offset, components, id, source_id, provider
         FROM health_score WHERE ${text} ORDER BY recorded_at DESC, id DESC ${paging}`,
        [...values, query.limit, query.offset],
      ),
      this.db.query<{ total: number }>(`SELECT count(*) AS total FROM health_score WHERE ${text}`, values),
    ]);
    const total = counted?.total ?? 0;
    return {
      data: rows.map(scoreView),
      pagination: {
        next_cursor: null,
        previous_cursor: null,
        has_more: query.offset + rows.length < total,
        total_count: total,
      },
      metadata: {
        resolution: null,
        sample_count: rows.length,
        start_time: query.start?.echo ?? null,
        end_time: query.end?.echo ?? null,
      },
    };
  }
}

function filterOf(userId: string, query: HealthScoreQuery): { text: string; values: readonly unknown[] } {
  const parameters = new SqlParameters();
  const conditions = [`user_key = (SELECT key FROM users WHERE id = ${parameters.add(userId)})`];
  if (query.start) conditions.push(`recorded_at >= ${parameters.add(formatInstant(query.start.instant))}`);
  if (query.end) conditions.push(`recorded_at < ${parameters.add(formatInstant(query.end.instant))}`);
  if (query.category) conditions.push(`category = ${parameters.add(query.category)}`);
  if (query.provider) conditions.push(`provider = ${parameters.add(query.provider)}`);
  return { text: conditions.join(' AND '), values: parameters.values };
}

const scoreView = (row: ScoreRow): HealthScoreView => ({
  category: row.category,
  value: row.value,
  qualifier: row.qualifier,
  recorded_at: row.recorded_at,
  zone_offset: formatZoneOffset(row.zone_offset),
  components: row.components && componentsView(row.components),
  id: row.id,
  data_source_id: row.source_id,
  provider: PROVIDER_CODES.find((code) => code === row.provider) ?? null,
});

const componentsView = (
  components: Readonly<Record<string, Partial<ScoreComponentView> | null>>,
): Record<string, ScoreComponentView> =>
  Object.fromEntries(
    Object.entries(components).map(([name, component]) => [
      name,
      { value: component?.value ?? null, qualifier: component?.qualifier ?? null },
    ]),
  );
