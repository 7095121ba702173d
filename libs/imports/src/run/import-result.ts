import type { JsonObject } from '#libs/model';
import { EXPORT_KINDS, totalOf, type Totals } from '#libs/providers/apple';
import type { ImportProgress, KindProgress } from './import-progress.js';

const processed = ({ stored, updated, unchanged }: KindProgress): number => stored + updated + unchanged;

/** `reason: n, reason: n` in order of reason. */
const reasonText = (totals: Totals): string =>
  Object.keys(totals)
    .sort()
    .map((reason) => `${reason}: ${totals[reason]}`)
    .join(', ');

/** What the task of an import tells: everything that was read, stored, left as it was or left out. */
export function importResult(
  userId: string,
  status: 'success' | 'partial' | 'cancelled',
  message: string,
  { kinds, ignored }: ImportProgress,
): JsonObject {
  const counts = EXPORT_KINDS.map((kind) => kinds[kind]);
  const sum = (count: (kind: KindProgress) => number): number => counts.reduce((total, kind) => total + count(kind), 0);
  return {
    user_id: userId,
    status,
    message,
    stats: {
      records_processed: processed(kinds.records),
      records_skipped: totalOf(kinds.records.skipped),
      workouts_processed: processed(kinds.workouts),
      workouts_skipped: totalOf(kinds.workouts.skipped),
      sleep_processed: processed(kinds.sleep),
      sleep_skipped: totalOf(kinds.sleep.skipped),
      skip_reasons: {
        records: reasonText(kinds.records.skipped),
        workouts: reasonText(kinds.workouts.skipped),
        sleep: reasonText(kinds.sleep.skipped),
      },
    },
    read: sum(({ read }) => read),
    stored: sum(({ stored }) => stored),
    updated: sum(({ updated }) => updated),
    unchanged: sum(({ unchanged }) => unchanged),
    skipped: sum(({ skipped }) => totalOf(skipped)),
    details: Object.fromEntries(EXPORT_KINDS.map((kind) => [kind, { ...kinds[kind] }])),
    ignored,
  };
}
