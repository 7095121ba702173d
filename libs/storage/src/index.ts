/** Objects: files too large for the database, in a local directory or in an S3 bucket. */
export { OBJECT_STORAGE, StorageModule } from './storage.module.js';
export {
  assertObjectKey,
  objectKey,
  type ClientBucket,
  type LocalCopy,
  type ObjectStorage,
  type StoredObject,
  type UploadForm,
  type UploadTerms,
} from './object-storage.js';
export { LocalStorage } from './local-storage.js';
