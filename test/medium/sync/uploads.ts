/** Builders of what phones upload. */

export interface SdkRecord {
  [field: string]: unknown;
}

const SECOND_MS = 1000;

export const WATCH = {
  appId: 'org.example.app',
  deviceName: 'Demo Watch',
  deviceModel: 'Watch7,1',
  deviceType: 'watch',
};

export const iso = (millis: number): string => `${new Date(millis).toISOString().slice(0, 19)}Z`;

/** One heart-rate sample, `second` seconds after the base time. */
export function heartRate(
  second: number,
  value: unknown = 60 + (second % 40),
  base = '2025-03-04T00:00:00Z',
): SdkRecord {
  const at = iso(Date.parse(base) + second * SECOND_MS);
  return {
    id: `hr-${second}`,
    type: 'HKQuantityTypeIdentifierHeartRate',
    startDate: at,
    endDate: at,
    zoneOffset: null,
    value,
    unit: 'count/min',
    source: WATCH,
    metadata: {},
  };
}

export const heartRates = (count: number, from = 0, value?: (second: number) => unknown): SdkRecord[] =>
  Array.from({ length: count }, (_, n) => heartRate(from + n, value?.(from + n)));

export function upload(data: Record<string, unknown>, envelope: Record<string, unknown> = {}): Record<string, unknown> {
  return { provider: 'apple', sdkVersion: '9.9.1', syncTimestamp: '2025-03-04T05:06:07Z', data, ...envelope };
}
