import type { Instant } from '#libs/model';
import type { RankedSource } from './ranked-sources.js';
import { type Choice, reasonOf } from './source-choice.js';

/** One reading and who made it. */
export interface Reading {
  readonly at: Instant;
  readonly value: number;
  readonly source: RankedSource;
}

export interface ChosenReading extends Reading {
  readonly choice: Choice;
}

/** Both pressures of one measurement of one source; its time is the later of the two. Unit mmHg. */
export interface PressureReading {
  readonly at: Instant;
  readonly systolic: number;
  readonly diastolic: number;
  readonly source: RankedSource;
}

/**
 * The newest of the readings; at equal times that of the best source. Null when there is none.
 *
 * @param readings of one series, any number per source
 */
export function newestReading<T extends { readonly at: Instant; readonly source: RankedSource }>(
  readings: readonly T[],
): (T & { readonly choice: Choice }) | null {
  const bySource = new Map<string, T>();
  for (const reading of readings) {
    const known = bySource.get(reading.source.sourceId);
    if (!known || reading.at > known.at) bySource.set(reading.source.sourceId, reading);
  }
  const [winner, next] = [...bySource.values()].sort((a, b) => b.at - a.at || a.source.position - b.source.position);
  if (!winner) return null;
  const reason = next && next.at < winner.at ? 'newest' : reasonOf(winner.source, next?.source);
  return { ...winner, choice: { source: winner.source, reason, candidates: bySource.size } };
}

/** Every systolic reading with the newest diastolic one of the same source at most `gap` away. */
export function pressureReadings(
  systolics: readonly Reading[],
  diastolics: readonly Reading[],
  gap: number,
): PressureReading[] {
  return systolics.flatMap((systolic) => {
    const partner = diastolics
      .filter(({ source, at }) => source.sourceId === systolic.source.sourceId && Math.abs(at - systolic.at) <= gap)
      .reduce<Reading | null>((newest, reading) => (newest && newest.at >= reading.at ? newest : reading), null);
    if (!partner) return [];
    const at = Math.max(systolic.at, partner.at);
    return [{ at, systolic: systolic.value, diastolic: partner.value, source: systolic.source }];
  });
}
