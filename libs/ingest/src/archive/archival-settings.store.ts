import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { badRequest } from '#libs/model';
import type { ArchivalDays } from './cutoffs.js';

/** The one row of archival settings. */
@Injectable()
export class ArchivalSettingsStore {
  constructor(private readonly db: Database) {}

  async get(): Promise<ArchivalDays> {
    const [row] = await this.db.query<{ archive: number | null; deletion: number | null }>(
      'SELECT archive_after_days AS archive, delete_after_days AS deletion FROM archival_settings WHERE id = 1',
    );
    return { archiveAfterDays: row?.archive ?? null, deleteAfterDays: row?.deletion ?? null };
  }

  /** Replaces both. @throws Failure 400 when what is archived would be deleted already */
  async replace({ archiveAfterDays, deleteAfterDays }: ArchivalDays): Promise<void> {
    if (archiveAfterDays !== null && deleteAfterDays !== null && deleteAfterDays <= archiveAfterDays) {
      throw badRequest('delete_after_days must be greater than archive_after_days');
    }
    await this.db.query(
      `INSERT INTO archival_settings (id, archive_after_days, delete_after_days) VALUES (1, $1, $2)
       ON CONFLICT (id) DO UPDATE
       SET archive_after_days = excluded.archive_after_days, delete_after_days = excluded.delete_after_days`,
      [archiveAfterDays, deleteAfterDays],
    );
  }
}
