import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { GivenUser } from '../../support/given.js';
import type { Change } from '../../simulator/cloud/vendor.js';
import { addDays, dateOf, DAY_MS, HOUR_MS } from '../../simulator/people/local-time.js';
import type { Life } from '../../simulator/people/life.js';
import type { VendorName } from '../../simulator/simulator.js';
import { openCloudApi, type CloudApi } from './cloud.js';

interface Spell {
  readonly start_time: string;
  readonly end_time: string;
}

/** What a series holds for the days that are over, if it is told daily. */
type DailyValues = (life: Life, first: string, last: string) => number[];

const restingHeartRates: DailyValues = (life, first, last) =>
  life
    .nights({ fromMs: Date.parse(first) - DAY_MS, toMs: Date.parse(last) + DAY_MS })
    .filter(({ toldAtMs }) => first <= dateOf(toldAtMs) && dateOf(toldAtMs) < last)
    .map(({ restingHeartRate }) => restingHeartRate);
const steps: DailyValues = (life, first, last) => life.days(first, addDays(last, -1)).map((day) => day.steps);

const CASES = [
  { vendor: 'whoop', person: 1, hasNights: true, registrations: 0, daily: ['resting_heart_rate', restingHeartRates] },
  { vendor: 'oura', person: 2, hasNights: true, registrations: 24, daily: ['steps', steps] },
  { vendor: 'polar', person: 3, hasNights: true, registrations: 1, daily: ['steps', steps] },
  { vendor: 'strava', person: 4, hasNights: false, registrations: 1, daily: null },
] as const;

/** Days that every vendor still tells of. */
const DAYS = 20;

let api: CloudApi;

beforeAll(async () => {
  api = await openCloudApi();
  // The port is known only now, and vendors are told where to deliver.
  Object.assign(api.config, { apiBaseUrl: api.url });
});
afterAll(() => api.close());

describe.each(CASES)('$vendor, from the login to the end', ({ vendor, person, hasNights, registrations, daily }) => {
  let user: GivenUser;
  let life: Life;
  const span = { fromMs: Date.now() - DAYS * DAY_MS, toMs: Date.now() + HOUR_MS };
  const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

  beforeAll(async () => {
    user = await api.given.user();
    life = api.simulator.lives[person - 1]!;
  });

  const listed = async (kind: 'sleep' | 'workouts'): Promise<Spell[]> => {
    const range = `start_date=${iso(span.fromMs)}&end_date=${iso(span.toMs)}&limit=100&sort_order=asc`;
    const { body } = await api.client.get(`/api/v1/users/${user.id}/events/${kind}?${range}`).expect(200);
    const spells = (body as { data: Spell[] }).data.map(({ start_time, end_time }) => ({ start_time, end_time }));
    return spells.sort((one, two) => one.start_time.localeCompare(two.start_time));
  };
  const lived = (spells: readonly { startMs: number; endMs: number }[]): Spell[] =>
    spells.map(({ startMs, endMs }) => ({ start_time: iso(startMs), end_time: iso(endMs) }));

  async function expectTheTruth(): Promise<void> {
    expect(await listed('workouts')).toEqual(lived(life.workouts(span)));
    if (hasNights) expect(await listed('sleep')).toEqual(lived(life.nights(span)));
  }

  async function tell(...changes: Change[]): Promise<void> {
    const deliveries = await api.simulator.clouds[vendor as VendorName].deliveries.tell(person, changes);
    expect(deliveries.map(({ status }) => status)).toEqual(deliveries.map(() => 200));
    expect(deliveries).not.toEqual([]);
    await api.settle();
  }

  it('brings the whole history', async () => {
    await api.connect(user, vendor, person);
    await api.settle();
    await expectTheTruth();
    if (daily === null) return;
    const [series, valuesOf] = daily;
    const [first, last] = [dateOf(span.fromMs + 2 * DAY_MS), dateOf(Date.now() - 2 * DAY_MS)];
    const query = `types=${series}&start_time=${first}T00:00:00Z&end_time=${last}T00:00:00Z&limit=100`;
    const { body } = await api.client.get(`/api/v1/users/${user.id}/timeseries?${query}`).expect(200);
    const values = (body as { data: { value: number }[] }).data.map(({ value }) => value);
    expect(values.length).toBeGreaterThan(DAYS - 7);
    expect(valuesOf(life, addDays(first, -1), addDays(last, 1))).toEqual(expect.arrayContaining(values));
  });

  it('registers for what is to come', async () => {
    const { subscriptions } = api.simulator.clouds[vendor as VendorName];
    const url = `${api.url}/api/v1/providers/${vendor}/webhooks`;
    await api.developer.put(`/api/v1/oauth/providers/${vendor}`, { live_sync_mode: 'webhook' }).expect(200);
    if (registrations === 0) subscriptions.put(url);
    while (subscriptions.all.size < registrations) await pause(25);
    expect(subscriptions.callbackUrl).toBe(url);
  });

  it('hears of a workout', async () => {
    const key = life.addWorkout(Math.floor(Date.now() / 1000) * 1000 - 2 * HOUR_MS);
    await tell({ what: 'workout', action: 'create', key });
    await expectTheTruth();
  });

  it('hears of a second thought about the last night or workout', async () => {
    const { key } = (hasNights ? life.nights(span) : life.workouts(span)).at(-1)!;
    life.revise(key);
    await tell({ what: hasNights ? 'sleep' : 'workout', action: 'update', key });
    await expectTheTruth();
  });

  it('leaves nothing behind at the vendor', async () => {
    const { oauth, account } = { oauth: api.simulator.clouds[vendor as VendorName].oauth, account: person };
    await api.client.delete(`/api/v1/users/${user.id}/connections/${vendor}`).expect(204);
    expect(oauth.hasTokens(api.simulator.clouds[vendor as VendorName].account(account))).toBe(false);
    await expectTheTruth();
  });
});
