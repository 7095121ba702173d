import type { Readable } from 'node:stream';

/** What is known of a stored object. */
export interface StoredObject {
  /** Made by the storage; the only name of the object. */
  readonly key: string;
  readonly sizeBytes: number;
}

/** A place for files. Keys are made by the storage, never by a caller's input. */
export interface ObjectStorage {
  /** Stores the whole stream or nothing. `folder`: what the object is, for example `imports`. */
  put(folder: string, content: Readable): Promise<StoredObject>;
  /** The content, or null when there is no such object. */
  get(key: string): Promise<Readable | null>;
  /** Answers whether there was such an object. */
  delete(key: string): Promise<boolean>;
  /** Whether objects can be stored now. Never throws. */
  isHealthy(): Promise<boolean>;
}

const FOLDER = '[a-z][a-z0-9-]{0,31}';
const KEY = new RegExp(`^${FOLDER}/[0-9a-f]{2}/[0-9a-f-]{36}$`);

/** @throws Error unless `key` looks like one a storage makes: it cannot point anywhere else */
export function assertObjectKey(key: string): void {
  if (!KEY.test(key)) throw new Error(`Not an object key: ${JSON.stringify(key)}`);
}

/** A new key in `folder`; spread over 256 directories. */
export function newObjectKey(folder: string, id: string): string {
  const key = `${folder}/${id.slice(0, 2)}/${id}`;
  assertObjectKey(key);
  return key;
}
