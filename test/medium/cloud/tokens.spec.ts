import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AccessTokens, CloudApps, TokenEndpoint } from '#libs/cloud';
import { OutboundClient, OutboundPolicy } from '#libs/outbound';
import { SecretBox } from '#libs/secrets';
import { openCloudWorld, type CloudWorld } from './world.js';

describe('access tokens', () => {
  let world: CloudWorld;

  beforeAll(async () => {
    world = await openCloudWorld();
  });

  afterEach(() => world.simulator.clouds.whoop.faults.set([]));

  afterAll(() => world.close());

  /** As many processes as that: none knows of what the others do. */
  const processes = (count: number): AccessTokens[] => {
    const outbound = new OutboundClient(new OutboundPolicy(world.config));
    const box = world.app.get(SecretBox);
    return Array.from({ length: count }, () => new AccessTokens(world.database.db, box, new TokenEndpoint(outbound)));
  };
  const whoop = () => world.app.get(CloudApps).get('whoop');
  const refreshes = () => ({ ...world.simulator.clouds.whoop.oauth.counts });
  const statusOf = async (id: string) =>
    (await world.database.db.query<{ status: string }>('SELECT status FROM connection WHERE id = $1', [id]))[0]?.status;

  it('are refreshed once, whoever finds them too old at the same time', async () => {
    const { connectionId } = await world.connected('whoop', 1, { expiresIn: 60 });
    const before = refreshes();
    const tokens = await Promise.all(processes(20).map((one) => one.get(whoop(), connectionId)));
    expect(new Set(tokens.map(({ text }) => text)).size).toBe(1);
    expect(refreshes()).toEqual({ ...before, refreshes: before.refreshes + 1 });
    expect(await statusOf(connectionId)).toBe('active');
  });

  it('are replaced once when the vendor refuses them before their time', async () => {
    const { connectionId } = await world.connected('whoop', 1);
    const before = refreshes();
    const all = processes(5);
    const { text } = await all[0]!.get(whoop(), connectionId);
    const renewed = await Promise.all(all.map((one) => one.get(whoop(), connectionId, text)));
    expect(new Set(renewed.map((token) => token.text)).size).toBe(1);
    expect(renewed[0]?.text).not.toBe(text);
    expect(refreshes().refreshes).toBe(before.refreshes + 1);
  });

  it('end the connection only when the vendor says that the grant is over', async () => {
    const { connectionId, user } = await world.connected('whoop', 2, { expiresIn: -5 });
    const [tokens] = processes(1);
    world.simulator.clouds.whoop.faults.set([{ kind: '500', path: '/oauth/token' }]);
    await expect(tokens!.get(whoop(), connectionId)).rejects.toMatchObject({ trouble: 'status', status: 500 });
    world.simulator.clouds.whoop.faults.set([{ kind: 'unauthorized', path: '/oauth/token' }]);
    await expect(tokens!.get(whoop(), connectionId)).rejects.toMatchObject({ trouble: 'status', status: 401 });
    world.simulator.clouds.whoop.faults.set([{ kind: 'cut', path: '/oauth/token', times: 1 }]);
    await expect(tokens!.get(whoop(), connectionId)).rejects.toMatchObject({ trouble: 'unreachable' });
    expect(await statusOf(connectionId)).toBe('active');

    world.simulator.clouds.whoop.oauth.revoke(world.simulator.clouds.whoop.account(2));
    const refused = await Promise.allSettled(processes(6).map((one) => one.get(whoop(), connectionId)));
    expect(refused.every(({ status }) => status === 'rejected')).toBe(true);
    expect(await statusOf(connectionId)).toBe('revoked');
    const told = await world.database.db.query(`SELECT kind FROM outbox WHERE user_key = $1`, [user.key]);
    expect(told).toEqual([{ kind: 'connection.revoked' }]);
  });

  it('are missed with words for the caller', async () => {
    const { connectionId } = await world.connected('polar', 1, { expiresIn: -5 });
    const polar = world.app.get(CloudApps).get('polar');
    const [tokens] = processes(1);
    await expect(tokens!.get(polar, connectionId)).rejects.toMatchObject({
      detail: 'Token expired and no refresh token available for polar',
    });
    const phone = await world.given.connection(await world.given.user(), 'polar');
    await expect(tokens!.get(polar, phone.id)).rejects.toMatchObject({
      detail: 'No access token available for polar (SDK-based provider?)',
    });
  });
});
