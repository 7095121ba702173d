import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Simulator, type VendorName } from './simulator.js';

type Json = Record<string, unknown>;

const NOW = '2026-03-10T12:00:00Z';
const BACK = 'http://127.0.0.1:9/callback';
const SPAN = { start: '2025-12-10T00:00:00Z', end: '2026-03-10T12:00:00Z' };
let simulator: Simulator;

beforeAll(async () => {
  simulator = await Simulator.start({ seed: 'spec', nowMs: Date.parse(NOW) });
});
afterAll(() => simulator.stop());
afterEach(() => {
  for (const { faults, limiter } of Object.values(simulator.clouds)) {
    faults.set([]);
    limiter.limit = null;
  }
});

const post = (path: string, form: Record<string, string>): Promise<Response> =>
  fetch(simulator.url + path, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });

async function codeOf(vendor: VendorName, person: number): Promise<string> {
  const { clientId } = simulator.clouds[vendor].application;
  const answer = await post(`/${vendor}/oauth/authorize`, {
    ...{ client_id: clientId, redirect_uri: BACK, state: 's1', scope: 'all', person: String(person) },
  });
  const target = new URL(answer.headers.get('location')!);
  expect([answer.status, target.searchParams.get('state')]).toEqual([302, 's1']);
  return target.searchParams.get('code')!;
}

async function token(vendor: VendorName, form: Record<string, string>): Promise<{ status: number; body: Json }> {
  const { clientId: client_id, clientSecret: client_secret } = simulator.clouds[vendor].application;
  const answer = await post(`/${vendor}/oauth/token`, { client_id, client_secret, redirect_uri: BACK, ...form });
  return { status: answer.status, body: (await answer.json()) as Json };
}

async function login(vendor: VendorName, person = 1): Promise<Json> {
  const grant = { grant_type: 'authorization_code', code: await codeOf(vendor, person) };
  return (await token(vendor, grant)).body;
}

const get = (path: string, tokens: Json): Promise<Response> =>
  fetch(simulator.url + path, { headers: { Authorization: `Bearer ${String(tokens['access_token'])}` } });

