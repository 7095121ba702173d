/** Samsung Health: uploads of the Android SDK. */
export { samsung, SAMSUNG_DIALECT } from './samsung.strategy.js';
