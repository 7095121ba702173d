import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { ArchivalDays } from './cutoffs.js';
import { prettyBytes } from './pretty-bytes.js';

export type GrowthClass = 'bounded' | 'linear_efficient' | 'linear';

/** Live = points, archive = daily rollups; `archive_row_count` counts rollups whose points were dropped. */
export interface StorageFigures {
  readonly live_data_bytes: number;
  readonly live_index_bytes: number;
  readonly archive_data_bytes: number;
  readonly archive_index_bytes: number;
  readonly other_tables_bytes: number;
  readonly total_bytes: number;
  readonly live_row_count: number;
  readonly archive_row_count: number;
  readonly avg_bytes_per_live_row: number;
  /** Per rollup, archived or not. */
  readonly avg_bytes_per_archive_row: number;
  readonly live_data_span_days: number;
  readonly live_total_pretty: string;
  readonly live_data_pretty: string;
  readonly live_index_pretty: string;
  readonly archive_total_pretty: string;
  readonly archive_data_pretty: string;
  readonly archive_index_pretty: string;
  readonly other_tables_pretty: string;
  readonly total_pretty: string;
}

interface Measured {
  live_data: number;
  live_index: number;
  archive_data: number;
  archive_index: number;
  other: number;
  live_rows: number;
  archive_rows: number;
  rollups: number;
  span_days: number;
}

const KEPT_MILLISECONDS = 60_000;

/** How much space the platform takes. Measuring walks over all tables, so the figures are kept for a minute. */
@Injectable()
export class StorageReader {
  private kept: { readonly at: number; readonly figures: Promise<StorageFigures> } | null = null;

  constructor(private readonly db: Database) {}

  /** @param now milliseconds of any clock that only goes up */
  read(now: number): Promise<StorageFigures> {
    if (this.kept && now - this.kept.at < KEPT_MILLISECONDS) return this.kept.figures;
    const figures = this.measure();
    this.kept = { at: now, figures };
    figures.catch(() => {
      if (this.kept?.figures === figures) this.kept = null;
    });
    return figures;
  }

  private async measure(): Promise<StorageFigures> {
    const [measured] = await this.db.query<Measured>(MEASURE);
    return figuresOf(measured!);
  }
}

/** How the platform grows under these settings. */
export function growthClass({ archiveAfterDays, deleteAfterDays }: ArchivalDays): GrowthClass {
  if (deleteAfterDays !== null) return 'bounded';
  return archiveAfterDays === null ? 'linear' : 'linear_efficient';
}

/** Bytes per row to one decimal. */
const perRow = (bytes: number, rows: number): number => (rows > 0 ? Math.round((bytes / rows) * 10) / 10 : 0);

function figuresOf(m: Measured): StorageFigures {
  const live = m.live_data + m.live_index;
  const archive = m.archive_data + m.archive_index;
  const total = live + archive + m.other;
  return {
    live_data_bytes: m.live_data,
    live_index_bytes: m.live_index,
    archive_data_bytes: m.archive_data,
    archive_index_bytes: m.archive_index,
    other_tables_bytes: m.other,
    total_bytes: total,
    live_row_count: m.live_rows,
    archive_row_count: m.archive_rows,
    avg_bytes_per_live_row: perRow(live, m.live_rows),
    avg_bytes_per_archive_row: m.archive_rows > 0 ? perRow(archive, Math.max(m.rollups, m.archive_rows)) : 0,
    live_data_span_days: m.span_days,
    live_total_pretty: prettyBytes(live),
    live_data_pretty: prettyBytes(m.live_data),
    live_index_pretty: prettyBytes(m.live_index),
    archive_total_pretty: prettyBytes(archive),
    archive_data_pretty: prettyBytes(m.archive_data),
    archive_index_pretty: prettyBytes(m.archive_index),
    other_tables_pretty: prettyBytes(m.other),
    total_pretty: prettyBytes(total),
  };
}

const MEASURE = `
  WITH tables AS (
    SELECT c.oid, CASE
        WHEN c.oid = 'rollup'::regclass THEN 'archive'
        WHEN EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid AND i.inhparent = 'point'::regclass) THEN 'live'
        ELSE 'other'
      END AS kind
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
      AND n.nspname NOT LIKE 'pg\\_temp%' AND n.nspname NOT LIKE 'pg\\_toast%'
  ), sizes AS (
    SELECT kind, coalesce(sum(pg_table_size(oid)), 0)::bigint AS data, coalesce(sum(pg_indexes_size(oid)), 0)::bigint
      AS indexes
    FROM tables GROUP BY kind
  ), spans AS (
    SELECT extract(epoch FROM max(last_at) - min(first_at)) / 86400 AS days FROM stream WHERE point_count > 0
    HAVING count(*) > 0
  )
  SELECT
    coalesce((SELECT data FROM sizes WHERE kind = 'live'), 0) AS live_data,
    coalesce((SELECT indexes FROM sizes WHERE kind = 'live'), 0) AS live_index,
    coalesce((SELECT data FROM sizes WHERE kind = 'archive'), 0) AS archive_data,
    coalesce((SELECT indexes FROM sizes WHERE kind = 'archive'), 0) AS archive_index,
    coalesce((SELECT data + indexes FROM sizes WHERE kind = 'other'), 0) AS other,
    (SELECT coalesce(sum(value), 0) FROM platform_counter WHERE name = 'points') AS live_rows,
    (SELECT coalesce(sum(value), 0) FROM platform_counter WHERE name = 'archived_rollups') AS archive_rows,
    (SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'rollup'::regclass) AS rollups,
    coalesce((SELECT greatest(floor(days), 1) FROM spans), 0)::integer AS span_days`;
