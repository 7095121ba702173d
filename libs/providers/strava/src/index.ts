/** Strava: activities from its cloud, and on demand the samples inside them. */
export { strava } from './strava.strategy.js';
