/** Minutes of a day in each intensity. */
export interface IntensityMinutes {
  readonly light: number;
  readonly moderate: number;
  readonly vigorous: number;
}

/** Histogram of per-minute mean heart rates as rollups keep it: key 2·floor(bpm) + (1 when bpm has a fraction). */
export type HeartRateHistogram = Readonly<Record<string, number>>;

const DEFAULT_MAX_HEART_RATE = 190;
const LOWEST_MAX_HEART_RATE = 100;

/** Largest heart rate to expect: 220 - age, at least 100; 190 when the age is unknown. Unit bpm. */
export const maxHeartRate = (age: number | null): number =>
  age === null ? DEFAULT_MAX_HEART_RATE : Math.max(220 - age, LOWEST_MAX_HEART_RATE);

/**
 * Sorts the minutes of a day into zones of the maximum heart rate: light from 50 %, moderate above 63 %, vigorous above
 * 76 % without an upper end. Bounds are cut to whole beats.
 */
export function intensityMinutes(histogram: HeartRateHistogram, maximum: number): IntensityMinutes {
  const lightFrom = 2 * Math.trunc(maximum * 0.5);
  const lightTo = 2 * Math.trunc(maximum * 0.63);
  const moderateTo = 2 * Math.trunc(maximum * 0.76);
  let light = 0;
  let moderate = 0;
  let vigorous = 0;
  for (const key in histogram) {
    const bucket = Number(key);
    const minutes = histogram[key] ?? 0;
    if (bucket > moderateTo) vigorous += minutes;
    else if (bucket > lightTo) moderate += minutes;
    else if (bucket >= lightFrom) light += minutes;
  }
  return { light, moderate, vigorous };
}
