/**
 * Ends of the zones as levels of a rollup's heart rate minutes, where 2·bpm is a whole bpm and one more any fraction
 * above it. A zone reaches from behind the end before it to its own; vigorous has no upper end.
 */
export interface ZoneEnds {
  readonly rest: number;
  readonly light: number;
  readonly moderate: number;
}

const DEFAULT_MAX_HEART_RATE = 190;
const LOWEST_MAX_HEART_RATE = 100;

/** Largest heart rate to expect: 220 - age, at least 100; 190 when the age is unknown. Unit bpm. */
export const maxHeartRate = (age: number | null): number =>
  age === null ? DEFAULT_MAX_HEART_RATE : Math.max(220 - age, LOWEST_MAX_HEART_RATE);

/**
 * Zones of the maximum heart rate: light from 50 % to 63 %, moderate above that, vigorous above 76 %. Bounds are cut to
 * whole beats.
 */
export const zoneEnds = (maximum: number): ZoneEnds => ({
  rest: 2 * Math.trunc(maximum * 0.5) - 1,
  light: 2 * Math.trunc(maximum * 0.63),
  moderate: 2 * Math.trunc(maximum * 0.76),
});
