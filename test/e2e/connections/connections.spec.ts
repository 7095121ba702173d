import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApi, type TestApi } from '../../support/api.js';
import type { GivenUser } from '../../support/given.js';

const pathOf = (user: { id: string }, rest = ''): string => `/api/v1/users/${user.id}/connections${rest}`;

describe('connections', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await openTestApi();
  });

  afterAll(() => api.close());

  const list = async (user: { id: string }): Promise<Record<string, unknown>[]> =>
    (await api.client.get(pathOf(user)).expect(200)).body as Record<string, unknown>[];

  const announced = (user: GivenUser): Promise<{ kind: string; payload: object }[]> =>
    api.database.db.query('SELECT kind, payload FROM outbox WHERE user_key = $1', [user.key]);

  const addSource = (user: GivenUser, provider: string): Promise<unknown> =>
    api.database.db.query('INSERT INTO data_source (id, user_key, provider) VALUES ($1, $2, $3)', [
      randomUUID(),
      user.key,
      provider,
    ]);

  const sourcesOf = async (user: GivenUser): Promise<string[]> =>
    (
      await api.database.db.query<{ provider: string }>(
        'SELECT provider FROM data_source WHERE user_key = $1 ORDER BY provider',
        [user.key],
      )
    ).map(({ provider }) => provider);

  it('of nobody are none', async () => {
    expect(await list({ id: randomUUID() })).toEqual([]);
  });

  it('are listed newest first with what their provider can do, without tokens', async () => {
    const user = await api.given.user();
    const apple = await api.given.connection(user, 'apple', { lastSyncedAt: '2031-05-02T06:07:08.120Z' });
    await api.database.db.query(
      `UPDATE connection SET created_at = created_at - interval '1 day', access_token_encrypted = 'secret' WHERE id = $1`,
      [apple.id],
    );
    await api.given.connection(user, 'samsung', { status: 'revoked' });
    const connections = await list(user);
    expect(connections.map(({ provider, status }) => [provider, status])).toEqual([
      ['samsung', 'revoked'],
      ['apple', 'active'],
    ]);
    expect(connections[1]).toEqual({
      user_id: user.id,
      provider: 'apple',
      provider_user_id: null,
      provider_username: null,
      scope: null,
      id: apple.id,
      status: 'active',
      last_synced_at: '2031-05-02T06:07:08.120000Z',
      created_at: expect.any(String),
      updated_at: expect.any(String),
      icon_url: '/static/provider-icons/apple.svg',
      max_historical_days: null,
      rest_pull: false,
      webhook_stream: false,
      webhook_ping: false,
      webhook_callback: false,
      live_sync_mode: null,
      linked_user_ids: [],
    });
  });

  it('to one account name the other users that are actively connected to it', async () => {
    const [one, two, three] = [await api.given.user(), await api.given.user(), await api.given.user()];
    await api.given.connection(one, 'google', { providerUserId: 'shared' });
    await api.given.connection(two, 'google', { providerUserId: 'shared' });
    await api.given.connection(three, 'google', { providerUserId: 'shared', status: 'revoked' });
    expect(await list(one)).toMatchObject([{ linked_user_ids: [two.id] }]);
    expect(await list(three)).toMatchObject([{ linked_user_ids: [] }]);
  });

  it('are ended once, lose their tokens and are announced', async () => {
    const user = await api.given.user();
    const connection = await api.given.connection(user, 'google');
    await addSource(user, 'google');
    await api.database.db.query(
      `UPDATE connection SET access_token_encrypted = 'a', refresh_token_encrypted = 'r', token_expires_at = now()
       WHERE id = $1`,
      [connection.id],
    );
    await api.client.delete(pathOf(user, '/google')).expect(204);
    await api.client.delete(pathOf(user, '/google')).expect(204);
    expect(await list(user)).toMatchObject([{ status: 'revoked' }]);
    expect(await announced(user)).toEqual([
      {
        kind: 'connection.revoked',
        payload: {
          provider: 'google',
          connectionId: connection.id,
          reason: 'user_disconnected',
          revokedAt: expect.any(String),
        },
      },
    ]);
    const [stored] = await api.database.db.query(
      'SELECT access_token_encrypted a, refresh_token_encrypted r, token_expires_at e FROM connection WHERE id = $1',
      [connection.id],
    );
    expect(stored).toEqual({ a: null, r: null, e: null });
    expect(await sourcesOf(user)).toEqual(['google']);
  });

  it('are erased with their data, the data of others stays', async () => {
    const user = await api.given.user();
    await api.given.connection(user, 'google');
    await addSource(user, 'google');
    await addSource(user, 'apple');
    await api.client.delete(pathOf(user, '/google/data')).expect(204);
    expect(await list(user)).toMatchObject([{ status: 'revoked' }]);
    expect(await sourcesOf(user)).toEqual(['apple']);
    await api.client.delete(pathOf(user, '/google/data')).expect(204);
  });

  it('are not needed to erase imported data', async () => {
    const user = await api.given.user();
    await addSource(user, 'apple');
    await api.client.delete(pathOf(user, '/apple/data')).expect(204);
    expect(await sourcesOf(user)).toEqual([]);
    await api.client
      .delete(pathOf(user, '/apple/data'))
      .expect(404, { detail: `Connection with ID: ${user.id} not found.` });
  });

  it('that never were are 404, with the id of the user', async () => {
    for (const id of [(await api.given.user()).id, randomUUID()]) {
      const missing = { detail: `Connection with ID: ${id} not found.` };
      await api.client.delete(pathOf({ id }, '/oura')).expect(404, missing);
      await api.client.delete(pathOf({ id }, '/oura/data')).expect(404, missing);
    }
  });

  it('have a provider that can be connected', async () => {
    const user = await api.given.user();
    await api.client.delete(pathOf(user, '/unknown')).expect(400, { detail: 'Unknown provider: unknown' });
    await api.client.delete(pathOf(user, '/internal/data')).expect(400, { detail: 'Unknown provider: internal' });
    const { body } = await api.client.delete(pathOf(user, '/GARMIN')).expect(400);
    expect(body).toMatchObject({
      detail: expect.stringMatching(/^Input should be 'apple', 'samsung', .* 'unknown' or 'internal'$/),
    });
  });
});
