/** Secrets at rest: sealing and opening under a ring of keys, and changing the key. */
export { localKey } from './local-key.js';
export { rotateSecrets, type Rotation } from './rotate-secrets.js';
export { SealError } from './seal-error.js';
export { SEALED_COLUMNS, type SealedColumn } from './sealed-columns.js';
export { SecretBox } from './secret-box.js';
export { secretBoxOf, SecretsModule } from './secrets.module.js';
