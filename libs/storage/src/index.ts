/** Objects: files too large for the database, in a local directory today. */
export { OBJECT_STORAGE, StorageModule } from './storage.module.js';
export { assertObjectKey, type ObjectStorage, type StoredObject } from './object-storage.js';
export { LocalStorage } from './local-storage.js';
