import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { revokeConnection } from '#libs/cloud';
import { HealthWriter, verifyRollups } from '#libs/ingest';
import { JobQueue, RetryLater } from '#libs/queue';
import { PullRunner, PullSchedule } from '#libs/sync';
import { HOUR_MS } from '../../simulator/people/local-time.js';
import { openCloudWorld, type CloudWorld, type ConnectedUser } from './world.js';

const DAYS = 24 * HOUR_MS;

describe('pulls', () => {
  let world: CloudWorld;

  beforeAll(async () => {
    world = await openCloudWorld();
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    world.simulator.clouds.whoop.faults.set([]);
    await world.database.db.query('DELETE FROM users');
    await world.database.db.query('DELETE FROM lease');
  });

  afterAll(() => world.close());

  const query = <T extends object>(text: string, values: unknown[] = []): Promise<T[]> =>
    world.database.db.query(text, values);
  /** Jobs the schedule asked for; nobody runs them but the test. */
  const scheduled = async (): Promise<string[]> => {
    const added = jest.spyOn(world.app.get(JobQueue), 'addAll').mockResolvedValue();
    added.mockClear();
    await world.app.get(PullSchedule).run();
    return added.mock.calls.flatMap(([, jobs]) =>
      jobs.map(({ payload }) => (payload as { pullRunId: string }).pullRunId),
    );
  };
  /** Runs a pull to its end, as often as it wants to be run again. */
  const finish = async (id: string): Promise<void> => {
    for (let turn = 0; turn < 20; turn++) {
      try {
        await world.app.get(PullRunner).run(id);
        return;
      } catch (error) {
        if (!(error instanceof RetryLater)) throw error;
      }
    }
    throw new Error('The pull does not end');
  };
  const nightsStored = async ({ user }: ConnectedUser): Promise<number> =>
    (
      await query<{ count: number }>(`SELECT count(*) AS count FROM event WHERE user_key = $1 AND category = 'sleep'`, [
        user.key,
      ])
    )[0]!.count;
  const nightsLived = (days: number): number =>
    world.simulator.lives[0]!.sleeps({ fromMs: Date.now() - days * DAYS, toMs: Date.now() }).length;
  const statusOf = async (id: string) =>
    (
      await query<{ status: string; error: string | null }>(
        'SELECT s.status, s.error FROM sync_run s JOIN pull_run r USING (run_id) WHERE r.id = $1',
        [id],
      )
    )[0];
  const due = (): Promise<object[]> => query('UPDATE connection_sync SET next_pull_at = now()');

  it('go on where a killed worker stopped, and store nothing twice', async () => {
    const connected = await world.connected('whoop', 1);
    const [id] = await scheduled();
    const writer = world.app.get(HealthWriter);
    const write = writer.write.bind(writer);
    let writes = 0;
    jest.spyOn(writer, 'write').mockImplementation(async (...given) => {
      const report = await write(...given);
      // Stored, and then the lights go out, before anybody could note it.
      if (++writes === 2) throw new Error('killed');
      return report;
    });
    await expect(world.app.get(PullRunner).run(id!)).rejects.toThrow('killed');
    const stored = await nightsStored(connected);
    expect(await query(`SELECT FROM sync_cursor WHERE resource = 'sleep'`)).toEqual([]);
    await finish(id!);
    await finish(id!);
    expect(await nightsStored(connected)).toBe(Math.max(stored, nightsLived(6)));
    expect(await statusOf(id!)).toEqual({ status: 'success', error: null });
    expect(await query('SELECT resource FROM sync_cursor ORDER BY 1')).toHaveLength(4);
    const announced = await query<{ kind: string }>(`SELECT kind FROM outbox WHERE kind LIKE 'sync.%' ORDER BY id`);
    expect(announced.map(({ kind }) => kind)).toEqual(['sync.started', 'sync.completed']);
    const { differences } = await verifyRollups(world.database.db);
    expect(differences).toEqual([]);
  });

  it('are done by one process at a time', async () => {
    await world.connected('whoop', 1);
    const [id] = await scheduled();
    const runners = await Promise.allSettled([0, 1, 2].map(() => world.app.get(PullRunner).run(id!)));
    const refused = runners
      .filter(({ status }) => status === 'rejected')
      .map((one) => (one as { reason: unknown }).reason);
    expect(refused).toHaveLength(2);
    for (const reason of refused) expect(reason).toBeInstanceOf(RetryLater);
    expect(await query('SELECT FROM lease')).toEqual([]);
  });

  it('stop when the user disconnects meanwhile', async () => {
    const { connectionId } = await world.connected('whoop', 1);
    const [id] = await scheduled();
    const write = HealthWriter.prototype.write.bind(world.app.get(HealthWriter));
    jest.spyOn(HealthWriter.prototype, 'write').mockImplementationOnce(async (...given) => {
      await world.database.db.transaction((sql) => revokeConnection(sql, connectionId, 'user_disconnected'));
      return write(...given);
    });
    await world.app.get(PullRunner).run(id!);
    expect(await statusOf(id!)).toMatchObject({ status: 'cancelled' });
    // One kind of data came to its end, the others were not asked for.
    expect(await query('SELECT resource FROM sync_cursor')).toHaveLength(1);
  });

  it('come one per account and turn, spread, and only where they are wanted', async () => {
    const first = await world.connected('whoop', 1);
    await world.connected('whoop', 1);
    await world.connected('whoop', 2);
    await world.connected('oura', 3);
    await query(`INSERT INTO provider_settings (provider, is_enabled) VALUES ('oura', false)`);
    expect(await scheduled()).toHaveLength(2);
    expect(await scheduled()).toHaveLength(0);
    const planned = await query<{ seconds: number }>(
      `SELECT extract(epoch FROM next_pull_at - now())::float8 AS seconds FROM connection_sync s
       JOIN connection c ON c.id = s.connection_id WHERE c.provider = 'whoop'`,
    );
    for (const { seconds } of planned) expect(Math.abs(seconds - 3600)).toBeLessThan(400);
    await due();
    // What waits is not asked for again.
    expect(await scheduled()).toHaveLength(0);
    await query(`UPDATE connection SET status = 'revoked' WHERE id = $1`, [first.connectionId]);
    await query('DELETE FROM provider_settings');
  });

  it('find runs whose job was lost', async () => {
    await world.connected('whoop', 1);
    const [id] = await scheduled();
    await query(`UPDATE pull_run SET due_at = now() - interval '5 minutes', state = 'running'`);
    expect(await scheduled()).toEqual([id]);
    expect(await scheduled()).toEqual([]);
  });

  it('look after what no webhook announces, and after connections that went silent', async () => {
    const { connectionId } = await world.connected('whoop', 1);
    await query(`INSERT INTO provider_settings (provider, live_sync_mode) VALUES ('whoop', 'webhook')`);
    await query('UPDATE connection_sync SET last_delivery_at = now()');
    const [id] = await scheduled();
    await finish(id!);
    expect(await query('SELECT resource FROM sync_cursor')).toEqual([{ resource: 'body_measurement' }]);
    await query(`UPDATE connection_sync SET next_pull_at = now(), last_delivery_at = now() - interval '25 hours'`);
    const [whole] = await scheduled();
    await finish(whole!);
    expect(await query('SELECT FROM sync_cursor WHERE connection_id = $1', [connectionId])).toHaveLength(4);
    await query('DELETE FROM provider_settings');
  });

  it('store for all users of an account what was fetched once, from where the slowest is', async () => {
    const one = await world.connected('whoop', 1);
    const [id] = await scheduled();
    await finish(id!);
    const other = await world.connected('whoop', 1);
    await query('DELETE FROM pull_run');
    await due();
    const before = world.simulator.clouds.whoop.counts.calls;
    const [second] = await scheduled();
    await finish(second!);
    expect(world.simulator.clouds.whoop.counts.calls - before).toBeLessThan(6);
    expect(await nightsStored(other)).toBeGreaterThan(0);
    expect(await nightsStored(one)).toBe(await nightsStored(other));
    const told = await query<{ source: string }>('SELECT source FROM sync_run WHERE user_key = $1', [other.user.key]);
    expect(told).toEqual([{ source: 'linked_account' }]);
  });

  it('of a history try again what passes by itself, and tell what does not', async () => {
    const connected = await world.connected('whoop', 1);
    await query("UPDATE connection_sync SET history_due = true, next_pull_at = now() + interval '1 hour'");
    const [id] = await scheduled();
    // Four sendings of one request fail: the first round gives up on sleep, the second gets it.
    world.simulator.clouds.whoop.faults.set([{ kind: 'garbage', path: '/v2/activity/sleep', times: 1 }]);
    await finish(id!);
    expect(await statusOf(id!)).toEqual({ status: 'success', error: null });
    expect(await nightsStored(connected)).toBe(nightsLived(90));
    const [run] = await query<{ windows_done: number }>('SELECT windows_done FROM pull_run WHERE id = $1', [id]);
    expect(run?.windows_done).toBe(2);
    expect(await query('SELECT FROM sync_cursor')).toEqual([]);
  });

  it('wait when the vendor says so, and lose nothing', async () => {
    const connected = await world.connected('whoop', 1);
    const [id] = await scheduled();
    world.simulator.clouds.whoop.faults.set([{ kind: '429', path: '/v2/recovery', retryAfterSeconds: 3600 }]);
    const outcome = await world.app
      .get(PullRunner)
      .run(id!)
      .catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(RetryLater);
    expect((outcome as RetryLater).delayMs).toBeGreaterThan(3_500_000);
    const [run] = await query<{ attempts: number; done: object }>(
      `SELECT attempts, progress -> 'resources' AS done FROM pull_run`,
    );
    expect(run?.attempts).toBe(0);
    expect(Object.keys(run?.done ?? {}).sort()).toEqual(['sleep', 'workout']);
    world.simulator.clouds.whoop.faults.set([]);
    await query('DELETE FROM request_budget');
    await finish(id!);
    expect(await statusOf(id!)).toEqual({ status: 'success', error: null });
    expect(await nightsStored(connected)).toBeGreaterThan(0);
  });

  it('wait outside of the slots of the workers while there is next to no budget', async () => {
    await world.connected('whoop', 1);
    const [id] = await scheduled();
    await query(
      `INSERT INTO request_budget (provider, per_seconds, tokens, refilled_at) VALUES ('whoop', 60, -500000, now())
       ON CONFLICT (provider, per_seconds) DO UPDATE SET tokens = excluded.tokens, refilled_at = excluded.refilled_at`,
    );
    jest.spyOn(Math, 'random').mockReturnValue(0.5);
    const outcome = await world.app
      .get(PullRunner)
      .run(id!)
      .catch((error: unknown) => error);
    // 12,667 requests come back per second: 39 s, and half as long again is chance; less what the test itself takes.
    const { delayMs } = outcome as RetryLater;
    expect([delayMs > 40_000, delayMs < 59_300]).toEqual([true, true]);
    expect(await query(`SELECT attempts, progress FROM pull_run`)).toEqual([
      { attempts: 0, progress: { resources: {} } },
    ]);
    await query('DELETE FROM request_budget');
    await finish(id!);
    expect(await statusOf(id!)).toEqual({ status: 'success', error: null });
  });
});
