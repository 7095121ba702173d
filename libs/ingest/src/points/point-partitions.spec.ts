import { expect, it } from '@jest/globals';
import { parseIsoInstant } from '#libs/model';
import { partitionName } from './point-partitions.js';

it.each([
  ['2026-11-01T00:00:00Z', 'point_2026_11'],
  ['2026-10-31T23:59:59.999999Z', 'point_2026_10'],
  ['2000-01-01T00:00:00Z', 'point_2000_01'],
  ['1999-12-31T23:59:59.999999Z', 'point_early'],
  ['1800-05-05T00:00:00Z', 'point_early'],
])('%s lies in %s', (time, name) => expect(partitionName(parseIsoInstant(time)!)).toBe(name));
