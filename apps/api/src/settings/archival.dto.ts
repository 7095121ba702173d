import type { ArchivalDays, GrowthClass, StorageFigures } from '#libs/ingest';
import { Shown } from '../http/shown.js';
import { WireInt } from '../http/wire/wire.js';

const LONGEST_ARCHIVE_DAYS = 3650;
const LONGEST_DELETE_DAYS = 7300;

/** Replaces both settings: what is left out becomes null. */
export class ArchivalSettingsBody {
  @WireInt({
    min: 1,
    max: LONGEST_ARCHIVE_DAYS,
    optional: true,
    nullable: true,
    description:
      'Days after which samples are dropped and their daily rollups stay, at least 8 in effect; null = never',
  })
  archiveAfterDays?: number | null;

  @WireInt({
    min: 1,
    max: LONGEST_DELETE_DAYS,
    optional: true,
    nullable: true,
    description: 'Days after which rollups are deleted, too; greater than archive_after_days; null = never',
  })
  deleteAfterDays?: number | null;
}

class ArchivalSettingsShown {
  @Shown.int({ nullable: true })
  archive_after_days!: number | null;

  @Shown.int({ nullable: true })
  delete_after_days!: number | null;
}

/** Live = samples, archive = daily rollups. */
class StorageShown implements StorageFigures {
  @Shown.int()
  live_data_bytes!: number;

  @Shown.int()
  live_index_bytes!: number;

  @Shown.int()
  archive_data_bytes!: number;

  @Shown.int()
  archive_index_bytes!: number;

  @Shown.int()
  other_tables_bytes!: number;

  @Shown.int()
  total_bytes!: number;

  @Shown.int()
  live_row_count!: number;

  @Shown.int({ description: 'Rollups whose samples were dropped' })
  archive_row_count!: number;

  @Shown.number()
  avg_bytes_per_live_row!: number;

  @Shown.number()
  avg_bytes_per_archive_row!: number;

  @Shown.int({ description: 'Whole days from the oldest to the newest sample' })
  live_data_span_days!: number;

  @Shown.text()
  live_total_pretty!: string;

  @Shown.text()
  live_data_pretty!: string;

  @Shown.text()
  live_index_pretty!: string;

  @Shown.text()
  archive_total_pretty!: string;

  @Shown.text()
  archive_data_pretty!: string;

  @Shown.text()
  archive_index_pretty!: string;

  @Shown.text()
  other_tables_pretty!: string;

  @Shown.text()
  total_pretty!: string;

  @Shown.oneOf(['bounded', 'linear_efficient', 'linear'])
  growth_class!: GrowthClass;
}

export class ArchivalAnswer {
  @Shown.object(() => ArchivalSettingsShown)
  settings!: ArchivalSettingsShown;

  @Shown.object(() => StorageShown, { description: 'Measured at most a minute ago' })
  storage!: StorageShown;
}

export class ArchivalRunAnswer {
  @Shown.text()
  task_id!: string;

  @Shown.oneOf(['dispatched'])
  status!: 'dispatched';
}

export const archivalDays = ({ archiveAfterDays, deleteAfterDays }: ArchivalSettingsBody): ArchivalDays => ({
  archiveAfterDays: archiveAfterDays ?? null,
  deleteAfterDays: deleteAfterDays ?? null,
});

export const archivalAnswer = (days: ArchivalDays, storage: StorageFigures, growth: GrowthClass): ArchivalAnswer => ({
  settings: { archive_after_days: days.archiveAfterDays, delete_after_days: days.deleteAfterDays },
  storage: { ...storage, growth_class: growth },
});
