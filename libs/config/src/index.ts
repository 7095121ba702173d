/** The environment, read once, validated, typed; all mistakes reported together. */
export type { EncryptionKey } from './encryption-keys.js';
export {
  CLOUD_CODES,
  CLOUD_SUFFIXES,
  CLOUD_VARIABLES,
  type CloudCode,
  type CloudSettings,
  type RequestLimit,
} from './cloud-settings.js';
export { loadConfig, type AppConfig, type Environment, type StorageSettings } from './load-config.js';
export { ConfigError } from './config-error.js';
export { CONFIG, ConfigModule } from './config.module.js';
export { SETTINGS } from './settings.js';
