/** Apple Health: uploads of the iOS SDK. */
export { apple, APPLE_DIALECT } from './apple.strategy.js';
