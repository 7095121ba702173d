import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { configureLogging } from '#libs/observability';
import { newRunId, SyncRuns } from '#libs/sync';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given, type GivenUser } from '../../support/given.js';

let database: TestDatabase;
let runs: SyncRuns;
let user: GivenUser;
let runId: string;

beforeAll(async () => {
  database = await openTestDatabase();
  configureLogging({ level: 'silent', service: 'test' });
  runs = new SyncRuns(database.db);
});
afterAll(() => database.close());
beforeEach(async () => {
  user = await given(database.db).user();
  runId = newRunId('pull');
});

const pull = () => ({ runId, userId: user.id, provider: 'oura', source: 'pull' as const });
const eventsOf = (key = user.key) =>
  database.db.query('SELECT * FROM sync_event WHERE user_key = $1 ORDER BY event_id', [key]);
const runsOf = (key = user.key) => database.db.query('SELECT * FROM sync_run WHERE user_key = $1', [key]);
const announced = (key = user.key) =>
  database.db.query('SELECT kind, payload FROM outbox WHERE user_key = $1 ORDER BY id', [key]);

describe('SyncRuns', () => {
  it('keeps every event, the run as the latest left it, and announces start and end', async () => {
    const metadata = { trace_id: 'ab12cd34', is_historical: false };
    await runs.start({ ...pull(), message: 'Live sync from oura started', metadata });
    await runs.progress(runId, { stage: 'fetching', message: 'Fetching workouts', progress: 0.5, itemsTotal: 4 });
    await runs.finish(runId, { status: 'success', message: 'done', itemsProcessed: 13, metadata: { updated: 9 } });

    const whose = { user_id: user.id, provider: 'oura', source: 'pull', run_id: runId };
    expect(await eventsOf()).toMatchObject([
      { stage: 'started', status: 'in_progress', started_at: expect.any(String), ended_at: null, metadata },
      { stage: 'fetching', progress: 0.5, items_total: 4, started_at: null, ended_at: null, metadata: {} },
      { stage: 'completed', status: 'success', progress: 1, items_processed: 13, started_at: null, error: null },
    ]);
    expect(await runsOf()).toMatchObject([
      {
        ...{ run_id: runId, stage: 'completed', status: 'success', message: 'done', progress: 1, items_total: null },
        started_at: expect.any(String),
        ended_at: expect.any(String),
      },
    ]);
    expect(await announced()).toEqual([
      { kind: 'sync.started', payload: { ...whose, message: 'Live sync from oura started', metadata } },
      {
        kind: 'sync.completed',
        payload: { ...whose, status: 'success', message: 'done', items_processed: 13, metadata: { updated: 9 } },
      },
    ]);
  });

  it('tells of a failure, and calls an unnamed one unknown', async () => {
    await runs.start(pull());
    await runs.finish(runId, { status: 'failed', message: 'Sync from oura failed' });
    expect(await runsOf()).toMatchObject([{ stage: 'failed', status: 'failed', error: null, progress: null }]);
    expect((await announced())[1]).toMatchObject({ kind: 'sync.failed', payload: { error: 'unknown', metadata: {} } });
  });

  it('does not announce progress and cancelled runs', async () => {
    await runs.start(pull());
    await runs.progress(runId, { stage: 'processing' });
    await runs.finish(runId, { status: 'cancelled', message: 'Connection was disconnected' });
    expect((await announced()).map(({ kind }) => kind)).toEqual(['sync.started']);
    expect(await runsOf()).toMatchObject([{ stage: 'cancelled', status: 'cancelled' }]);
  });

  it('records a delivery as a run of one event', async () => {
    const id = newRunId('wh');
    const delivery = { ...pull(), runId: id, source: 'webhook' as const };
    await runs.record(delivery, { status: 'skipped', message: 'skipped: unknown type', itemsProcessed: 0 });
    const [event] = await eventsOf();
    expect(event).toMatchObject({ run_id: id, stage: 'completed', status: 'skipped', progress: null });
    expect(event!['started_at']).toBe(event!['ended_at']);
    expect(await announced()).toMatchObject([{ kind: 'sync.completed', payload: { status: 'skipped' } }]);
  });

  it('writes nothing when called again, after the end, for an unknown run or a user who is gone', async () => {
    expect(await runs.start(pull())).toBe(true);
    expect(await runs.start(pull())).toBe(false);
    expect(await runs.finish(runId, { status: 'partial' })).toBe(true);
    expect(await runs.finish(runId, { status: 'success' })).toBe(false);
    expect(await runs.progress(runId, { stage: 'saving' })).toBe(false);
    expect(await runs.progress('pull_nothing', { stage: 'saving' })).toBe(false);
    expect(await eventsOf()).toHaveLength(2);
    const open = { ...pull(), runId: newRunId('run') };
    expect(await runs.start(open)).toBe(true);
    await database.db.query('DELETE FROM users WHERE id = $1', [user.id]);
    const before = (await announced()).length;
    expect(await runs.start({ ...pull(), runId: newRunId('run') })).toBe(false);
    expect(await runs.finish(open.runId, { status: 'success' })).toBe(false);
    expect(await runsOf()).toHaveLength(2);
    expect(await announced()).toHaveLength(before);
  });

  it('belongs to the transaction it is given', async () => {
    const failing = database.db.transaction(async (sql) => {
      await runs.start(pull(), sql);
      throw new Error('not stored');
    });
    await expect(failing).rejects.toThrow('not stored');
    expect(await runsOf()).toEqual([]);
    expect(await announced()).toEqual([]);
  });

  it('stores what vendors say whatever it holds', async () => {
    await runs.start({ ...pull(), message: 'a\0b\ud800', metadata: { 'k\0': '\udfff', far: Infinity } });
    await runs.finish(runId, { status: 'failed', error: 'x'.repeat(5_000) });
    expect(await eventsOf()).toMatchObject([
      { message: 'ab\ufffd', metadata: { k: '\ufffd', far: null } },
      { error: 'x'.repeat(2_000) },
    ]);
  });
});
