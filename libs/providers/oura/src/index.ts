/** Oura: sleep, readiness, activity, heart rate and workouts from its cloud. */
export { oura } from './oura.strategy.js';
