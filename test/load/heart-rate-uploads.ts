import { randomUUID } from 'node:crypto';

const SPACING_SECONDS = 5;
const DAY_SECONDS = 86_400;

export interface UploadPlan {
  readonly records: number;
  readonly recordsPerUpload: number;
  /** Milliseconds. */
  readonly now: number;
  /** Number of the user, so that users differ. */
  readonly user: number;
}

/**
 * Bodies as an iPhone sends them: heart rate of one watch, 5 s apart, oldest first, every record with its id and the
 * description of its source. Times end at the last midnight (UTC).
 */
export function* heartRateUploads({ records, recordsPerUpload, now, user }: UploadPlan): Generator<Buffer> {
  const lastMidnight = Math.floor(now / 1000 / DAY_SECONDS) * DAY_SECONDS;
  const firstSecond = lastMidnight - records * SPACING_SECONDS;
  const source = JSON.stringify(sourceOf(user));
  const head = `{"provider":"apple","sdkVersion":"0.9.4","syncTimestamp":"${iso(now / 1000)}"`;
  for (let from = 0; from < records; from += recordsPerUpload) {
    const count = Math.min(recordsPerUpload, records - from);
    const items = Array.from({ length: count }, (_, n) => record(firstSecond, from + n, user, source));
    yield Buffer.from(`${head},"data":{"records":[${items.join(',')}],"sleep":[],"workouts":[]}}`);
  }
}

const iso = (seconds: number): string => `${new Date(Math.floor(seconds) * 1000).toISOString().slice(0, 19)}Z`;

function record(firstSecond: number, index: number, user: number, source: string): string {
  const at = iso(firstSecond + index * SPACING_SECONDS);
  return (
    `{"id":"${randomUUID().toUpperCase()}","parentId":null,"type":"HKQuantityTypeIdentifierHeartRate",` +
    `"startDate":"${at}","endDate":"${at}","zoneOffset":"+02:00","source":${source},"value":${heartRate(index, user)},` +
    `"unit":"bpm","metadata":{"HKMetadataKeyHeartRateMotionContext":"1"}}`
  );
}

/** A day's slow wave with some unrest; the same for the same record of the same user. */
function heartRate(index: number, user: number): number {
  const day = Math.sin((index * SPACING_SECONDS * 2 * Math.PI) / DAY_SECONDS);
  const unrest = ((index * 7919 + user * 104_729) % 23) - 11;
  return Math.round(72 + 18 * day + unrest);
}

const sourceOf = (user: number): object => ({
  appId: 'com.apple.health.4B1E2A8C-52D8-4F0E-9C43-7A1B0D3E5F69',
  name: null,
  bundleIdentifier: null,
  version: '11.2',
  productType: 'Watch7,1',
  deviceId: null,
  deviceName: `Watch of user ${user}`,
  deviceManufacturer: 'Apple Inc.',
  deviceModel: 'Watch7,1',
  deviceHardwareVersion: 'Watch7,1',
  deviceSoftwareVersion: '11.2',
  deviceType: 'watch',
  recordingMethod: null,
  operatingSystemVersion: { majorVersion: 11, minorVersion: 2, patchVersion: 0 },
});
