import { createHmac } from 'node:crypto';
import type { Account } from '../cloud/account.js';
import { fail, ok, type Answer } from '../cloud/exchange.js';
import type { ApiCall, Route, Vendor } from '../cloud/vendor.js';
import { uuidOf } from '../people/chance.js';
import type { Night } from '../people/facts.js';
import { addDays, dateMs, dateOf, DAY_MS, utcText } from '../people/local-time.js';
import { activityRecord, nightlyRecords, sleepRecord, workoutRecord } from './oura-records.js';
import { pageOf, spanOf } from './paging.js';

const DAYS_PER_PAGE = 20;
const BEATS_PER_PAGE = 500;

type Dated = Record<string, unknown> & { readonly day: string };
type Collection = (account: Account, first: string, last: string) => Dated[];

/** Nights whose morning lies between two dates, and naps of those dates. */
const sleeps = (account: Account, first: string, last: string): Night[] =>
  account.life
    .sleeps({ fromMs: dateMs(first) - 2 * DAY_MS, toMs: dateMs(last) + 2 * DAY_MS })
    .filter(({ date }) => first <= date && date <= last);
const nights = (account: Account, first: string, last: string): Night[] =>
  sleeps(account, first, last).filter(({ isNap }) => !isNap);

/** Every dated collection by the name in its address. */
const COLLECTIONS: Readonly<Record<string, Collection>> = {
  sleep: (account, first, last) => sleeps(account, first, last).map((night) => sleepRecord(account, night)),
  daily_activity: (account, first, last) => account.life.days(first, last).map((day) => activityRecord(account, day)),
  workout: (account, first, last) =>
    account.life
      .workouts({ fromMs: dateMs(first) - DAY_MS, toMs: dateMs(last) + 2 * DAY_MS })
      .map((workout) => workoutRecord(account, workout))
      .filter(({ day }) => first <= day && day <= last),
  ...Object.fromEntries(
    Object.entries(nightlyRecords).map(([name, record]): [string, Collection] => [
      name,
      (account, first, last) => nights(account, first, last).map((night) => record(account, night)),
    ]),
  ),
};

function list(name: string, { account, query, nowMs }: ApiCall): Answer {
  const last = (query.get('end_date') ?? dateOf(nowMs)).slice(0, 10);
  const first = (query.get('start_date') ?? addDays(last, -1)).slice(0, 10);
  const { page, next } = pageOf(COLLECTIONS[name]!(account, first, last), DAYS_PER_PAGE, query.get('next_token'));
  return ok({ data: page, next_token: next });
}

function one(name: string, { account, parameters, nowMs }: ApiCall): Answer {
  const id = parameters['id']!;
  const [date] = /\d{4}-\d\d-\d\d/.exec(account.keyOf(id)) ?? [dateOf(nowMs)];
  const records = COLLECTIONS[name]!(account, addDays(date, -2), addDays(date, 2));
  const record = records.find((each) => each['id'] === id);
  return record ? ok(record) : fail(404, 'not found');
}

function heartRate({ account, query, nowMs, beatMinutes }: ApiCall): Answer {
  const beats = account.life.heartRates(spanOf(query, 'start_datetime', 'end_datetime', nowMs), beatMinutes);
  const { page, next } = pageOf(beats, BEATS_PER_PAGE, query.get('next_token'));
  const data = page.map(({ ms, bpm }) => ({ bpm, source: 'awake', timestamp: utcText(ms).replace('Z', '+00:00') }));
  return ok({ data, next_token: next });
}

const collectionRoutes = Object.keys(COLLECTIONS).flatMap((name): Route[] => [
  { method: 'GET', path: `/v2/usercollection/${name}`, answer: (call) => list(name, call) },
  { method: 'GET', path: `/v2/usercollection/${name}/:id`, answer: (call) => one(name, call) },
]);

/** What is announced of a night and of a day. */
const ANNOUNCED = {
  sleep: ['sleep', 'daily_sleep', 'daily_spo2'],
  recovery: ['daily_readiness'],
  day: ['daily_activity'],
  workout: ['workout'],
  account: [],
} as const;

/** https://cloud.ouraring.com/v2/docs */
export const oura: Vendor = {
  name: 'oura',
  clientAuth: 'body',
  refreshes: true,
  accountId: (person) => uuidOf('oura', person),
  tokenExtras: () => ({}),
  routes: [
    ...collectionRoutes,
    { method: 'GET', path: '/v2/usercollection/heartrate', answer: heartRate },
    {
      method: 'GET',
      path: '/v2/usercollection/personal_info',
      answer: ({ account }) => {
        const { age, weightKg, heightM, sex } = account.life.person.habits;
        return ok({ id: account.id, age, weight: weightKg, height: heightM, biological_sex: sex });
      },
    },
  ],
  notices: (account, { what, action, key }, _application, atMs) =>
    (key.startsWith('nap-') ? (['sleep'] as const) : ANNOUNCED[what]).map((data_type) => {
      const object_id = account.idOf(data_type === 'sleep' || what === 'workout' ? key : `${data_type}-${key}`);
      return { body: { event_type: action, data_type, object_id, user_id: account.id, event_time: utcText(atMs) } };
    }),
  sign: (body, { clientSecret }, atMs) => {
    const timestamp = String(Math.floor(atMs / 1000));
    const signature = createHmac('sha256', clientSecret)
      .update(timestamp + body)
      .digest('hex');
    return { 'x-oura-timestamp': timestamp, 'x-oura-signature': signature.toUpperCase() };
  },
  revocation: ({ method, path, query }) =>
    method === 'POST' && path === '/oauth/revoke' ? query.get('access_token') : null,
};
