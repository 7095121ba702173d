import { describe, expect, it } from '@jest/globals';
import type { HealthBatch, PointInput, ScoreInput, SleepSegmentInput, SourceIdentity } from '#libs/model';
import { mergeBatches } from './merge-batches.js';

const source = (name: string): SourceIdentity => ({
  source: name,
  deviceModel: null,
  deviceType: null,
  softwareVersion: null,
  originalSourceName: null,
});
const point = (sourceIndex: number, value: number) => ({ sourceIndex, value }) as PointInput;
const segment = (sourceIndex: number) => ({ sourceIndex, stage: 'deep' }) as SleepSegmentInput;
const score = (sourceIndex: number | null) => ({ sourceIndex, category: 'sleep' }) as ScoreInput;

const batch = (given: Partial<HealthBatch>): HealthBatch => ({
  provider: 'apple',
  sources: [],
  points: [],
  workouts: [],
  sleepSegments: [],
  sleepSessions: [],
  cycles: [],
  scores: [],
  activities: [],
  ...given,
});

describe('mergeBatches', () => {
  it('keeps every record with its own source and all in order', () => {
    const merged = mergeBatches([
      batch({ sources: [source('a'), source('b')], points: [point(0, 1), point(1, 2)], scores: [score(null)] }),
      batch({ sources: [source('c')], points: [point(0, 3)], sleepSegments: [segment(0)], scores: [score(0)] }),
      batch({}),
      batch({ sources: [source('d'), source('a')], points: [point(1, 4)] }),
    ]);
    expect(merged.points.map((p) => [p.value, merged.sources[p.sourceIndex]?.source])).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
      [4, 'a'],
    ]);
    expect(merged.sleepSegments).toEqual([segment(2)]);
    expect(merged.scores).toEqual([score(null), score(2)]);
  });

  it('hands a single batch through', () => {
    const only = batch({ points: [point(0, 1)] });
    expect(mergeBatches([only])).toBe(only);
  });
});
