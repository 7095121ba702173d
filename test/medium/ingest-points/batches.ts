import { parseIsoInstant, type HealthBatch, type Instant, type PointInput, type SourceIdentity } from '#libs/model';

export const NOW = at('2027-01-01T00:00:00Z');

/** An instant from ISO text. */
export function at(text: string): Instant {
  const instant = parseIsoInstant(text);
  if (instant === null) throw new Error(`Not an instant: ${text}`);
  return instant;
}

export const WATCH: SourceIdentity = {
  source: 'com.apple.health',
  deviceModel: 'Watch7,1',
  deviceType: null,
  softwareVersion: null,
  originalSourceName: null,
};

export const PHONE: SourceIdentity = { ...WATCH, deviceModel: 'iPhone17,2' };

/** A heart rate of 60 at the given time in UTC, with what `fields` says otherwise. */
export function point(recordedAt: string | Instant, fields: Partial<PointInput> = {}): PointInput {
  return {
    sourceIndex: 0,
    series: 'heart_rate',
    recordedAt: typeof recordedAt === 'string' ? at(recordedAt) : recordedAt,
    endedAt: null,
    value: 60,
    isDailyTotal: false,
    externalId: null,
    zoneOffset: null,
    origin: { collection: 'records', index: 0 },
    ...fields,
  };
}

/** Points of a watch (source 0) and a phone (source 1); their origins are their places. */
export function batchOf(points: readonly PointInput[], fields: Partial<HealthBatch> = {}): HealthBatch {
  return {
    provider: 'apple',
    sources: [WATCH, PHONE],
    points: points.map((input, index) => ({ ...input, origin: { collection: 'records', index } })),
    workouts: [],
    sleepSegments: [],
    sleepSessions: [],
    cycles: [],
    scores: [],
    activities: [],
    ...fields,
  };
}
