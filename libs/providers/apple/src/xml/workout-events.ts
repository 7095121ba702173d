import { formatInstant, roundDecimal, SECOND, type Instant, type JsonObject } from '#libs/model';
import type { Attributes } from './export-elements.js';
import { parseExportTime } from './export-instant.js';

const KIND = /^HKWorkoutEventType(?<motion>Motion)?(?<what>Pause|Paused|Resume|Resumed)$/;
const SECONDS: Readonly<Record<string, number>> = { s: 1, min: 60, hr: 3600 };

/** Seconds outside pauses; null for a workout without pauses. A pause that nothing ends lasts to the end. */
export function movingSeconds(events: readonly Attributes[], startedAt: Instant, endedAt: Instant): number | null {
  const marks = events
    .flatMap((event) => {
      const match = KIND.exec(event['type'] ?? '');
      const at = parseExportTime(event['date'] ?? '')?.instant;
      return match && at !== undefined ? [{ at, isPause: match.groups!['what']!.startsWith('Pause') }] : [];
    })
    .sort((a, b) => a.at - b.at);
  if (marks.length === 0) return null;
  const within = (at: Instant): Instant => Math.min(Math.max(at, startedAt), endedAt);
  let pausedMicros = 0;
  let pausedAt: Instant | null = null;
  for (const { at, isPause } of marks) {
    if (isPause) pausedAt ??= within(at);
    else if (pausedAt !== null) {
      pausedMicros += within(at) - pausedAt;
      pausedAt = null;
    }
  }
  if (pausedAt !== null) pausedMicros += endedAt - pausedAt;
  return Math.trunc((endedAt - startedAt - pausedMicros) / SECOND);
}

/** Laps and segments in the form in which those of phones are stored; null when there are none. */
export function stretches(events: readonly Attributes[]): readonly JsonObject[] | null {
  const found = [...stretchesOf(events, 'Lap', 'lap'), ...stretchesOf(events, 'Segment', 'split')];
  return found.length === 0 ? null : found;
}

function stretchesOf(events: readonly Attributes[], type: string, kind: 'lap' | 'split'): JsonObject[] {
  return events
    .filter((event) => event['type'] === `HKWorkoutEventType${type}`)
    .flatMap((event, index) => {
      const startedAt = parseExportTime(event['date'] ?? '')?.instant;
      const length = Number(event['duration'] ?? NaN) * (SECONDS[event['durationUnit'] ?? 's'] ?? NaN);
      if (startedAt === undefined || !(length >= 0)) return [];
      return [{ kind, index, start_time: formatInstant(startedAt), elapsed_seconds: roundDecimal(length, 2) }];
    });
}
