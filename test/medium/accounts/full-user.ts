import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Sql } from '#libs/database';
import type { ObjectStorage } from '#libs/storage';
import { given, type GivenUser } from '../../support/given.js';

const START = '2031-05-02T22:00:00Z';
const END = '2031-05-03T06:00:00Z';

/** Somebody of whom every table holds something, and the word that stands wherever a text of theirs can. */
export interface FullUser extends GivenUser {
  readonly mark: string;
}

/** Rows of the user in every table that may hold any, and a stored file. */
export async function fullUser(db: Sql, storage: ObjectStorage): Promise<FullUser> {
  const mark = `mark-${randomUUID()}`;
  const names = { firstName: mark, lastName: mark, email: `${mark}@example.com`, externalUserId: mark };
  const user = { ...(await given(db).user(names)), mark };
  await fillHealth(db, user);
  await fillComings(db, user, storage);
  await fillSyncs(db, user);
  await fillAccess(db, user);
  await fillWebhooks(db, user);
  return user;
}

/** Points of a stream of their own. */
export async function manyPoints(db: Sql, user: GivenUser, count: number): Promise<void> {
  const source = randomUUID();
  await db.query(`INSERT INTO data_source (id, user_key, provider) VALUES ($1, $2, 'oura')`, [source, user.key]);
  await db.query(`CREATE TABLE IF NOT EXISTS point_everything PARTITION OF point DEFAULT`);
  await db.query(
    `WITH s AS (INSERT INTO stream (user_key, source_id, series_type, is_daily_total) VALUES ($1, $2, 1, false)
       RETURNING id)
     INSERT INTO point (user_key, stream_id, recorded_at, value)
     SELECT $1, s.id, timestamptz '2031-05-02 00:00Z' + n * interval '1 second', n FROM s, generate_series(1, $3) n`,
    [user.key, source, count],
  );
}

async function fillHealth(db: Sql, { key: k, mark }: FullUser): Promise<void> {
  const [source, event] = [randomUUID(), randomUUID()];
  await db.query(
    `INSERT INTO data_source (id, user_key, provider, device_model, source) VALUES ($1, $2, 'oura', $3, $3)`,
    [source, k, mark],
  );
  const [stream] = await db.query<{ id: number }>(
    `INSERT INTO stream (user_key, source_id, series_type, is_daily_total, point_count) VALUES ($1, $2, 1, false, 3)
     RETURNING id`,
    [k, source],
  );
  const s = stream!.id;
  await db.query(`CREATE TABLE IF NOT EXISTS point_everything PARTITION OF point DEFAULT`);
  await db.query(`INSERT INTO point VALUES ($1, $2, $3, 60, NULL, NULL, 0)`, [k, s, START]);
  await db.query(`INSERT INTO stream_day VALUES ($1, $2, '2031-05-02', 1)`, [k, s]);
  await db.query(`INSERT INTO rollup VALUES ($1, $2, '2031-05-02', 1, 60, 60, 60, 60, $3, 60, $3)`, [k, s, START]);
  await db.query(
    `INSERT INTO event (user_key, id, source_id, category, source_name, started_at, ended_at, local_date, external_id)
     VALUES ($1, $2, $3, 'sleep', $6, $4, $5, '2031-05-03', $6)`,
    [k, event, source, START, END, mark],
  );
  const json = JSON.stringify({ said: mark });
  await db.query('INSERT INTO workout_detail (user_key, event_id, segments) VALUES ($1, $2, $3)', [k, event, json]);
  await db.query('INSERT INTO workout_track (user_key, event_id, route) VALUES ($1, $2, $3)', [k, event, json]);
  await db.query('INSERT INTO sleep_detail (user_key, event_id, stages) VALUES ($1, $2, $3)', [k, event, json]);
  await db.query('INSERT INTO menstrual_cycle_detail VALUES ($1, $2, $3)', [k, event, json]);
  await db.query(`INSERT INTO event_vital VALUES ($1, $2, $3, 1, 60)`, [k, event, s]);
  await db.query(
    `INSERT INTO sleep_fragment (user_key, source_id, started_at, ended_at, stage) VALUES ($1, $2, $3, $4, 'deep')`,
    [k, source, START, END],
  );
  await db.query(
    `INSERT INTO event_tombstone (user_key, source_id, category, started_at, ended_at) VALUES ($1, $2, 'sleep', $3, $4)`,
    [k, source, START, END],
  );
  await db.query(
    `INSERT INTO health_score (user_key, id, provider, category, recorded_at, components)
     VALUES ($1, $2, 'internal', 'sleep', $3, $4)`,
    [k, randomUUID(), START, json],
  );
  await db.query(`INSERT INTO outbox (user_key, kind, payload) VALUES ($1, 'x', $2)`, [k, json]);
}

