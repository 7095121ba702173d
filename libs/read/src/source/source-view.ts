import { DEVICE_TYPES, deviceName, type DeviceType } from '#libs/model';

/** Who wrote a record, as every answer shows it. */
export interface SourceView {
  readonly provider: string;
  readonly source: string | null;
  readonly device: string | null;
  readonly device_type: DeviceType | null;
  readonly device_name: string | null;
}

/** The columns of a data source that `sourceView` needs. */
export interface SourceColumns {
  readonly provider: string;
  readonly source: string | null;
  readonly device_model: string | null;
  readonly device_type: string | null;
}

/** A stored device type that is none of the known ones shows as null. */
export function sourceView(row: SourceColumns): SourceView {
  const deviceType = row.device_type as DeviceType;
  return {
    provider: row.provider || 'unknown',
    source: row.source,
    device: row.device_model,
    device_type: DEVICE_TYPES.includes(deviceType) ? deviceType : null,
    device_name: deviceName(row.device_model),
  };
}
