import type { JsonObject } from '#libs/model';
import { WireBool, WireInt, WireList, WireNumber, WireObject, WireString, WireTimestamp } from '../http/wire/wire.js';
import { logEvent } from './log-event.kind.js';
import { objectOf } from '../http/wire/structured.kinds.js';

const camel = (name: string) => ({ name, optional: true, nullable: true });

class DataTypeCount {
  @WireString()
  type!: string;

  @WireInt({ min: 0 })
  count!: number;
}

class LogTimeRange {
  @WireTimestamp(camel('startDate'))
  startDate?: number | null;

  @WireTimestamp(camel('endDate'))
  endDate?: number | null;
}

class HistoricalSyncStart {
  @WireTimestamp()
  timestamp!: number;

  @WireList(objectOf(() => DataTypeCount), { name: 'dataTypeCounts', optional: true })
  dataTypeCounts?: DataTypeCount[];

  @WireObject(() => LogTimeRange, camel('timeRange'))
  timeRange?: LogTimeRange | null;
}

class HistoricalTypeSyncEnd {
  @WireTimestamp()
  timestamp!: number;

  @WireString({ name: 'dataType' })
  dataType!: string;

  @WireBool()
  success!: boolean;

  @WireInt(camel('recordCount'))
  recordCount?: number | null;

  @WireInt(camel('durationMs'))
  durationMs?: number | null;
}

class DeviceState {
  @WireTimestamp()
  timestamp!: number;

  @WireNumber({ min: 0, max: 1, ...camel('batteryLevel') })
  batteryLevel?: number | null;

  @WireString(camel('batteryState'))
  batteryState?: string | null;

  @WireString(camel('thermalState'))
  thermalState?: string | null;

  @WireString(camel('taskType'))
  taskType?: string | null;

  @WireBool(camel('isLowPowerMode'))
  isLowPowerMode?: boolean | null;

  @WireInt(camel('availableRamBytes'))
  availableRamBytes?: number | null;

  @WireInt(camel('totalRamBytes'))
  totalRamBytes?: number | null;
}

const EVENTS = {
  historical_data_sync_start: HistoricalSyncStart,
  historical_data_type_sync_end: HistoricalTypeSyncEnd,
  device_state: DeviceState,
};

/** What a phone tells about its own state and work. */
export class SdkLogsBody {
  @WireString({ name: 'sdkVersion' })
  sdkVersion!: string;

  @WireString({ optional: true, nullable: true })
  provider?: string | null;

  /** Null stands for an event of a known type that did not fit; it is left out. */
  @WireList(logEvent(EVENTS), { min: 1, max: 100 })
  events!: (JsonObject | null)[];
}
