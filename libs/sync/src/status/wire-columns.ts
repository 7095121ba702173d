const facts = (row: string): string => `${row}.run_id, u.id AS user_id, ${row}.provider, ${row}.source, ${row}.stage,
  ${row}.status, ${row}.message, ${row}.progress, ${row}.items_processed, ${row}.items_total, ${row}.error,
  ${row}.primary_user_id`;

/** A `SyncEvent` of `sync_event e` and `users u`, in the order of the wire. */
export const EVENT_COLUMNS = `e.event_id, ${facts('e')}, e.metadata, e.started_at, e.ended_at, e.happened_at AS timestamp`;

/** A `SyncRun` of `sync_run r` and `users u`, in the order of the wire. */
export const RUN_COLUMNS = `${facts('r')}, r.started_at, r.ended_at, r.last_update`;
