import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';

/** A source of a user's data as the wire shows it. */
export interface DataSourceView {
  readonly id: string;
  readonly user_id: string;
  readonly provider: string;
  readonly user_connection_id: string | null;
  readonly device_model: string | null;
  readonly software_version: string | null;
  readonly source: string | null;
  readonly device_type: string | null;
  readonly original_source_name: string | null;
  readonly display_name: string | null;
}

export interface DataSourceList {
  readonly items: readonly DataSourceView[];
  readonly total: number;
}

type DataSourceRow = Omit<DataSourceView, 'display_name'>;

const LIST_SQL = `
  SELECT d.id, u.id AS user_id, d.provider, d.connection_id AS user_connection_id, d.device_model, d.software_version,
         d.source, d.device_type, d.original_source_name
  FROM users u
  JOIN data_source d ON d.user_key = u.key
  WHERE u.id = $1
  ORDER BY d.provider COLLATE "C", d.device_model COLLATE "C" NULLS LAST, d.id`;

@Injectable()
export class DataSourceReader {
  constructor(private readonly db: Database) {}

  /** All sources of the user by provider, then device model, those without a model last. */
  async list(userId: string): Promise<DataSourceList> {
    const rows = await this.db.query<DataSourceRow>(LIST_SQL, [userId]);
    const items = rows.map((row) => ({ ...row, display_name: displayName(row) }));
    return { items, total: items.length };
  }
}

/** `Garmin - Forerunner 255`: the provider and the model, else the writer's own name, else the provider alone. */
export function displayName(row: Pick<DataSourceRow, 'provider' | 'device_model' | 'original_source_name'>): string {
  const provider = row.provider.charAt(0).toUpperCase() + row.provider.slice(1).toLowerCase();
  const detail = row.device_model || row.original_source_name;
  return detail ? `${provider} - ${detail}` : provider;
}
