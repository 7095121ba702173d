import { DEVICE_TYPES, type DeviceType } from '#libs/model';
import type { SourceView } from '#libs/read';
import { Shown } from '../http/shown.js';

/** Who wrote a record. */
export class SourceAnswer implements SourceView {
  @Shown.text({ description: 'Integration the data came through' })
  provider!: string;

  @Shown.text({ nullable: true, description: 'Writer inside the integration' })
  source!: string | null;

  @Shown.text({ nullable: true, description: 'Raw device model' })
  device!: string | null;

  @Shown.oneOf(DEVICE_TYPES, { nullable: true })
  device_type!: DeviceType | null;

  @Shown.text({ nullable: true, description: 'Marketing name of the device' })
  device_name!: string | null;
}
