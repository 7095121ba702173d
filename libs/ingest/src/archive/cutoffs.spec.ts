import { describe, expect, it } from '@jest/globals';
import { parseIsoInstant } from '#libs/model';
import { cutoffsOf } from './cutoffs.js';

const NOW = parseIsoInstant('2026-03-31T03:00:00Z')!;

describe('cutoffs', () => {
  it.each([
    ['nothing is set', null, null, null, null],
    ['archiving alone', 30, null, '2026-03-01', null],
    ['the last week always stays', 1, null, '2026-03-23', null],
    ['deletion alone', null, 10, '2026-03-21', '2026-03-21'],
    ['archiving before deletion', 30, 60, '2026-03-01', '2026-01-30'],
    ['deletion inside of the last week', 1, 2, '2026-03-29', '2026-03-29'],
  ])('%s', (_, archiveAfterDays, deleteAfterDays, dropPointsBefore, dropRollupsBefore) => {
    expect(cutoffsOf({ archiveAfterDays, deleteAfterDays }, NOW)).toEqual({ dropPointsBefore, dropRollupsBefore });
  });
});
