import { plannedOnce } from '#libs/database';

/** Channel on which every committed event tells whose it is: the payload is the user key. */
export const SYNC_CHANNEL = 'sync_event';

/** Columns that an event and the run it changed have in common, beside the keys and times. */
const SAID = 'stage, status, message, progress, items_processed, items_total, error';
const WHOSE = 'user_key, run_id, provider, source, primary_user_id';

/** Tells the listeners about the event and the caller about the run; nothing happened without a row. Users stay meanwhile. */
const TOLD = `
  SELECT u.id AS user_id, run.user_key, run.run_id, run.provider, run.source, pg_notify('${SYNC_CHANNEL}', run.user_key::text)
  FROM run JOIN users u ON u.key = run.user_key FOR KEY SHARE OF u`;

/** $1..$8: EventDraft; $9 user id, $10 run id, $11 provider, $12 source, $13 primary user; $14 whether it also ends. */
export const OPEN_RUN = plannedOnce(`
  WITH run AS (
    INSERT INTO sync_run (${WHOSE}, ${SAID}, started_at, ended_at, last_update)
    SELECT u.key, $10, $11, $12, (SELECT id FROM users WHERE id = $13::uuid), $1, $2, $3, $4::float8, $5::bigint, $6::bigint, $7,
      t.at, CASE WHEN $14 THEN t.at END, t.at
    FROM users u, clock_timestamp() AS t (at) WHERE u.id = $9::uuid FOR KEY SHARE OF u
    ON CONFLICT (user_key, run_id) DO NOTHING
    RETURNING *
  ), told AS (
    INSERT INTO sync_event (${WHOSE}, ${SAID}, metadata, started_at, ended_at, happened_at)
    SELECT ${WHOSE}, ${SAID}, $8::jsonb, started_at, ended_at, last_update FROM run
  ) ${TOLD}`);

/** $1..$8: EventDraft; $9 run id; $10 whether it ends the run. A run that has ended stays as it is. */
export const CONTINUE_RUN = plannedOnce(`
  WITH run AS (
    UPDATE sync_run SET stage = $1, status = $2, message = $3, progress = $4::float8, items_processed = $5::bigint,
      items_total = $6::bigint, error = $7, ended_at = CASE WHEN $10 THEN t.at END, last_update = t.at
    FROM clock_timestamp() AS t (at) WHERE run_id = $9 AND ended_at IS NULL
    RETURNING sync_run.*
  ), told AS (
    INSERT INTO sync_event (${WHOSE}, ${SAID}, metadata, ended_at, happened_at)
    SELECT ${WHOSE}, ${SAID}, $8::jsonb, ended_at, last_update FROM run
  ) ${TOLD}`);
