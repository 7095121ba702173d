/** Google Health: Health Connect uploads of the Android SDK; the cloud API shares the provider. */
export { google, GOOGLE_DIALECT } from './google.strategy.js';
