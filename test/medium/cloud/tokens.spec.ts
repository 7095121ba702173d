import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ModuleRef } from '@nestjs/core';
import { AccessTokens, CloudApps, CloudModule } from '#libs/cloud';
import { SecretBox } from '#libs/secrets';
import { openCloudWorld, type CloudWorld } from './world.js';

describe('access tokens', () => {
  let world: CloudWorld;

  beforeAll(async () => {
    world = await openCloudWorld();
  });

  afterEach(() => {
    const { whoop } = world.simulator.clouds;
    whoop.faults.set([]);
    whoop.oauth.hasGrace = false;
  });

  afterAll(() => world.close());

  /** As many processes as that: none knows of what the others do. */
  const processes = (count: number): Promise<AccessTokens[]> => {
    const module = world.app.select(CloudModule).get(ModuleRef, { strict: true });
    return Promise.all(Array.from({ length: count }, () => module.create(AccessTokens)));
  };
  const whoop = () => world.app.get(CloudApps).get('whoop');
  const refreshes = () => ({ ...world.simulator.clouds.whoop.oauth.counts });
  const intents = () => world.database.db.query('SELECT connection_id, tries FROM token_refresh');
  const statusOf = async (id: string) =>
    (await world.database.db.query<{ status: string }>('SELECT status FROM connection WHERE id = $1', [id]))[0]?.status;

  it('are refreshed once, whoever finds them too old at the same time', async () => {
    const { connectionId } = await world.connected('whoop', 1, { expiresIn: 60 });
    const before = refreshes();
    const tokens = await Promise.all((await processes(20)).map((one) => one.get(whoop(), connectionId)));
    expect(new Set(tokens.map(({ text }) => text)).size).toBe(1);
    expect(refreshes()).toEqual({ ...before, refreshes: before.refreshes + 1 });
    expect(await statusOf(connectionId)).toBe('active');
  });

  it('are replaced once when the vendor refuses them before their time', async () => {
    const { connectionId } = await world.connected('whoop', 1);
    const before = refreshes();
    const all = await processes(5);
    const { text } = await all[0]!.get(whoop(), connectionId);
    const renewed = await Promise.all(all.map((one) => one.get(whoop(), connectionId, text)));
    expect(new Set(renewed.map((token) => token.text)).size).toBe(1);
    expect(renewed[0]?.text).not.toBe(text);
    expect(refreshes().refreshes).toBe(before.refreshes + 1);
  });

  it('end the connection only when the vendor says that the grant is over', async () => {
    const { connectionId, user } = await world.connected('whoop', 2, { expiresIn: -5 });
    const [tokens] = await processes(1);
    world.simulator.clouds.whoop.faults.set([{ kind: '500', path: '/oauth/token' }]);
    await expect(tokens!.get(whoop(), connectionId)).rejects.toMatchObject({ trouble: 'status', status: 500 });
    world.simulator.clouds.whoop.faults.set([{ kind: 'unauthorized', path: '/oauth/token' }]);
    await expect(tokens!.get(whoop(), connectionId)).rejects.toMatchObject({ trouble: 'status', status: 401 });
    world.simulator.clouds.whoop.faults.set([{ kind: 'cut', path: '/oauth/token', times: 1 }]);
    await expect(tokens!.get(whoop(), connectionId)).rejects.toMatchObject({ trouble: 'unreachable' });
    expect(await statusOf(connectionId)).toBe('active');

    world.simulator.clouds.whoop.oauth.revoke(world.simulator.clouds.whoop.account(2));
    const refused = await Promise.allSettled((await processes(6)).map((one) => one.get(whoop(), connectionId)));
    expect(refused.every(({ status }) => status === 'rejected')).toBe(true);
    expect(await statusOf(connectionId)).toBe('revoked');
    const told = await world.database.db.query(`SELECT kind FROM outbox WHERE user_key = $1`, [user.key]);
    expect(told).toEqual([{ kind: 'connection.revoked' }]);
  });

  it('are missed with words for the caller', async () => {
    const { connectionId } = await world.connected('polar', 1, { expiresIn: -5 });
    const polar = world.app.get(CloudApps).get('polar');
    const [tokens] = await processes(1);
    await expect(tokens!.get(polar, connectionId)).rejects.toMatchObject({
      detail: 'Token expired and no refresh token available for polar',
    });
    const phone = await world.given.connection(await world.given.user(), 'polar');
    await expect(tokens!.get(polar, phone.id)).rejects.toMatchObject({
      detail: 'No access token available for polar (SDK-based provider?)',
    });
  });

  /** A process asked the vendor for new tokens and was killed before it stored them. */
  const killedBetween = async (connectionId: string): Promise<void> => {
    const { db } = world.database;
    const [row] = await db.query<{ sealed: string }>(
      'SELECT refresh_token_encrypted AS sealed FROM connection WHERE id = $1',
      [connectionId],
    );
    await db.query('INSERT INTO token_refresh (connection_id) VALUES ($1)', [connectionId]);
    const { clientId, clientSecret } = world.simulator.clouds.whoop.application;
    const answer = await fetch(`${world.simulator.url}/whoop/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        ...{ grant_type: 'refresh_token', client_id: clientId, client_secret: clientSecret },
        refresh_token: world.app.get(SecretBox).open(row!.sealed, 'connection.refresh-token'),
      }),
    });
    expect(answer.status).toBe(200);
  };

  it('are asked for again soon after a process was killed while it did', async () => {
    const { whoop: cloud } = world.simulator.clouds;
    cloud.oauth.hasGrace = true;
    const { connectionId } = await world.connected('whoop', 1);
    await killedBetween(connectionId);
    const [tokens] = await processes(1);
    expect(await tokens!.finishInterrupted()).toBe(1);
    expect(await intents()).toEqual([]);
    const { text } = await tokens!.get(whoop(), connectionId);
    expect(cloud.oauth.accountOf({ headers: { authorization: `Bearer ${text}` } } as never)).toBe(cloud.account(1));
    expect(await tokens!.finishInterrupted()).toBe(0);
  });

  it('that a kill lost at a vendor without grace end the connection, and its user hears of it', async () => {
    const { connectionId, user } = await world.connected('whoop', 1);
    await killedBetween(connectionId);
    await (await processes(1))[0]!.finishInterrupted();
    expect([await statusOf(connectionId), await intents()]).toEqual(['revoked', []]);
    const told = await world.database.db.query(
      `SELECT payload ->> 'reason' AS reason FROM outbox WHERE user_key = $1 AND kind = 'connection.revoked'`,
      [user.key],
    );
    expect(told).toEqual([{ reason: 'refresh_failed' }]);
  });

  it('whose answer got lost are asked for again, at first soon and then less often', async () => {
    const { whoop: cloud } = world.simulator.clouds;
    cloud.oauth.hasGrace = true;
    const { connectionId } = await world.connected('whoop', 1, { expiresIn: 60 });
    const [tokens] = await processes(1);
    cloud.faults.set([{ kind: 'cut', path: '/oauth/token', times: 1 }]);
    await expect(tokens!.get(whoop(), connectionId)).rejects.toMatchObject({ trouble: 'unreachable' });
    expect(await intents()).toEqual([{ connection_id: connectionId, tries: 1 }]);
    expect(await tokens!.finishInterrupted()).toBe(0);
    await world.database.db.query('UPDATE token_refresh SET retry_at = now()');
    expect(await tokens!.finishInterrupted()).toBe(1);
    expect([await statusOf(connectionId), await intents()]).toEqual(['active', []]);
  });

  it.each([false, true])(
    'of a new login are left alone by a refresh that was under way, refused: %s',
    async (isRefused) => {
      const { whoop: cloud } = world.simulator.clouds;
      const { connectionId } = await world.connected('whoop', 1, { expiresIn: 60 });
      if (isRefused) cloud.oauth.revoke(cloud.account(1));
      cloud.faults.set([{ kind: 'slow', path: '/oauth/token', delayMs: 300 }]);
      const [tokens] = await processes(1);
      const refreshed = tokens!.get(whoop(), connectionId);
      while ((await intents()).length === 0);
      const box = world.app.get(SecretBox);
      await world.database.db.query(
        `UPDATE connection SET access_token_encrypted = $2, refresh_token_encrypted = $3,
         token_expires_at = now() + interval '1 hour' WHERE id = $1`,
        [connectionId, box.seal('new', 'connection.access-token'), box.seal('newer', 'connection.refresh-token')],
      );
      expect(await refreshed).toMatchObject({ text: 'new' });
      expect([await statusOf(connectionId), await intents()]).toEqual(['active', []]);
    },
  );

  it('of users who are gone are not asked for', async () => {
    await world.database.db.query('INSERT INTO token_refresh (connection_id) VALUES (gen_random_uuid())');
    expect(await (await processes(1))[0]!.finishInterrupted()).toBe(0);
    expect(await intents()).toEqual([]);
  });
});