const control = (method: string, path: string, body?: Json): Promise<Response> =>
  fetch(`${simulator.url}/control/${path}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) });

async function all(path: string, tokens: Json, list: string, parameter: string): Promise<Json[]> {
  const records: Json[] = [];
  for (let next = ''; ;) {
    const body = (await (await get(path + next, tokens)).json()) as Json;
    records.push(...(body[list] as Json[]));
    if (!body['next_token']) return records;
    next = `&${parameter}=${String(body['next_token'])}`;
  }
}

describe('tokens', () => {
  it('come once for a code and rotate, the old one being worth nothing', async () => {
    const code = await codeOf('whoop', 1);
    const first = await token('whoop', { grant_type: 'authorization_code', code });
    expect((await token('whoop', { grant_type: 'authorization_code', code })).body).toEqual({ error: 'invalid_grant' });
    const old = { grant_type: 'refresh_token', refresh_token: String(first.body['refresh_token']) };
    const second = await token('whoop', old);
    expect(second.body['access_token']).not.toBe(first.body['access_token']);
    expect(await token('whoop', old)).toEqual({ status: 400, body: { error: 'invalid_grant' } });
    expect((await token('whoop', { ...old, client_secret: 'wrong' })).status).toBe(401);
  });

  it('expire, are revoked and say whose they are', async () => {
    const tokens = await login('strava', 2);
    expect(await (await get('/strava/api/v3/athlete', tokens)).json()).toMatchObject({ id: 88_120_002 });
    await control('POST', 'strava/expire', { person: 2 });
    expect((await get('/strava/api/v3/athlete', tokens)).status).toBe(401);
    const refresh = { grant_type: 'refresh_token', refresh_token: String(tokens['refresh_token']) };
    const renewed = await token('strava', refresh);
    expect((await get('/strava/api/v3/athlete', renewed.body)).status).toBe(200);
    await post('/strava/oauth/revoke', { token: String(renewed.body['access_token']) });
    expect((await get('/strava/api/v3/athlete', renewed.body)).status).toBe(401);
    expect((await login('polar')).x_user_id).toBe(60_011_001);
  });

  it('are asked for on a page', async () => {
    const page = await (await fetch(`${simulator.url}/oura/oauth/authorize?client_id=x&scope=<daily>`)).text();
    expect(page).toContain('Allow as person 3');
    expect(page).not.toContain('<daily>');
  });
});

describe('data', () => {
  it('is the same in every cloud and complete over all pages', async () => {
    const truth = simulator.lives[0]!;
    const span = { fromMs: Date.parse(SPAN.start), toMs: Date.parse(SPAN.end) };
    const [workouts, nights, naps] = [
      truth.workouts(span),
      truth.nights(span),
      truth.sleeps(span).filter((n) => n.isNap),
    ];
    expect(nights.length).toBeGreaterThan(85);
    expect(naps.length).toBeGreaterThan(5);

    const whoop = await login('whoop');
    const query = `?start=${SPAN.start}&end=${SPAN.end}&limit=25`;
    const sleeps = await all(`/whoop/v2/activity/sleep${query}`, whoop, 'records', 'nextToken');
    const told = sleeps.map(({ start, nap }) => [Date.parse(String(start)), nap]).reverse();
    expect(told).toEqual(truth.sleeps(span).map(({ startMs, isNap }) => [startMs, isNap]));
    expect(new Set(sleeps.map(({ id }) => id)).size).toBe(sleeps.length);
    const trained = await all(`/whoop/v2/activity/workout${query}`, whoop, 'records', 'nextToken');
    expect(trained).toHaveLength(workouts.length);

    const oura = await login('oura');
    const dates = `?start_date=2025-12-10&end_date=2026-03-10`;
    const ouraSleeps = await all(`/oura/v2/usercollection/sleep${dates}`, oura, 'data', 'next_token');
    const long = ouraSleeps.filter(({ type }) => type === 'long_sleep');
    expect(long.at(-1)).toMatchObject({ day: '2026-03-10' });
    expect(ouraSleeps.length - long.length).toBe(naps.length);

    const strava = await login('strava');
    const seconds = `?after=${span.fromMs / 1000}&before=${span.toMs / 1000}&per_page=200`;
    const activities = (await (await get(`/strava/api/v3/athlete/activities${seconds}`, strava)).json()) as Json[];
    expect(activities).toHaveLength(workouts.length);
  });

  it('has a rhythm: low hearts at night, steps by day', async () => {
    const { person } = simulator.lives[0]!;
    const night = simulator.lives[0]!.night('2026-03-08')!;
    const middle = { fromMs: night.startMs + 2 * 3_600_000, toMs: night.startMs + 4 * 3_600_000 };
    const mean = (beats: { bpm: number }[]): number => beats.reduce((sum, { bpm }) => sum + bpm, 0) / beats.length;
    const asleep = mean(simulator.lives[0]!.heartRates(middle, 5));
    const noon = person.at('2026-03-08', 14);
    const awake = mean(simulator.lives[0]!.heartRates({ fromMs: noon, toMs: noon + 2 * 3_600_000 }, 5));
    expect(asleep).toBeLessThan(person.habits.restingHeartRate + 10);
    expect(awake).toBeGreaterThan(asleep + 8);
    const [yesterday, today] = simulator.lives[0]!.days('2026-03-09', '2026-03-10');
    expect(today!.steps).toBeLessThan(yesterday!.steps);
  });

  it('puts clocks forward in summer, and knows what a wrist measures by night', async () => {
    const spring = await Simulator.start({ seed: 'spec', people: 12, nowMs: Date.parse('2026-04-10T12:00:00Z') });
    const european = spring.lives.find(({ person }) => person.habits.summerTime === 'europe')!;
    const home = ({ person }: typeof european, date: string) => person.zoneOn(date) - person.habits.homeZoneMinutes;
    const days = spring.lives.map((life) => new Set([home(life, '2026-03-28'), home(life, '2026-03-30')]).size);
    expect(days).toContain(1);
    expect(home(european, '2026-03-30') - home(european, '2026-03-28')).toBe(60);
    await spring.stop();

    const polar = await login('polar');
    const records = async (path: string): Promise<Json[]> =>
      (await (await get(`/polar/v3/users/${path}?from=2026-02-12&to=2026-03-10`, polar)).json()) as Json[];
    const lengths = await Promise.all(
      ['sleepwise/alertness', 'sleepwise/circadian-bedtime', 'biosensing/bodytemperature', 'biosensing/spo2'].map(
        async (path) => (await records(path)).length,
      ),
    );
    const mornings = simulator.lives[0]!.nights({
      fromMs: Date.parse('2026-02-10T12:00:00Z'),
      toMs: Date.parse(NOW),
    }).filter(({ date }) => date >= '2026-02-12').length;
    expect(lengths.slice(0, 3)).toEqual([mornings, mornings, mornings]);
    expect(lengths[3]).toBeGreaterThan(5);
  });

  it('repeats itself for the same seed and differs for another', async () => {
    const nowMs = Date.parse(NOW);
    const [same, other] = [
      await Simulator.start({ seed: 'spec', nowMs }),
      await Simulator.start({ seed: 'other', nowMs }),
    ];
    const first = simulator.lives[1]!.night('2026-03-01');
    expect(same.lives[1]!.night('2026-03-01')).toEqual(first);
    expect(other.lives[1]!.night('2026-03-01')).not.toEqual(first);
    await Promise.all([same.stop(), other.stop()]);
  });

  it('changes when a night is thought over, and on purpose', async () => {
    const later = await Simulator.start({ seed: 'spec', nowMs: Date.parse('2026-03-10T00:00:00Z') });
    const life = later.lives[0]!;
    while (life.night('2026-03-10') === null) later.clock.advance(600_000);
    const told = life.night('2026-03-10')!;
    later.clock.advance(3 * 3_600_000);
    expect(life.night('2026-03-10')).toMatchObject({ version: 2, startMs: told.startMs, endMs: told.endMs + 600_000 });
    const key = life.addWorkout(later.clock.now() - 2 * 3_600_000);
    const before = life.workout(key)!;
    life.revise(key);
    expect(life.workout(key)).toMatchObject({ startMs: before.startMs, version: 2 });
    life.delete(key);
    expect(life.workout(key)).toBeNull();
    await later.stop();
  });

  it('finds by id what it listed', async () => {
    const tokens = await login('whoop');
    const list = (await (await get('/whoop/v2/activity/sleep?limit=1', tokens)).json()) as { records: Json[] };
    const [sleep] = list.records;
    const one = await (await get(`/whoop/v2/activity/sleep/${String(sleep!['id'])}`, tokens)).json();
    expect(one).toEqual(sleep);
    const recovery = await get(`/whoop/v2/cycle/${String(sleep!['cycle_id'])}/recovery`, tokens);
    expect(await recovery.json()).toMatchObject({ sleep_id: sleep!['id'] });
    expect((await get('/whoop/v2/activity/sleep/unknown', tokens)).status).toBe(404);
  });
});

describe('faults and limits', () => {
  it('happen as often as they were told to', async () => {
    const tokens = await login('whoop');
    const path = '/whoop/v2/user/profile/basic';
    await control('PUT', 'whoop/faults', {
      faults: [
        { kind: '429', times: 1, retryAfterSeconds: 7 },
        { kind: '500', times: 1 },
        { kind: 'garbage', times: 1 },
        { kind: 'cut', times: 1 },
      ],
    });
    const limited = await get(path, tokens);
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
    expect((await get(path, tokens)).status).toBe(500);
    await expect((await get(path, tokens)).json()).rejects.toThrow();
    await expect(get(path, tokens).then((answer) => answer.text())).rejects.toThrow();
    expect((await get(path, tokens)).status).toBe(200);
    expect(await (await control('GET', 'whoop/counts')).json()).toMatchObject({
      faults: { 429: 1, 500: 1, garbage: 1, cut: 1 },
    });
  });

  it('refuses calls above the limit until the window is over', async () => {
    const tokens = await login('oura');
    const path = '/oura/v2/usercollection/personal_info';
    await control('PUT', 'oura/limit', { requests: 2, perSeconds: 60 });
    const statuses = [];
    for (let n = 0; n < 3; n++) statuses.push((await get(path, tokens)).status);
    expect(statuses).toEqual([200, 200, 429]);
    simulator.clouds.oura.limiter.limit = { requests: 2, perSeconds: 30 };
  });
});

describe('webhooks', () => {
  const heard: { headers: Json; body: string }[] = [];
  let application: Server;
  let url: string;

  beforeAll(async () => {
    application = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const query = new URL(request.url!, 'http://x').searchParams;
      if (request.method === 'POST' && !body.includes('PING')) heard.push({ headers: request.headers as Json, body });
      response.end(JSON.stringify({ challenge: query.get('challenge'), 'hub.challenge': query.get('hub.challenge') }));
    });
    await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(application.address() as AddressInfo).port}/hooks`;
  });
  afterAll(() => {
    application.close();
  });
  afterEach(() => {
    heard.length = 0;
  });

  it('are registered, proven, and signed', async () => {
    const { clientId, clientSecret } = simulator.clouds.oura.application;
    const registered = await fetch(`${simulator.url}/oura/v2/webhook/subscription`, {
      method: 'POST',
      headers: { 'x-client-id': clientId, 'x-client-secret': clientSecret },
      body: JSON.stringify({ callback_url: url, verification_token: 'v', event_type: 'create', data_type: 'sleep' }),
    });
    expect([registered.status, await registered.json()]).toMatchObject([201, { callback_url: url }]);
    const changes = [{ what: 'sleep', action: 'create', key: 'night-2026-03-09' }];
    await control('POST', 'oura/tell', { person: 1, changes });
    expect(heard.map(({ body }) => (JSON.parse(body) as Json)['data_type'])).toEqual([
      ...['sleep', 'daily_sleep', 'daily_spo2'],
    ]);
    const [{ headers, body }] = heard as [(typeof heard)[0]];
    const signed = createHmac('sha256', clientSecret).update(String(headers['x-oura-timestamp']) + body);
    expect(headers['x-oura-signature']).toBe(signed.digest('hex').toUpperCase());
  });

  it('come twice and in the wrong order when told to', async () => {
    await control('PUT', 'strava/callback', { url });
    await control('PUT', 'strava/faults', {
      faults: [
        { kind: 'duplicate', times: 1 },
        { kind: 'reorder', times: 1 },
      ],
    });
    const changes = ['workout-added-0', 'workout-added-1'].map((key) => ({ what: 'workout', action: 'create', key }));
    const answer = await control('POST', 'strava/tell', { person: 1, changes });
    const ids = heard.map(({ body }) => (JSON.parse(body) as Json)['object_id']);
    expect(new Set(ids).size).toBe(2);
    expect(ids[1]).toBe(ids[2]);
    expect(await answer.json()).toMatchObject({ deliveries: [{ status: 200 }, { status: 200 }, { status: 200 }] });
  });
});
