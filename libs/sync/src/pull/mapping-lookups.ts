import { Injectable } from '@nestjs/common';
import type { CloudConnection } from '#libs/cloud';
import { Database } from '#libs/database';
import { seriesTypeByCode, type JsonValue, type SeriesCode, type ZoneOffsetMinutes } from '#libs/model';
import type { CloudResource, MappingFacts } from '#libs/providers/kit';

type Lookups = Required<Pick<MappingFacts, 'newest' | 'zoneOffsets'>>;

const NEWEST = `
  SELECT w.code, p.value FROM unnest($3::text[], $4::smallint[]) AS w (code, series_type)
  CROSS JOIN LATERAL (
    SELECT p.value FROM data_source d JOIN stream s ON s.user_key = $1 AND s.source_id = d.id
      AND s.series_type = w.series_type
    JOIN point p ON p.user_key = $1 AND p.stream_id = s.id AND p.recorded_at = s.last_at
    WHERE d.user_key = $1 AND d.provider = $2 ORDER BY p.recorded_at DESC LIMIT 1
  ) p`;

/** A sleep that ends on the date, else a workout of the date, else the nearest event before; null without any. */
const DECIDE_ZONES = `
  WITH wanted AS (
    SELECT local_date FROM unnest($4::date[]) AS w (local_date)
    WHERE NOT EXISTS (SELECT FROM connection_zone z WHERE z.connection_id = $3 AND z.local_date = w.local_date)
  ), decided AS (
    INSERT INTO connection_zone (connection_id, local_date, zone_offset)
    SELECT $3, w.local_date, (
      SELECT e.zone_offset FROM event e JOIN data_source d ON d.user_key = $1 AND d.id = e.source_id
      WHERE e.user_key = $1 AND d.provider = $2 AND e.category IN ('sleep', 'workout') AND e.zone_offset IS NOT NULL
        AND e.local_date <= w.local_date
      ORDER BY e.local_date DESC, e.category, e.started_at LIMIT 1)
    FROM wanted w
    ON CONFLICT DO NOTHING RETURNING local_date, zone_offset
  )
  SELECT local_date, zone_offset FROM decided
  UNION ALL
  SELECT local_date, zone_offset FROM connection_zone WHERE connection_id = $3 AND local_date = ANY ($4::date[])`;

/** Looks up what mappers may ask, before they run. */
@Injectable()
export class MappingLookups {
  constructor(private readonly db: Database) {}

  async of(connection: CloudConnection, resource: CloudResource, records: readonly JsonValue[]): Promise<Lookups> {
    const dates = resource.localDates ? [...new Set(records.flatMap((record) => safely(resource, record)))] : [];
    return {
      newest: await this.newest(connection, resource.compares ?? []),
      zoneOffsets: await this.zoneOffsets(connection, dates),
    };
  }

  private async newest(
    { user_key, provider }: CloudConnection,
    codes: readonly SeriesCode[],
  ): Promise<ReadonlyMap<SeriesCode, number>> {
    if (codes.length === 0) return new Map();
    const types = codes.map((code) => seriesTypeByCode(code)?.id ?? null);
    const rows = await this.db.query<{ code: string; value: number }>(NEWEST, [user_key, provider, codes, types]);
    return new Map(rows.map(({ code, value }) => [code, value]));
  }

  private async zoneOffsets(
    { id, user_key, provider }: CloudConnection,
    dates: readonly string[],
  ): Promise<ReadonlyMap<string, ZoneOffsetMinutes | null>> {
    if (dates.length === 0) return new Map();
    const rows = await this.db.query<{ local_date: string; zone_offset: number | null }>(DECIDE_ZONES, [
      user_key,
      provider,
      id,
      dates,
    ]);
    return new Map(rows.map(({ local_date, zone_offset }) => [local_date, zone_offset]));
  }
}

const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/** Dates of a record that can be dates; the mapper will say what is wrong with the record. */
function safely(resource: CloudResource, record: JsonValue): readonly string[] {
  try {
    return (resource.localDates?.(record) ?? []).filter((date) => DATE.test(date) && !Number.isNaN(Date.parse(date)));
  } catch {
    return [];
  }
}
