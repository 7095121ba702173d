import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestApi, type TestApi } from '../../support/api.js';

const KEYS = '/api/v1/developer/api-keys';
const APPS = '/api/v1/applications';
const DEFAULTS = ['data:read', 'data:write', 'users:write', 'connections:write', 'webhooks:write'];

describe('keys, applications and phones', () => {
  let api: TestApi;
  let userId: string;

  beforeAll(async () => {
    api = await openTestApi();
  });

  afterAll(() => api.close());

  beforeEach(async () => {
    userId = (await api.given.user()).id;
  });

  const withKey = (key: string) => api.anonymous.with({ 'X-API-Key': key });
  const withToken = (token: string) => api.anonymous.with({ Authorization: `Bearer ${token}` });
  const upload = (token: string, user = userId) =>
    withToken(token).post(`/api/v1/sdk/users/${user}/logs`, {
      sdkVersion: '1.0',
      events: [{ eventType: 'device_state', timestamp: '2031-05-02T12:00:00Z' }],
    });
  const refresh = (token: string) => api.anonymous.post('/api/v1/token/refresh', { refresh_token: token });

  describe('an API key', () => {
    it('is shown once, listed by its id, and works', async () => {
      const { body: made } = await api.developer.post(KEYS).expect(201);
      expect(made).toMatchObject({
        id: expect.stringMatching(/^sk-[0-9a-f]{32}$/),
        name: 'Default',
        scopes: DEFAULTS,
        created_by: api.developerId,
        last_used_at: null,
        expires_at: null,
      });
      const { body: list } = await api.developer.get(KEYS).expect(200);
      expect(list[0]).toEqual({ ...made, id: made.key_id });
      await withKey(made.id).get('/api/v1/users').expect(200);
    });

    it('is renamed, narrowed and given an end, by id or by itself', async () => {
      const { body: made } = await api.developer.post(KEYS, { name: null }).expect(201);
      const changed = await api.developer.patch(`${KEYS}/${made.id}`, { name: 'Reader', scopes: ['data:read'] });
      expect([changed.status, changed.body]).toMatchObject([
        200,
        { id: made.key_id, name: 'Reader', scopes: ['data:read'] },
      ]);
      const refused = { detail: 'This API key lacks the scope users:write' };
      await withKey(made.id).get('/api/v1/users').expect(200);
      await withKey(made.id).post('/api/v1/users', {}).expect(403, refused);
      await api.developer.patch(`${KEYS}/${made.key_id}`, { expires_at: '2001-01-01T00:00:00Z' }).expect(400, {
        detail: 'expires_at must be in the future',
      });
      const { body: ending } = await api.developer
        .patch(`${KEYS}/${made.key_id}`, { expires_at: '2131-01-01T00:00:00Z' })
        .expect(200);
      expect(ending).toMatchObject({ name: 'Reader', expires_at: '2131-01-01T00:00:00Z' });
      await api.developer.patch(`${KEYS}/${made.key_id}`, { scopes: ['everything'] }).expect(400);
    });

    it('stops at once when it is deleted or rotated', async () => {
      const { body: made } = await api.developer.post(KEYS, { name: 'Old', scopes: ['data:read'] }).expect(201);
      await withKey(made.id).get('/api/v1/users').expect(200);
      const { body: fresh } = await api.developer.post(`${KEYS}/${made.key_id}/rotate`).expect(201);
      expect(fresh).toMatchObject({ name: 'Default', scopes: ['data:read'] });
      const gone = { detail: 'Invalid or missing API key' };
      await withKey(made.id).get('/api/v1/users').expect(401, gone);
      await withKey(fresh.id).get('/api/v1/users').expect(200);
      await api.developer.delete(`${KEYS}/${fresh.key_id}`).expect(200);
      await withKey(fresh.id).get('/api/v1/users').expect(401, gone);
      const missing = { detail: `Apikey with ID: ${fresh.key_id} not found.` };
      await api.developer.delete(`${KEYS}/${fresh.key_id}`).expect(404, missing);
      await api.developer.post(`${KEYS}/${fresh.key_id}/rotate`).expect(404, missing);
    });

    it('rotated by ten at once leaves one', async () => {
      const { body: made } = await api.developer.post(KEYS).expect(201);
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => api.developer.post(`${KEYS}/${made.key_id}/rotate`)),
      );
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 404)).toHaveLength(9);
    });
  });

  describe('an application', () => {
    const mint = (app: { app_id: string; app_secret: string }, user = userId) =>
      api.anonymous.post(`/api/v1/users/${user}/token`, { app_id: app.app_id, app_secret: app.app_secret });
    const wrong = { detail: 'Invalid app credentials' };

    it('mints tokens for phones of users that exist', async () => {
      const { body: app } = await api.developer.post(APPS, { name: 'iOS' }).expect(201);
      expect(app).toMatchObject({
        app_id: expect.stringMatching(/^app_[0-9a-f]{32}$/),
        app_secret: expect.stringMatching(/^secret_[0-9a-f]{64}$/),
      });
      const { body: tokens } = await mint(app).expect(200);
      await upload(tokens.access_token).expect(202);
      await mint(app, randomUUID()).expect(404, { detail: 'User not found' });
      await mint({ ...app, app_secret: `${app.app_secret.slice(0, -1)}x` }).expect(401, wrong);
      await mint({ ...app, app_id: 'app_nobody' }).expect(401, wrong);
      const { body: list } = await api.developer.get(APPS).expect(200);
      expect(list).toContainEqual({ id: app.id, app_id: app.app_id, name: 'iOS', created_at: app.created_at });
    });

    it('gets a new secret, and the old one with its phones ends', async () => {
      const { body: app } = await api.developer.post(APPS, { name: 'iOS' }).expect(201);
      const { body: tokens } = await mint(app).expect(200);
      const { body: rotated } = await api.developer.post(`${APPS}/${app.app_id}/rotate-secret`).expect(200);
      await mint(app).expect(401, wrong);
      await mint(rotated).expect(200);
      await upload(tokens.access_token).expect(401);
      await refresh(tokens.refresh_token).expect(401);
    });

    it('is deleted with its phones; of others it is unknown', async () => {
      const { body: app } = await api.developer.post(APPS, { name: 'iOS' }).expect(201);
      const { body: tokens } = await mint(app).expect(200);
      await api.developer.delete(`${APPS}/${app.app_id}`).expect(204);
      await upload(tokens.access_token).expect(401);
      await refresh(tokens.refresh_token).expect(401);
      await mint(app).expect(401, wrong);
      await api.developer.delete(`${APPS}/${app.app_id}`).expect(404, { detail: 'Application not found' });
    });
  });

  describe('a phone', () => {
    it('gets its tokens from a developer; a wrong application is not made good by one', async () => {
      const path = `/api/v1/users/${userId}/token`;
      const { body: tokens } = await api.developer.post(path).expect(200);
      await upload(tokens.access_token).expect(202);
      await api.developer.post(path, { app_id: 'a', app_secret: 'b' }).expect(401);
      const nobody = {
        detail: 'Either app credentials (app_id, app_secret) or admin authentication (Bearer token) is required',
      };
      await api.anonymous.post(path, { app_id: '', app_secret: null }).expect(400, nobody);
      await api.client.post(path).expect(400, nobody);
    });

    it('is paired by a code, once, and goes on by refreshing', async () => {
      const { body: made } = await api.developer.post(`/api/v1/users/${userId}/invitation-code`).expect(201);
      const redeem = (code: string) => api.anonymous.post('/api/v1/invitation-code/redeem', { code });
      const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(made.code.toLowerCase())));
      const won = answers.filter(({ status }) => status === 200);
      expect(won).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 404)).toHaveLength(19);
      const tokens = won[0]!.body;
      expect(tokens).toMatchObject({ user_id: userId, token_type: 'bearer', expires_in: 3600 });
      await upload(tokens.access_token).expect(202);
      const { body: next } = await refresh(tokens.refresh_token).expect(200);
      await upload(next.access_token).expect(202);
      expect((await redeem('ABCDEFG').expect(400)).body.detail).toBe('String should have at least 8 characters');
      expect((await redeem('ABCDEFG0').expect(400)).body.detail).toBe("String should match pattern '^[A-Z2-9]{8}$'");
    });

    it('that refreshes twenty times at once gets one pair', async () => {
      const { body: tokens } = await api.developer.post(`/api/v1/users/${userId}/token`).expect(200);
      const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(tokens.refresh_token)));
      const won = answers.filter(({ status }) => status === 200);
      expect(won).toHaveLength(1);
      await upload(won[0]!.body.access_token).expect(202);
    });

    it('is logged out by its refresh token, and when its user is deleted', async () => {
      const path = `/api/v1/users/${userId}/token`;
      const { body: one } = await api.developer.post(path).expect(200);
      await api.anonymous.post('/api/v1/token/revoke', { refresh_token: one.refresh_token }).expect(204);
      await api.anonymous.post('/api/v1/token/revoke', { refresh_token: one.refresh_token }).expect(404, {
        detail: 'Refresh token not found',
      });
      await upload(one.access_token).expect(401);
      const { body: two } = await api.developer.post(path).expect(200);
      await api.developer.delete(`/api/v1/users/${userId}`).expect(200);
      await upload(two.access_token).expect(401, {
        detail: 'Authentication required: provide SDK token or API key',
      });
      await refresh(two.refresh_token).expect(401);
    });
  });
});
