import type { DataSourceView } from '#libs/read';
import { Shown } from '../http/shown.js';

export class DataSourceAnswer implements DataSourceView {
  @Shown.uuid()
  id!: string;

  @Shown.uuid()
  user_id!: string;

  @Shown.text()
  provider!: string;

  @Shown.uuid({ nullable: true })
  user_connection_id!: string | null;

  @Shown.text({ nullable: true })
  device_model!: string | null;

  @Shown.text({ nullable: true })
  software_version!: string | null;

  @Shown.text({ nullable: true, description: 'Writer inside the integration' })
  source!: string | null;

  @Shown.text({ nullable: true })
  device_type!: string | null;

  @Shown.text({ nullable: true })
  original_source_name!: string | null;

  @Shown.text({ nullable: true, description: 'For people: provider and device' })
  display_name!: string | null;
}

export class DataSourceListAnswer {
  @Shown.list(() => DataSourceAnswer)
  items!: DataSourceAnswer[];

  @Shown.int()
  total!: number;
}
