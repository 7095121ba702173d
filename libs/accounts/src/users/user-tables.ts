/** A table with rows of users: how it is emptied when one is erased, and how it is exported. */
export interface UserTable {
  readonly table: string;
  /** Column that says whose row it is: the wire's id, the narrow key, or the ids of all whose row it is. */
  readonly by: 'user_id' | 'user_key' | 'user_ids';
  /**
   * `row`: goes with the user's row, by a foreign key that cascades; for tables with few rows per user.
   * `batches`: emptied by the erasure's job, step by step; no foreign key may reach it from users, so whoever writes
   * there locks the user's row against its deletion.
   * `kept`: stays, because it tells what was done and holds nothing of the person but the id.
   */
  readonly erase: 'row' | 'batches' | 'kept';
  /** Column with the key of a stored object: exported as a file, deleted before the row. */
  readonly file?: string;
  /** Rows of which this is true cannot go yet; the erasure is not done before they did. */
  readonly until?: string;
  /** Name of the file in an export; without one the table is not part of it. */
  readonly exportAs?: string;
  /** Columns that are not exported, beside secrets, hashes and raw bytes, which never are. */
  readonly omit?: readonly string[];
  /** Raw bytes that are exported as files of their own: the column with them and the one that names the file. */
  readonly bytes?: { readonly column: string; readonly name: string };
  /** Rows of this table may be large: few are held, or deleted, at a time. */
  readonly isHeavy?: boolean;
}

/**
 * Every table with a column `user_id` or `user_key`; a test finds the one that is missing. Whoever makes such a table
 * adds a line. Tables that others refer to come after those. A sync's events come after its runs: without the run
 * there are no new ones.
 */
export const USER_TABLES: readonly UserTable[] = [
  { table: 'webhook_message', by: 'user_key', erase: 'batches', exportAs: 'webhook-messages' },
  { table: 'webhook_content', by: 'user_key', erase: 'batches', exportAs: 'webhook-contents', isHeavy: true },
  { table: 'outbox', by: 'user_key', erase: 'batches' },
  {
    table: 'inbox',
    by: 'user_id',
    erase: 'batches',
    exportAs: 'uploads',
    bytes: { column: 'body', name: 'batch_id' },
    isHeavy: true,
  },
  { table: 'vendor_inbox', by: 'user_ids', erase: 'batches' },
  {
    table: 'file_import',
    by: 'user_id',
    erase: 'batches',
    file: 'object_key',
    // A form that was signed for a bucket cannot be taken back: until it ends, something may still be uploaded with it.
    until: `state = 'expected' AND upload_key IS NOT NULL AND upload_token_hash IS NULL AND expires_at > now() - interval '1 hour'`,
    exportAs: 'file-imports',
  },
  { table: 'sdk_log_event', by: 'user_id', erase: 'batches', exportAs: 'sdk-logs' },
  { table: 'event_vital', by: 'user_key', erase: 'batches', exportAs: 'event-vitals' },
  { table: 'workout_track', by: 'user_key', erase: 'batches', exportAs: 'workout-tracks', isHeavy: true },
  { table: 'workout_detail', by: 'user_key', erase: 'batches', exportAs: 'workouts' },
  { table: 'sleep_detail', by: 'user_key', erase: 'batches', exportAs: 'sleep' },
  { table: 'menstrual_cycle_detail', by: 'user_key', erase: 'batches', exportAs: 'menstrual-cycles' },
  { table: 'health_score', by: 'user_key', erase: 'batches', exportAs: 'health-scores' },
  { table: 'sleep_fragment', by: 'user_key', erase: 'batches', exportAs: 'sleep-fragments' },
  { table: 'event_tombstone', by: 'user_key', erase: 'batches', exportAs: 'deleted-events' },
  { table: 'event', by: 'user_key', erase: 'batches', exportAs: 'events' },
  { table: 'point', by: 'user_key', erase: 'batches', exportAs: 'points' },
  { table: 'stream_day', by: 'user_key', erase: 'batches' },
  { table: 'rollup', by: 'user_key', erase: 'batches', exportAs: 'daily-rollups' },
  { table: 'stream', by: 'user_key', erase: 'batches', exportAs: 'streams' },
  { table: 'data_source', by: 'user_key', erase: 'batches', exportAs: 'data-sources' },
  { table: 'sync_run', by: 'user_key', erase: 'batches', exportAs: 'sync-runs' },
  { table: 'sync_event', by: 'user_key', erase: 'batches', exportAs: 'sync-events' },
  { table: 'task', by: 'user_id', erase: 'row', exportAs: 'tasks' },
  { table: 'connection', by: 'user_id', erase: 'row', exportAs: 'connections' },
  { table: 'user_priority', by: 'user_id', erase: 'row', exportAs: 'source-priorities' },
  { table: 'token_family', by: 'user_id', erase: 'row', exportAs: 'sessions' },
  { table: 'user_invitation_code', by: 'user_id', erase: 'row', exportAs: 'invitation-codes' },
  { table: 'oauth_state', by: 'user_id', erase: 'row' },
  { table: 'webhook_endpoint', by: 'user_id', erase: 'kept' },
  { table: 'data_access_day', by: 'user_id', erase: 'kept', exportAs: 'data-access' },
  { table: 'audit_entry', by: 'user_id', erase: 'kept' },
  { table: 'erasure', by: 'user_id', erase: 'kept' },
];

/** Rows of other users that name this one; the name goes. */
export const USER_MENTIONS: readonly { readonly table: string; readonly column: string }[] = [
  { table: 'sync_run', column: 'primary_user_id' },
  { table: 'sync_event', column: 'primary_user_id' },
];

/** The condition that a row is the user's whose name is the parameter, and the name by which the table knows them. */
export const ownedBy = ({ by }: UserTable, parameter: string): string =>
  by === 'user_ids' ? `user_ids @> ARRAY[${parameter}::uuid]` : `${by} = ${parameter}`;
export const nameIn = ({ by }: UserTable, user: { readonly id: string; readonly key: number }): string | number =>
  by === 'user_key' ? user.key : user.id;
