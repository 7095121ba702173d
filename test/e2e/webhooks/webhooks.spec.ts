import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApi, type TestApi } from '../../support/api.js';
import type { ApiClient } from '../../support/api-client.js';
import { Sink, verified } from '../../medium/webhooks/sink.js';
import { heartRate, upload } from '../../medium/sync/uploads.js';

const ROOT = '/api/v1/webhooks';
const ENDPOINTS = `${ROOT}/endpoints`;

describe('outgoing webhooks', () => {
  let api: TestApi;
  let sink: Sink;
  let developer: ApiClient;

  beforeAll(async () => {
    [api, sink] = await Promise.all([
      openTestApi({ worker: true, config: { outgoingWebhooksEnabled: true } }),
      Sink.open(),
    ]);
    developer = api.developer;
  });
  afterAll(async () => {
    await api.close();
    await sink.close();
  });

  const create = async (body: object = {}): Promise<{ id: string }> =>
    (await developer.post(ENDPOINTS, { url: `${sink.url}/hook`, ...body }).expect(201)).body as { id: string };

  /** Waits until the receiver has got `count` deliveries at `path`. */
  async function arrived(path: string, count: number): Promise<ReturnType<Sink['at']>> {
    for (const end = Date.now() + 20_000; sink.at(path).length < count;) {
      if (Date.now() > end) throw new Error(`${sink.at(path).length} of ${count} deliveries at ${path}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return sink.at(path);
  }

  it('list their types to anybody, in order', async () => {
    const { body } = await api.anonymous.get(`${ROOT}/event-types`).expect(200);
    expect(body).toHaveLength(111);
    expect(body[0]).toEqual({ name: 'connection.created', description: expect.any(String), child_events: null });
    expect(body.find(({ name }: { name: string }) => name === 'steps.created').child_events).toEqual([
      'series.steps.created',
    ]);
    expect((await api.anonymous.get(`${ROOT}/event-types?additional=true`).expect(200)).body.length).toBeGreaterThan(
      111,
    );
    const one = (await api.anonymous.get(`${ROOT}/event-types/workout.created`).expect(200)).body;
    expect(one).toMatchObject({
      additional: false,
      schema: { title: 'workout.created' },
      example: { type: 'workout.created' },
    });
    await api.anonymous.get(`${ROOT}/event-types/nothing`).expect(404, { detail: 'Event type not found' });
  });

  it('are told of an upload from end to end', async () => {
    const { id } = await create({ url: `${sink.url}/upload`, filter_types: ['series.heart_rate.created'] });
    const { key } = (await developer.get(`${ENDPOINTS}/${id}/secret`).expect(200)).body;
    const user = await api.given.user();
    const send = (n: number) =>
      api.client
        .unchecked()
        .post(`/api/v1/sdk/users/${user.id}/sync`, upload({ records: [heartRate(n)] }))
        .expect(202);
    await Promise.all(Array.from({ length: 20 }, () => send(0)));
    await api.drain();
    // What was announced before is told before.
    await send(1);
    const deliveries = await arrived('/upload', 2);
    const told = deliveries.map((one) => verified(one, key) as { data: { samples: { timestamp: string }[] } });
    expect(told[0]).toMatchObject({ type: 'series.heart_rate.created', data: { user_id: user.id } });
    expect(told.flatMap(({ data }) => data.samples.map(({ timestamp }) => timestamp)).sort()).toEqual(
      [heartRate(0), heartRate(1)].map(({ startDate }) => String(startDate).replace('Z', '+00:00')),
    );
    const { body: page } = await developer.get(`${ROOT}/messages?limit=250`).expect(200);
    const types = (page.data as { eventType: string; channels: string[] }[])
      .filter(({ channels }) => channels?.includes(`user.${user.id}`))
      .map(({ eventType }) => eventType);
    expect(types.filter((type) => type === 'series.heart_rate.created')).toHaveLength(2);
    for (let found = 0; found === 0;) {
      const { body } = await developer.get(`${ENDPOINTS}/${id}/attempts?status=0&limit=5`).expect(200);
      found = body.data.length;
      if (found > 0)
        expect(body.data[0]).toMatchObject({
          endpointId: id,
          responseStatusCode: 204,
          msg: { eventType: 'series.heart_rate.created' },
        });
    }
    const { body: messages } = await developer.get(`${ROOT}/messages?limit=1`).expect(200);
    expect(messages.data).toHaveLength(1);
    await developer.delete(`${ENDPOINTS}/${id}`).expect(204);
  });

  it('have endpoints that are made, shown, changed and deleted', async () => {
    const user = await api.given.user();
    const made = await create({ url: 'http://127.0.0.1:9/hook?a=B', unknown: 1 });
    expect(made).toEqual({
      id: expect.stringMatching(/^ep_[0-9A-Za-z]{27}$/),
      url: 'http://127.0.0.1:9/hook?a=B',
      description: '',
      filter_types: null,
      user_id: null,
      disabled: false,
      disabled_reason: null,
    });
    const path = `${ENDPOINTS}/${made.id}`;
    const patch = async (body: object) => (await developer.patch(path, body).expect(200)).body;
    expect(await patch({ filter_types: ['steps.created'], user_id: user.id, description: 'd' })).toMatchObject({
      filter_types: ['steps.created'],
      user_id: user.id,
      description: 'd',
    });
    expect(await patch({})).toMatchObject({ filter_types: ['steps.created'], user_id: user.id });
    expect(await patch({ filter_types: null, user_id: null, description: null, url: null })).toMatchObject({
      url: made['url' as keyof typeof made],
      description: 'd',
      filter_types: null,
      user_id: null,
    });
    expect(await patch({ disabled: true })).toMatchObject({ disabled: true });
    await developer.post(`${path}/test`).expect(409, { detail: 'Endpoint is disabled' });
    expect(await patch({ disabled: false })).toMatchObject({ disabled: false });
    expect((await developer.get(ENDPOINTS).expect(200)).body[0]).toMatchObject({ id: made.id });
    expect((await developer.get(path).expect(200)).body).toMatchObject({ id: made.id });
    expect((await developer.get(`${path}/stats`).expect(200)).body).toMatchObject({
      success_count: 0,
      success_rate: null,
    });
    await developer.delete(path).expect(204);
    for (const rest of ['', '/secret', '/attempts', '/stats']) {
      await developer.get(path + rest).expect(404, { detail: 'Endpoint not found' });
    }
    await developer.patch(path, {}).expect(404);
    await developer.delete(path).expect(404);
    await developer.post(`${path}/test`).expect(404);
  });

  it('send a test event, one message again, and what was missed', async () => {
    const { id } = await create({ url: `${sink.url}/tests`, filter_types: ['steps.created'] });
    const path = `${ENDPOINTS}/${id}`;
    const { body: sent } = await developer.post(`${path}/test`).expect(200);
    expect(sent).toEqual({ message: 'Test event sent successfully.', message_id: expect.stringMatching(/^msg_/) });
    await developer.post(`${path}/test`, { event_type: 'sync.failed' }).expect(200);
    await developer.post(`${path}/test`, { event_type: 'x' }).expect(400, { detail: 'Unknown event type: x' });
    await arrived('/tests', 2);
    expect(sink.types('/tests').sort()).toEqual(['sync.failed', 'workout.created']);
    await developer.post(`${path}/messages/${sent.message_id}/resend`).expect(202, { message_id: sent.message_id });
    await arrived('/tests', 3);
    await developer.post(`${path}/messages/msg_0/resend`).expect(404, { detail: 'Message not found' });
    const { body } = await developer.post(`${path}/replay`, { since: '2031-01-01T00:00:00Z' }).expect(202);
    expect(body).toEqual({ message_count: 0 });
    await developer.post(`${path}/replay`, {}).expect(400);
    await developer
      .post(`${path}/replay`, { since: '2031-01-01T00:00:00Z', until: '2030-01-01T00:00:00Z' })
      .expect(400);
  });

  it('have secrets that rotate', async () => {
    const { id } = await create();
    const path = `${ENDPOINTS}/${id}/secret`;
    const { key: former } = (await developer.get(path).expect(200)).body;
    const { key } = (await developer.post(`${path}/rotate`).expect(200)).body;
    expect(key).not.toBe(former);
    expect((await developer.get(path).expect(200)).body).toEqual({ key });
    const own = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    expect((await developer.post(`${path}/rotate`, { key: own }).expect(200)).body).toEqual({ key: own });
    await developer.post(`${path}/rotate`, { key: 'whsec_short' }).expect(400);
  });

  it.each<[string, object, string | RegExp]>([
    ['no url', {}, 'Field required'],
    ['a relative url', { url: '/hook' }, /valid URL/],
    ['another scheme', { url: 'ftp://example.com/' }, "URL scheme should be 'http' or 'https'"],
    ['credentials', { url: 'https://u:p@example.com/' }, /^url: https is required/],
    ['a private address', { url: 'http://10.0.0.1/' }, /^url: the address or port/],
    ['a metadata address', { url: 'http://0xa9fea9fe/latest' }, /^url: the address or port/],
    ['an empty filter', { url: 'https://example.com/', filter_types: [] }, /at least/],
    ['an unknown type', { url: 'https://example.com/', filter_types: ['x'] }, 'Value error, Unknown event type: x'],
    ['a user that is no UUID', { url: 'https://example.com/', user_id: 'x' }, /UUID|uuid/],
    ['a long description', { url: 'https://example.com/', description: 'x'.repeat(5000) }, /at most/],
  ])('refuse an endpoint with %s', async (_, body, detail) => {
    const { body: answer } = await developer.post(ENDPOINTS, body).expect(400);
    expect(answer.detail).toEqual(typeof detail === 'string' ? detail : expect.stringMatching(detail));
  });

  it('refuse history queries that make no sense', async () => {
    const { id } = await create();
    await developer.get(`${ENDPOINTS}/${id}/attempts?status=4`).expect(400);
    await developer.get(`${ROOT}/messages?limit=251`).expect(400);
    await developer.get(`${ROOT}/messages?before=x`).expect(400);
    await developer.get(`${ROOT}/messages?iterator=%00`).expect(400);
    const query = 'iterator=-msg_1&before=2030-01-01T00:00:00Z&after=0&event_types=a&event_types=b';
    await developer.get(`${ENDPOINTS}/${id}/attempts?${query}`).expect(200);
  });

  it('belong to a developer, or to those of no developer', async () => {
    const { id } = await create();
    await api.client.get(`${ENDPOINTS}/${id}`).expect(404);
    const own = (await api.client.post(ENDPOINTS, { url: `${sink.url}/own` }).expect(201)).body;
    await developer.get(`${ENDPOINTS}/${own.id}`).expect(404);
    expect((await api.client.get(ENDPOINTS).expect(200)).body).toHaveLength(1);
    await api.anonymous.get(ENDPOINTS).expect(401);
    const key = await api.given.apiKey('reader', ['data:read']);
    await api.client.with({ 'X-Open-Wearables-API-Key': key.key }).get(ENDPOINTS).expect(403);
    await developer.get(`${ENDPOINTS}/${randomUUID()}`).expect(404);
  });
});

describe('outgoing webhooks that are switched off', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await openTestApi();
  });
  afterAll(() => api.close());

  it('answer 503 after the credentials and before the body', async () => {
    const detail = 'Outgoing webhooks are not enabled (set OUTGOING_WEBHOOKS_ENABLED=true in the backend environment).';
    await api.developer.post(ENDPOINTS, { url: 1 }).expect(503, { detail });
    await api.developer.get(`${ROOT}/messages?limit=x`).expect(503, { detail });
    await api.anonymous.get(ENDPOINTS).expect(401);
    await api.anonymous.get(`${ROOT}/event-types`).expect(200);
    await api.developer.get('/api/v1/config').expect(200, { outgoing_webhooks_enabled: false });
  });
});
