import { createHmac } from 'node:crypto';
import { fail, NOTHING, ok, type Answer } from '../cloud/exchange.js';
import type { ApiCall, Change, Route, Vendor } from '../cloud/vendor.js';
import { uuidOf } from '../people/chance.js';
import type { Night } from '../people/facts.js';
import { dateMs, DAY_MS, dateOf, datesBetween, HOUR_MS, utcText, zonedText } from '../people/local-time.js';
import type { Person } from '../people/person.js';
import {
  alertnessRecord,
  bedtimeRecord,
  ecgRecord,
  skinTemperatureRecord,
  spo2Record,
  temperatureRecord,
} from './polar-body.js';
import {
  activityRecord,
  beatsOfDate,
  exerciseRecord,
  exerciseId,
  rechargeRecord,
  sleepRecord,
} from './polar-records.js';

const LISTED_DAYS = 28;
const EXERCISE_DAYS = 30;

const lately = (nowMs: number, days: number): { fromMs: number; toMs: number } => ({
  fromMs: nowMs - days * DAY_MS,
  toMs: nowMs,
});

/** First and last date of a query, refused when it asks for more than the vendor gives at once. */
function dates({ query, nowMs }: ApiCall, then: (first: string, last: string) => Answer): Answer {
  const last = query.get('to') ?? dateOf(nowMs);
  const first = query.get('from') ?? last;
  const days = (dateMs(last) - dateMs(first)) / DAY_MS + 1;
  return days >= 1 && days <= LISTED_DAYS ? then(first, last) : fail(400, 'The range is too long');
}

const orNothing = (record: object | null | undefined): Answer => (record ? ok(record) : fail(404, 'not found'));

const get = (path: string, answer: Route['answer']): Route => ({ method: 'GET', path, answer });

const routes: readonly Route[] = [
  { method: 'POST', path: '/v3/users', answer: () => ok({}) },
  { method: 'DELETE', path: '/v3/users/:id', answer: () => NOTHING },
  get('/v3/exercises', ({ account, nowMs }) =>
    ok(account.life.workouts(lately(nowMs, EXERCISE_DAYS)).map((workout) => exerciseRecord(account, workout))),
  ),
  get('/v3/exercises/:id', ({ account, parameters }) => {
    const workout = account.life.workout(account.keyOf(parameters['id']!));
    return orNothing(workout && exerciseRecord(account, workout));
  }),
  get('/v3/users/sleep/available', ({ account, nowMs }) => {
    const nights = account.life.nights(lately(nowMs, LISTED_DAYS));
    const available = nights.map(({ date, startMs, endMs, zoneMinutes }) => ({
      ...{ date, start_time: zonedText(startMs, zoneMinutes), end_time: zonedText(endMs, zoneMinutes) },
    }));
    return ok({ available });
  }),
  get('/v3/users/sleep/:date', ({ account, parameters }) => {
    const night = account.life.night(parameters['date']!);
    return orNothing(night && sleepRecord(account, night));
  }),
  get('/v3/users/activities', (call) =>
    dates(call, (first, last) => ok(call.account.life.days(first, last).map(activityRecord))),
  ),
  get('/v3/users/activities/:date', ({ account, parameters }) =>
    orNothing(account.life.days(parameters['date']!, parameters['date']!).map(activityRecord)[0]),
  ),
  get('/v3/users/continuous-heart-rate', (call) =>
    dates(call, (first, last) => ok({ heart_rates: beatsOfDate(call.account, first, last, call.beatMinutes) })),
  ),
  get('/v3/users/continuous-heart-rate/:date', ({ account, parameters, beatMinutes }) => {
    const date = parameters['date']!;
    return orNothing(beatsOfDate(account, date, date, beatMinutes)[0]);
  }),
  get('/v3/users/cardio-load/date', (call) =>
    dates(call, (first, last) =>
      ok(
        call.account.life.days(first, last).map(({ date, score }) => ({
          ...{ date, cardio_load_status: 'MAINTAINING', cardio_load: score, strain: score * 0.6 },
          ...{ tolerance: score * 0.55, cardio_load_ratio: 1.09 },
          cardio_load_level: { very_low: 20, low: 45.5, medium: 80, high: 130, 'very-high': 190 },
        })),
      ),
    ),
  ),
  get('/v3/users/nightly-recharge', ({ account, nowMs }) =>
    ok({ recharges: account.life.nights(lately(nowMs, LISTED_DAYS)).map((night) => rechargeRecord(account, night)) }),
  ),
  get('/v3/users/sleepwise/alertness', (call) => byNight(call, alertnessRecord)),
  get('/v3/users/sleepwise/circadian-bedtime', (call) => byNight(call, bedtimeRecord)),
  get('/v3/users/biosensing/bodytemperature', (call) => byNight(call, temperatureRecord)),
  get('/v3/users/biosensing/skintemperature', (call) => byNight(call, skinTemperatureRecord)),
  get('/v3/users/biosensing/spo2', (call) => byNight(call, spo2Record)),
  get('/v3/users/biosensing/ecg', (call) => byNight(call, ecgRecord)),
];

/** What is known of each night of the dates asked for; an empty answer where there is nothing. */
function byNight(call: ApiCall, record: (night: Night, person: Person) => object | null): Answer {
  return dates(call, (first, last) => {
    const { life } = call.account;
    const records = datesBetween(first, last).flatMap((date) => {
      const night = life.night(date);
      return (night && record(night, life.person)) ?? [];
    });
    return records.length === 0 ? NOTHING : ok(records);
  });
}

/** Event and address of what is announced of a change. */
function announced({ what, key }: Change, id: string): [event: string, path: string][] {
  const [date] = /\d{4}-\d\d-\d\d/.exec(key) ?? [''];
  switch (what) {
    case 'workout':
      return [['EXERCISE', `/v3/exercises/${id}`]];
    case 'sleep':
      if (key.startsWith('nap-')) return [];
      return [
        ['SLEEP', `/v3/users/sleep/${date}`],
        ['SLEEP_WISE_ALERTNESS', `/v3/users/sleepwise/alertness?from=${date}&to=${date}`],
        ['SLEEP_WISE_CIRCADIAN_BEDTIME', `/v3/users/sleepwise/circadian-bedtime?from=${date}&to=${date}`],
      ];
    case 'day':
      return [
        ['ACTIVITY_SUMMARY', `/v3/users/activities/${date}`],
        ['CONTINUOUS_HEART_RATE', `/v3/users/continuous-heart-rate/${date}`],
      ];
    default:
      return [];
  }
}

/** https://www.polar.com/accesslink-api */
export const polar: Vendor = {
  name: 'polar',
  clientAuth: 'basic',
  refreshes: false,
  accountId: (person) => String(60_011_000 + person),
  tokenExtras: (account) => ({ x_user_id: Number(account.id) }),
  routes,
  // Polar does not announce that something is gone.
  notices: (account, change, _application, atMs, root) =>
    change.action === 'delete'
      ? []
      : announced(change, exerciseId(account, change.key)).map(([event, path]) => ({
          body: {
            ...{
              event,
              user_id: Number(account.id),
              entity_id: uuidOf(path),
              timestamp: utcText(atMs - (atMs % HOUR_MS)),
            },
            url: root + path,
          },
        })),
  sign: (body, { webhookSecret }) => ({
    'Polar-Webhook-Signature': createHmac('sha256', webhookSecret).update(body).digest('hex'),
  }),
};
