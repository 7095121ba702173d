import type { Attributes } from './export-elements.js';
import { decimalIn } from './decimal-text.js';

/** With fewer beats the figure says little (the minimum of the overnight variability helpers). */
const FEWEST_BEATS = 20;
/** Minute, second and hundredths of a time such as `4:00:01.52 AM`, whose form depends on the phone's language. */
const CLOCK = /(\d{1,2})[:.](\d{1,2})[.,](\d{1,2})/;
const HOUR = 3600;
/** Beats are neighbours when the time between them is their interval, give or take. */
const TOLERANCE = 0.2;

interface Beat {
  readonly intervalMillis: number;
  /** Within its hour; null when the text does not tell. */
  readonly second: number | null;
}

/**
 * RMSSD in ms of the beats of a variability reading: the root of the mean squared difference between the intervals
 * (60,000 / bpm) of neighbours. Beats that the watch lost between two others make them no neighbours. Null when there
 * are too few.
 */
export function rmssdOf(beats: readonly Attributes[]): number | null {
  const known = beats.flatMap(({ bpm, time }): Beat[] => {
    const rate = decimalIn(bpm);
    return rate !== null && rate > 0 ? [{ intervalMillis: 60_000 / rate, second: secondOf(time) }] : [];
  });
  if (known.length < FEWEST_BEATS) return null;
  const differences = known
    .slice(1)
    .flatMap((beat, n) => (areNeighbours(known[n]!, beat) ? [beat.intervalMillis - known[n]!.intervalMillis] : []));
  if (differences.length < FEWEST_BEATS - 1) return null;
  return Math.sqrt(differences.reduce((sum, difference) => sum + difference ** 2, 0) / differences.length);
}

function secondOf(time: string | undefined): number | null {
  const match = CLOCK.exec(time ?? '');
  return match && Number(match[1]) * 60 + Number(match[2]) + Number(match[3]) / 10 ** match[3]!.length;
}

function areNeighbours(before: Beat, after: Beat): boolean {
  if (before.second === null || after.second === null) return true;
  const seconds = (after.second - before.second + HOUR) % HOUR;
  return Math.abs(seconds * 1000 - after.intervalMillis) <= after.intervalMillis * TOLERANCE;
}
