import type { JsonObject, ProviderCode } from '#libs/model';
import type { UploadProgress } from '../digest/upload-progress.js';

/** How the body is stored. */
export type StoredEncoding = 'identity' | 'gzip';

/** What the digester must know about an upload beside its body. */
export interface UploadContext {
  /** Size of the decoded body. */
  readonly plainBytes: number;
  /** The request that brought it. */
  readonly requestId: string | null;
  /**
   * When the sender of an SDK token last logged in (ISO 8601), null when the token does not say; absent for an API key,
   * which may always open a connection again.
   */
  readonly loginAt?: string | null;
}

export interface NewUpload {
  readonly user: { readonly id: string };
  readonly kind: 'sdk';
  readonly provider: ProviderCode;
  readonly body: Buffer;
  readonly encoding: StoredEncoding;
  readonly context: UploadContext;
}

/** An upload whose turn it is. */
export interface PendingUpload {
  readonly id: number;
  readonly batch_id: string;
  readonly provider: ProviderCode;
  readonly encoding: StoredEncoding;
  readonly context: UploadContext;
  /** Starts since the last progress, this one included. */
  readonly attempts: number;
  readonly progress: UploadProgress | null;
  /** Seconds between its arrival and this start. */
  readonly waited: number;
}

/** How an upload ended. */
export type UploadOutcome =
  | { readonly state: 'succeeded'; readonly result: JsonObject }
  | { readonly state: 'cancelled'; readonly result: { readonly message: string } }
  /** `statusCode`: 400 when the upload is to blame, 500 when the platform is. */
  | { readonly state: 'failed'; readonly error: string; readonly statusCode: 400 | 500 };
