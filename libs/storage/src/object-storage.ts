import type { Readable } from 'node:stream';

/** What is known of a stored object. */
export interface StoredObject {
  /** The only name of the object. */
  readonly key: string;
  readonly sizeBytes: number;
}

/** An object as a file of this machine, for whoever must jump about in it. */
export interface LocalCopy {
  readonly path: string;
  readonly sizeBytes: number;
  /** The path is of no use afterwards. */
  release(): Promise<void>;
}

/** A place for files. Keys are made by us, never out of a caller's input. */
export interface ObjectStorage {
  /** Stores the whole stream or nothing. `folder`: what the object is, for example `imports`; `id`: a new UUID. */
  put(folder: string, content: Readable, id?: string): Promise<StoredObject>;
  /** The content, or null when there is no such object. */
  get(key: string): Promise<Readable | null>;
  /** The content as a file, or null when there is no such object. */
  copy(key: string): Promise<LocalCopy | null>;
  /** Answers whether there was such an object; also removes what an interrupted `put` left of it. */
  delete(key: string): Promise<boolean>;
  /** Whether objects can be stored now. Never throws. */
  isHealthy(): Promise<boolean>;
  /** Lets clients upload past us; null where there is no such way. */
  readonly bucket: ClientBucket | null;
}

/** What a client must know to upload one object by itself. */
export interface UploadForm {
  readonly url: string;
  /** To be sent first, in this order; the part `file` comes last. */
  readonly fields: Readonly<Record<string, string>>;
}

export interface UploadTerms {
  readonly key: string;
  readonly contentType: string;
  readonly maxBytes: number;
  readonly expiresSeconds: number;
}

/** A bucket that clients may write to with a form that we have signed. */
export interface ClientBucket {
  readonly name: string;
  /** @throws Failure 404 `S3 bucket not found`, 403 `Access denied to S3 bucket`, 400 `S3 bucket error: ...` */
  check(): Promise<void>;
  form(terms: UploadTerms): Promise<UploadForm>;
  /** Size and ETag of an object a client has uploaded; null when there is none. */
  find(key: string): Promise<{ sizeBytes: number; etag: string } | null>;
}

const FOLDER = '[a-z][a-z0-9-]{0,31}';
const KEY = new RegExp(`^${FOLDER}/[0-9a-f]{2}/[0-9a-f-]{36}$`);

/** @throws Error unless `key` looks like one a storage makes: it cannot point anywhere else */
export function assertObjectKey(key: string): void {
  if (!KEY.test(key)) throw new Error(`Not an object key: ${JSON.stringify(key)}`);
}

/** The key of the object `id` in `folder`; spread over 256 directories. */
export function objectKey(folder: string, id: string): string {
  const key = `${folder}/${id.slice(0, 2)}/${id}`;
  assertObjectKey(key);
  return key;
}
