import { describe, expect, it } from '@jest/globals';
import { parseIsoInstant, type JsonValue } from '#libs/model';
import { atPath } from './json-path.js';
import { mapRecords, type MappingFacts } from './map-records.js';
import { BadRecord } from './mapping-context.js';
import type { CloudResource } from './resource.js';

const now = parseIsoInstant('2026-03-10T18:00:00Z')!;
const facts: MappingFacts = {
  now,
  environment: {
    clientId: null,
    clientSecret: null,
    webhookSecret: null,
    subscriptionIds: [],
    granularity: 'raw',
    setting: () => null,
  },
  newest: new Map([['weight', 70]]),
  zoneOffsets: new Map([['2026-03-10', 60]]),
  startIndex: 10,
};

const weights: CloudResource = {
  name: 'weights',
  part: 'data_247',
  map(record, batch, context) {
    const sourceIndex = batch.source({ source: 'whoop' });
    const value = atPath(record, 'kg');
    const point = { sourceIndex, recordedAt: context.now, endedAt: null, isDailyTotal: false, externalId: null };
    batch.point({ ...point, series: 'weight', value: Number(value), zoneOffset: null, origin: context.origin });
    if (value === 'gone') context.remove({ kind: 'event', category: 'sleep', externalId: 'x' });
    if (typeof value !== 'number') throw new BadRecord('must be a number', 'kg');
    if (value < 0) (undefined as unknown as { boom(): void }).boom();
  },
};

const map = (records: readonly JsonValue[]) => mapRecords('whoop', weights, records, facts);

describe('mapRecords', () => {
  it('reports what cannot be read by its place and keeps the rest', () => {
    const { batch, problems, removals } = map([{ kg: 71 }, { kg: 'gone' }, { kg: -1 }, { kg: 72 }]);
    expect(batch.points.map(({ value, origin }) => [value, origin.index])).toEqual([
      [71, 10],
      [72, 13],
    ]);
    expect(removals).toEqual([]);
    expect(problems).toEqual([
      { collection: 'weights', index: 11, path: 'kg', message: 'must be a number', severity: 'dropped' },
      { collection: 'weights', index: 12, path: null, message: 'could not be read', severity: 'dropped' },
    ]);
  });

  it('notes what a mapper leaves out of a record, unless the record is left out as a whole', () => {
    const warning: CloudResource = {
      ...weights,
      map(record, batch, context) {
        context.warn('is out of range', 'kg');
        context.warn('has no zone');
        weights.map(record, batch, context);
      },
    };
    const { batch, problems } = mapRecords('whoop', warning, [{ kg: 71 }, { kg: -1 }], facts);
    expect(batch.points).toHaveLength(1);
    expect(problems).toEqual([
      { collection: 'weights', index: 10, path: 'kg', message: 'is out of range', severity: 'warning' },
      { collection: 'weights', index: 10, path: null, message: 'has no zone', severity: 'warning' },
      { collection: 'weights', index: 11, path: null, message: 'could not be read', severity: 'dropped' },
    ]);
  });

  it('tells a mapper what its resource asked for', () => {
    const seen: unknown[] = [];
    const curious: CloudResource = {
      ...weights,
      map(_, __, context) {
        seen.push(context.newest('weight'), context.newest('height'), context.zoneOffsetOn('2026-03-10'));
        seen.push(context.zoneOffsetOn('2026-03-09'));
        context.remove({ kind: 'event', category: 'workout', externalId: '7', scores: ['strain'] });
      },
    };
    const { removals } = mapRecords('whoop', curious, [{}], facts);
    expect(seen).toEqual([70, null, 60, null]);
    expect(removals).toEqual([{ kind: 'event', category: 'workout', externalId: '7', scores: ['strain'] }]);
  });
});