/** What came in and was not, or could not be, stored. */
async function fillComings(db: Sql, { id, mark }: FullUser, storage: ObjectStorage): Promise<void> {
  const json = JSON.stringify({ said: mark, user_id: id });
  await db.query(`INSERT INTO task (id, kind, user_id, state, result, error) VALUES ($1, 'x', $2, 'failed', $3, $4)`, [
    randomUUID(),
    id,
    json,
    mark,
  ]);
  await db.query(
    `INSERT INTO inbox (batch_id, kind, user_id, provider, encoding, digest, body, context)
     VALUES ($1, 'sdk', $2, 'apple', 'identity', '', $3, $4)`,
    [randomUUID(), id, Buffer.from(mark), json],
  );
  await db.query(
    `INSERT INTO vendor_inbox (provider, body, digest, is_trusted, state, result, finished_at, user_ids)
     VALUES ('oura', $1, $2, true, 'failed', $3, now(), ARRAY[$4::uuid, $5::uuid])`,
    [Buffer.from(json), randomBytes(32), json, randomUUID(), id],
  );
  await db.query(
    'INSERT INTO sdk_log_event (user_id, provider, sdk_version, event) VALUES ($1, $2::text, $2::text, $3)',
    [id, mark, json],
  );
  const { key } = await storage.put('imports', Readable.from([mark]));
  await db.query(
    `INSERT INTO file_import (id, user_id, run_id, state, file_name, object_key, max_bytes, upload_key, progress)
     VALUES ($1::uuid, $2, $1::text, 'done', $3, $4, 1, $5, $6)`,
    [randomUUID(), id, mark, key, `${id}/raw/${mark}`, json],
  );
}

async function fillSyncs(db: Sql, user: FullUser): Promise<void> {
  const { key: k, id, mark } = user;
  const json = JSON.stringify({ said: mark });
  const connection = await given(db).connection(user, 'oura', { providerUserId: mark, scope: mark });
  await db.query(
    `UPDATE connection SET provider_username = $2, access_token_encrypted = 'sealed', refresh_token_encrypted = 'sealed'
     WHERE id = $1`,
    [connection.id, mark],
  );
  await db.query('INSERT INTO connection_sync (connection_id, live_from, next_pull_at) VALUES ($1, now(), now())', [
    connection.id,
  ]);
  await db.query(`INSERT INTO sync_cursor VALUES ($1, 'sleep', now())`, [connection.id]);
  await db.query(`INSERT INTO connection_zone VALUES ($1, '2031-05-02', 60)`, [connection.id]);
  await db.query(`INSERT INTO pull_run (id, connection_id, kind, run_id, progress) VALUES ($1, $2, 'live', $3, $4)`, [
    randomUUID(),
    connection.id,
    mark,
    json,
  ]);
  const linked = await given(db).user();
  for (const [key, primary] of [
    [k, null],
    [linked.key, id],
  ] as const) {
    const said = primary === null ? mark : 'said';
    await db.query(
      `INSERT INTO sync_run (user_key, run_id, provider, source, stage, status, last_update, message, primary_user_id)
       VALUES ($1, $2, 'oura', 'pull', 'done', 'success', now(), $2, $3)`,
      [key, said, primary],
    );
    await db.query(
      `INSERT INTO sync_event (user_key, run_id, provider, source, stage, status, happened_at, error, metadata,
         primary_user_id)
       VALUES ($1, $2, 'oura', 'pull', 'done', 'success', now(), $2, $3, $4)`,
      [key, said, JSON.stringify({ said }), primary],
    );
  }
  await db.query(`INSERT INTO user_priority VALUES ($1, 0, 'oura', NULL)`, [id]);
}

async function fillAccess(db: Sql, { id }: FullUser): Promise<void> {
  const family = randomUUID();
  await db.query(`INSERT INTO token_family (id, kind, user_id) VALUES ($1, 'sdk', $2)`, [family, id]);
  await db.query('INSERT INTO refresh_token (hash, family_id) VALUES ($1, $2)', [randomBytes(32), family]);
  await db.query(`INSERT INTO user_invitation_code (id, code_hash, user_id, expires_at) VALUES ($1, $2, $3, now())`, [
    randomUUID(),
    randomBytes(32),
    id,
  ]);
  await db.query(`INSERT INTO oauth_state (state_hash, user_id, provider, expires_at) VALUES ($1, $2, 'oura', now())`, [
    randomBytes(32),
    id,
  ]);
  await db.query(`INSERT INTO data_access_day VALUES ('2031-05-02', 'api-key', 'k', $1, 1, 0)`, [id]);
  await db.query(
    `INSERT INTO audit_entry (actor_kind, action, outcome, user_id) VALUES ('system', 'x', 'success', $1)`,
    [id],
  );
}

async function fillWebhooks(db: Sql, { id, key: k, mark }: FullUser): Promise<void> {
  const [endpoint, message] = [randomUUID(), randomUUID()];
  await db.query(
    `INSERT INTO webhook_endpoint (id, url, description, user_id) VALUES ($1, 'https://x.example', '', $2)`,
    [endpoint, id],
  );
  await db.query(`INSERT INTO webhook_secret (endpoint_id, sealed) VALUES ($1, 'sealed')`, [endpoint]);
  const data = JSON.stringify({ user_id: id, said: mark });
  const [content] = await db.query<{ id: number }>(
    'INSERT INTO webhook_content (user_key, data) VALUES ($1, $2) RETURNING id',
    [k, data],
  );
  await db.query(
    `INSERT INTO webhook_message (id, user_key, user_id, event_type, event_id, content_id, created_at)
     VALUES ($1, $2, $3, 'x', $1, $4, now())`,
    [message, k, id, content!.id],
  );
  await db.query('INSERT INTO webhook_delivery (message_id, endpoint_id) VALUES ($1, $2)', [message, endpoint]);
  await db.query(`INSERT INTO webhook_attempt VALUES ($1, $2, $3, 'https://x.example', 1, 500, 1, $4, 0, now())`, [
    randomUUID(),
    message,
    endpoint,
    data,
  ]);
}
