import type { ImportProgress } from './run/import-progress.js';

/** A file that is about to come. */
export interface ExpectedFile {
  readonly id: string;
  readonly userId: string;
  /** For people; never part of a path. */
  readonly fileName: string;
  readonly objectKey: string;
  readonly maxBytes: number;
  readonly expiresSeconds: number;
  /** Only of a client that uploads by itself. */
  readonly upload?: { readonly key: string; readonly tokenHash: Buffer | null };
}

/** An import whose turn it is. */
export interface PendingImport {
  readonly id: string;
  readonly user: { readonly id: string; readonly key: number };
  readonly run_id: string;
  readonly file_name: string;
  readonly object_key: string;
  /** Starts since the last progress, this one included. */
  readonly attempts: number;
  readonly is_cancelled: boolean;
  readonly progress: ImportProgress | null;
}

/** An upload that a client makes by itself. */
export interface ExpectedUpload {
  readonly id: string;
  readonly state: 'expected' | 'pending' | 'done' | 'failed';
  readonly object_key: string;
  readonly max_bytes: number;
}

/** How an import ended. */
export type ImportOutcome =
  | { readonly state: 'succeeded' | 'cancelled'; readonly result: object }
  | { readonly state: 'failed'; readonly error: string };
