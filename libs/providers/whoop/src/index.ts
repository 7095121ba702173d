/** WHOOP: workouts with strain, sleep, recovery and body measures from its cloud. */
export { whoop } from './whoop.strategy.js';
