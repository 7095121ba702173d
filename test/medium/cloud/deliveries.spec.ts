import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { HealthWriter, verifyRollups } from '#libs/ingest';
import { JobQueue } from '#libs/queue';
import { DeliveryWorker, PullRunner, PullSchedule, VendorInboxRepository } from '#libs/sync';
import { HOUR_MS } from '../../simulator/people/local-time.js';
import type { Change } from '../../simulator/cloud/vendor.js';
import type { VendorName } from '../../simulator/simulator.js';
import { FetchTurns } from '../../../libs/sync/src/pull/fetch-turns.js';
import { openCloudWorld, type CloudWorld, type ConnectedUser } from './world.js';

describe('deliveries of vendors', () => {
  let world: CloudWorld;

  beforeAll(async () => {
    world = await openCloudWorld();
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    for (const { faults } of Object.values(world.simulator.clouds)) faults.set([]);
    await world.database.db.query('DELETE FROM users');
    await world.database.db.query('DELETE FROM vendor_inbox');
  });

  afterAll(() => world.close());

  const query = <T extends object>(text: string, values: unknown[] = []): Promise<T[]> =>
    world.database.db.query(text, values);
  const accept = async (provider: VendorName, body: object, isTrusted = true): Promise<number> => {
    const [row] = await query<{ id: number }>(
      `INSERT INTO vendor_inbox (provider, body, digest, is_trusted) VALUES ($1, $2, $3, $4) RETURNING id`,
      [provider, Buffer.from(JSON.stringify(body)), Buffer.from(randomUUID()), isTrusted],
    );
    return row!.id;
  };
  /** Works on the deliveries whose time has come; how many those were. */
  const workOff = async (): Promise<number> => {
    const due = await world.app.get(VendorInboxRepository).takeDue(10);
    for (const delivery of due) await world.app.get(DeliveryWorker).run(delivery);
    return due.length;
  };
  const rowOf = async (id: number) =>
    (
      await query<{
        state: string;
        result: object | null;
        attempts: number;
        body: Buffer | null;
        user_ids: string[] | null;
      }>('SELECT state, result, attempts, body, user_ids FROM vendor_inbox WHERE id = $1', [id])
    )[0]!;
  /** Accepts what the vendor says of a change, and works on it. */
  const told = async (provider: VendorName, person: number, change: Change): Promise<object | null> => {
    const cloud = world.simulator.clouds[provider];
    const [notice] = cloud.vendor.notices(
      cloud.account(person),
      change,
      cloud.application,
      Date.now(),
      `${world.simulator.url}/${provider}`,
    );
    const id = await accept(provider, notice!.body);
    await workOff();
    return (await rowOf(id)).result;
  };
  const pull = async (): Promise<void> => {
    const added = jest.spyOn(world.app.get(JobQueue), 'addAll').mockResolvedValue();
    added.mockClear();
    await world.app.get(PullSchedule).run();
    for (const { payload } of added.mock.calls.flatMap(([, jobs]) => jobs)) {
      await world.app.get(PullRunner).run((payload as { pullRunId: string }).pullRunId);
    }
  };
  const countOf = async ({ user }: ConnectedUser, category: string): Promise<number> =>
    (
      await query<{ count: number }>('SELECT count(*) AS count FROM event WHERE user_key = $1 AND category = $2', [
        user.key,
        category,
      ])
    )[0]!.count;
  const life = () => world.simulator.lives[0]!;

  it('are done once: the same again changes nothing and announces nothing', async () => {
    const connected = await world.connected('whoop', 1);
    const key = life().addWorkout(Math.floor(Date.now() / 1000) * 1000 - 2 * HOUR_MS);
    const change = { what: 'workout', action: 'create', key } as const;
    expect(await told('whoop', 1, change)).toMatchObject({ status: 'processed', records_saved: 1 });
    const before = await query('SELECT kind FROM outbox');
    expect(await told('whoop', 1, change)).toMatchObject({ status: 'processed', records_saved: 1 });
    const after = await query<{ kind: string }>('SELECT kind FROM outbox');
    expect(after.filter(({ kind }) => !kind.startsWith('sync.'))).toHaveLength(
      before.filter((row) => !(row as { kind: string }).kind.startsWith('sync.')).length,
    );
    expect(await countOf(connected, 'workout')).toBe(1);
    expect(await workOff()).toBe(0);
    expect(await query('SELECT attempts FROM vendor_inbox')).toEqual([{ attempts: 1 }, { attempts: 1 }]);
  });

  /** Lets something happen while a fetched answer is on its way into the database. */
  const beforeStoring = (kind: 'workouts' | 'sleepSessions', happens: () => Promise<unknown>): void => {
    const writer = world.app.get(HealthWriter);
    const write = writer.write.bind(writer);
    let hasHappened = false;
    jest.spyOn(writer, 'write').mockImplementation(async (...given) => {
      if (given[2][kind].length > 0 && !hasHappened) {
        hasHappened = true;
        // As another process would: without waiting for the turns of this one.
        jest.spyOn(world.app.get(FetchTurns), 'take').mockImplementationOnce((_, __, work) => work());
        await happens();
      }
      return write(...given);
    });
  };

  it('are never undone by an older answer that another process fetched before', async () => {
    const { user } = await world.connected('oura', 1);
    const truth = () => {
      const nights = life().nights({ fromMs: Date.now() - 72 * HOUR_MS, toMs: Date.now() });
      const { key, startMs, endMs } = nights.at(-1)!;
      return { key, times: { start: startMs / 1000, end: endMs / 1000 } };
    };
    const before = truth();
    const change = { what: 'sleep', action: 'update', key: before.key } as const;
    beforeStoring('sleepSessions', () => {
      life().revise(before.key);
      return told('oura', 1, change);
    });
    expect(await told('oura', 1, change)).toMatchObject({ status: 'processed' });
    expect(truth()).not.toEqual(before);
    const times = 'extract(epoch FROM started_at)::float8 AS start, extract(epoch FROM ended_at)::float8 AS end';
    expect(await query(`SELECT ${times} FROM event WHERE user_key = $1`, [user.key])).toEqual([truth().times]);
  });

  it('that take something back are never undone by a pull that asked before', async () => {
    const { user } = await world.connected('whoop', 1);
    const key = life().addWorkout(Math.floor(Date.now() / 1000) * 1000 - 2 * HOUR_MS);
    await told('whoop', 1, { what: 'workout', action: 'create', key });
    const id = world.simulator.clouds.whoop.account(1).idOf(key);
    const isStored = async (): Promise<boolean> =>
      (await query('SELECT FROM event WHERE user_key = $1 AND external_id = $2', [user.key, id])).length > 0;
    expect(await isStored()).toBe(true);
    beforeStoring('workouts', () => {
      life().delete(key);
      return told('whoop', 1, { what: 'workout', action: 'delete', key });
    });
    await pull();
    expect(await isStored()).toBe(false);
  });

  it('take back nights, their scores and what hangs on them', async () => {
    const connected = await world.connected('whoop', 1);
    await pull();
    const nights = await countOf(connected, 'sleep');
    const scores = async (): Promise<object[]> =>
      query('SELECT category, count(*) AS count FROM health_score WHERE user_key = $1 GROUP BY 1 ORDER BY 1', [
        connected.user.key,
      ]);
    const points = async (): Promise<number> =>
      (
        await query<{ n: number }>('SELECT sum(point_count)::int AS n FROM stream WHERE user_key = $1', [
          connected.user.key,
        ])
      )[0]!.n;
    const [before, pointsBefore] = [await scores(), await points()];
    const last = life()
      .nights({ fromMs: Date.now() - 72 * HOUR_MS, toMs: Date.now() })
      .at(-1)!;
    expect(await told('whoop', 1, { what: 'recovery', action: 'delete', key: last.key })).toMatchObject({
      status: 'deleted',
    });
    expect(await points()).toBe(pointsBefore - 4);
    expect(await told('whoop', 1, { what: 'sleep', action: 'delete', key: last.key })).toMatchObject({
      status: 'deleted',
    });
    expect(await countOf(connected, 'sleep')).toBe(nights - 1);
    expect(await scores()).not.toEqual(before);
    expect(await told('whoop', 1, { what: 'sleep', action: 'delete', key: last.key })).toEqual({
      status: 'ignored',
      reason: 'record_not_found',
    });
    const { differences } = await verifyRollups(world.database.db);
    expect(differences).toEqual([]);
  });

  it('wait for a vendor in trouble and are dropped when there is nothing to get', async () => {
    await world.connected('whoop', 1);
    const { whoop } = world.simulator.clouds;
    const body = { user_id: Number(whoop.account(1).id), id: randomUUID(), type: 'workout.updated' };
    whoop.faults.set([{ kind: 'garbage', path: '/v2/activity/workout/' }]);
    const id = await accept('whoop', body);
    expect(await workOff()).toBe(1);
    expect(await rowOf(id)).toMatchObject({ state: 'running', attempts: 1, result: null });
    // Before its time nobody takes it.
    expect(await workOff()).toBe(0);
    expect((await rowOf(id)).attempts).toBe(1);
    whoop.faults.set([]);
    await query('UPDATE vendor_inbox SET due_at = now()');
    await workOff();
    expect(await rowOf(id)).toMatchObject({
      state: 'done',
      body: null,
      result: { status: 'skipped', reason: 'upstream_non_retriable', upstream_status: 404 },
    });
  });

  it('are given up in the end, and kept to be looked at', async () => {
    const { user } = await world.connected('whoop', 1);
    const { whoop } = world.simulator.clouds;
    whoop.faults.set([{ kind: 'garbage' }]);
    const id = await accept('whoop', { user_id: Number(whoop.account(1).id), id: randomUUID(), type: 'sleep.updated' });
    await query('UPDATE vendor_inbox SET attempts = 29');
    await query(`UPDATE connection_sync SET next_pull_at = now() + interval '1 day', last_delivery_at = now()`);
    await workOff();
    const kept = { state: 'failed', attempts: 30, body: expect.any(Buffer), user_ids: [user.id] };
    expect(await rowOf(id)).toMatchObject(kept);
    // What it announced is pulled.
    expect(await query('SELECT FROM connection_sync WHERE next_pull_at <= now() AND last_delivery_at IS NULL')).toEqual(
      [{}],
    );
  });

  it('are noted for the users they concerned; of users who are gone by then nothing is kept', async () => {
    const { user } = await world.connected('whoop', 1);
    const id = await accept('whoop', { user_id: 1 });
    const inbox = world.app.get(VendorInboxRepository);
    await inbox.finish(id, 'failed', { about: user.id }, [user.id]);
    expect(await rowOf(id)).toMatchObject({
      body: expect.any(Buffer),
      result: { about: user.id },
      user_ids: [user.id],
    });
    const gone = randomUUID();
    await inbox.finish(id, 'failed', { about: gone }, [user.id, gone]);
    expect(await rowOf(id)).toMatchObject({ body: null, result: null, user_ids: [user.id] });
  });

  it('end connections of all users of the account, unsigned ones only when the vendor confirms it', async () => {
    const [one, other] = [await world.connected('strava', 1), await world.connected('strava', 1)];
    const { strava } = world.simulator.clouds;
    const body = {
      object_type: 'athlete',
      object_id: Number(strava.account(1).id),
      aspect_type: 'update',
      updates: { authorized: 'false' },
      owner_id: Number(strava.account(1).id),
      subscription_id: strava.application.subscriptionId,
      event_time: 1,
    };
    const forged = await accept('strava', body, false);
    await workOff();
    expect((await rowOf(forged)).result).toEqual({ status: 'ignored', reason: 'not_confirmed' });
    strava.oauth.revoke(strava.account(1));
    await accept('strava', body, false);
    await workOff();
    const rows = await query(`SELECT status, access_token_encrypted FROM connection WHERE user_id = ANY ($1::uuid[])`, [
      [one.user.id, other.user.id],
    ]);
    expect(rows).toEqual(Array(2).fill({ status: 'revoked', access_token_encrypted: null }));
    const reasons = await query(`SELECT payload ->> 'reason' AS reason FROM outbox WHERE kind = 'connection.revoked'`);
    expect(reasons).toHaveLength(2);
  });
});
