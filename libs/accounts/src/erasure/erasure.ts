import type { Leaving } from '#libs/cloud';

/** What became of a user's data, as the report tells it. */
export interface ErasureView {
  id: string;
  user_id: string;
  /** `erasing` until every table and file is empty of the user, then `done`. */
  state: 'erasing' | 'done';
  requested_at: string;
  finished_at: string | null;
  /** Deleted rows by table; grows while the erasure is at work. */
  deleted: Record<string, number>;
  /** Deleted stored objects. */
  deleted_files: number;
}

/** An erasure that is not finished. */
export interface OpenErasure {
  readonly id: string;
  readonly user_id: string;
  readonly user_key: number;
  /** What vendors have yet to be asked to forget. */
  readonly grants: readonly Leaving[];
}
