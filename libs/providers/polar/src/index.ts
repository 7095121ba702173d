/** Polar: exercises, nights, days, heart rate and the scores of AccessLink. */
export { polar } from './polar.strategy.js';
