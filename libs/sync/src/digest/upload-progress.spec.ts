import { describe, expect, it } from '@jest/globals';
import type { RowProblem, WriteCounts, WriteReport } from '#libs/model';
import { advanced, NO_PROGRESS, type UploadProgress } from './upload-progress.js';
import { uploadResult } from './upload-result.js';

const counts = (inserted = 0, updated = 0, unchanged = 0): WriteCounts => ({ inserted, updated, unchanged });
const report = (given: Partial<WriteReport> = {}): WriteReport => ({
  points: counts(),
  workouts: counts(),
  sleep: counts(),
  cycles: counts(),
  scores: counts(),
  problems: [],
  ...given,
});
const problem = (index: number, message: string, severity: RowProblem['severity'] = 'dropped'): RowProblem => ({
  collection: 'records',
  index,
  path: 'value',
  message,
  severity,
});
const part = (given: Partial<Parameters<typeof advanced>[1]> = {}) => ({
  chunks: 1,
  report: report(),
  problems: [],
  skipped: {},
  ...given,
});

describe('advanced', () => {
  it('adds up parts and leaves what it was given alone', () => {
    const first = advanced(NO_PROGRESS, part({ report: report({ points: counts(3, 2, 1), sleep: counts(4) }) }));
    const second = advanced(
      first,
      part({ chunks: 2, report: report({ points: counts(10), workouts: counts(0, 0, 1) }) }),
    );
    expect(second).toMatchObject({
      chunks: 3,
      counts: { points: counts(13, 2, 1), sleep: counts(4), workouts: counts(0, 0, 1), cycles: counts() },
    });
    expect(first.counts.points).toEqual(counts(3, 2, 1));
    expect(NO_PROGRESS).toMatchObject({ chunks: 0, dropped: 0, problems: [] });
  });

  it('counts dropped items and not warnings, from the mapper and from the writer', () => {
    const done = advanced(
      NO_PROGRESS,
      part({
        problems: [problem(1, 'Field required'), problem(2, 'ignored', 'warning')],
        report: report({ problems: [problem(7, 'recorded in the future')] }),
      }),
    );
    expect(done.dropped).toBe(2);
    expect(done.problems.map(({ index }) => index)).toEqual([1, 2, 7]);
    expect(done.problemTotals).toEqual({ 'Field required': 1, ignored: 1, 'recorded in the future': 1 });
  });

  it('lists a hundred problems and counts all', () => {
    let progress: UploadProgress = NO_PROGRESS;
    for (let n = 0; n < 3; n++) {
      progress = advanced(
        progress,
        part({ problems: Array.from({ length: 70 }, (_, at) => problem(n * 70 + at, 'bad')) }),
      );
    }
    expect(progress.problems).toHaveLength(100);
    expect(progress.problems.at(-1)).toMatchObject({ index: 99 });
    expect(progress.dropped).toBe(210);
    expect(progress.problemTotals).toEqual({ bad: 210 });
  });

  it('stays small when every item is of another unknown type', () => {
    const skipped = Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`Type${n}`, 2]));
    const done = advanced(advanced(NO_PROGRESS, part({ skipped })), part({ skipped: { Type1: 5, Other: 1 } }));
    expect(Object.keys(done.skipped)).toHaveLength(501);
    expect(done.skipped['Type1']).toBe(7);
    expect(Object.values(done.skipped).reduce((a, b) => a + b)).toBe(4_006);
  });

  it('holds names that objects know already', () => {
    const done = advanced(NO_PROGRESS, part({ skipped: { constructor: 1, toString: 2 } }));
    expect(done.skipped).toEqual({ constructor: 1, toString: 2 });
  });
});

describe('uploadResult', () => {
  it('tells what was handled, what is new and what was left out', () => {
    const done = advanced(
      NO_PROGRESS,
      part({
        report: report({ points: counts(5, 2, 1), workouts: counts(1, 1, 1), sleep: counts(2, 0, 3) }),
        problems: [problem(4, 'Field required')],
        skipped: { Unheard: 3 },
      }),
    );
    expect(uploadResult(done)).toMatchObject({
      records_saved: 8,
      workouts_saved: 1,
      sleep_saved: 5,
      dropped_count: 1,
      points: counts(5, 2, 1),
      problems: [{ collection: 'records', index: 4, path: 'value', message: 'Field required', severity: 'dropped' }],
      problem_totals: { 'Field required': 1 },
      skipped: { Unheard: 3 },
    });
  });
});
