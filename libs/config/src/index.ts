/** The environment, read once, validated, typed; all mistakes reported together. */
export { loadConfig, type AppConfig, type Environment } from './load-config.js';
export type { EncryptionKey } from './encryption-keys.js';
export { ConfigError } from './config-error.js';
export { CONFIG, ConfigModule } from './config.module.js';
export { SETTINGS } from './settings.js';
