import { isoSeconds, oneAt, utcDate, type CloudResource, type PullPlan } from '#libs/providers/kit';
import { mapActivity } from './oura-activity.mapper.js';
import { mapReadiness, mapSleepScore } from './oura-readiness.mapper.js';
import { mapCardiovascularAge, mapHeartRate, mapPersonalInfo, mapSpo2, mapVo2Max } from './oura-series.mapper.js';
import { mapSleep } from './oura-sleep.mapper.js';
import { mapWorkout } from './oura-workout.mapper.js';

const pathOf = (collection: string): string => `/v2/usercollection/${collection}`;

const PAGES: Pick<PullPlan, 'paging' | 'items'> = {
  paging: { kind: 'token', answer: 'next_token', parameter: 'next_token' },
  items: 'data',
};

/** Kinds of data kept by day. `end_date` is sometimes exclusive, so the day after the last is asked for. */
const daily = (
  facts: { name: string; resultKey: string; collection?: string; part?: CloudResource['part'] },
  map: CloudResource['map'],
): CloudResource => {
  const path = pathOf(facts.collection ?? facts.name);
  return {
    name: facts.name,
    part: facts.part ?? 'data_247',
    resultKey: facts.resultKey,
    pull: {
      request: ({ start, end }) => ({ path, query: { start_date: utcDate(start), end_date: utcDate(end, 1) } }),
      ...PAGES,
    },
    one: oneAt((id) => ({ path: `${path}/${encodeURIComponent(id)}` })),
    map,
  };
};

const heartRate: CloudResource = {
  name: 'heartrate',
  part: 'data_247',
  resultKey: 'heart_rate',
  pull: {
    request: ({ start, end }) => ({
      path: pathOf('heartrate'),
      query: { start_datetime: isoSeconds(start), end_datetime: isoSeconds(end) },
    }),
    chunk: { days: 30, by: 'instant' },
    ...PAGES,
  },
  pullInWebhookMode: true,
  map: mapHeartRate,
};

const personalInfo: CloudResource = {
  name: 'personal_info',
  part: 'data_247',
  pull: { request: () => ({ path: pathOf('personal_info') }), ignoresWindow: true },
  pullInWebhookMode: true,
  compares: ['weight', 'height'],
  map: mapPersonalInfo,
};

/** Named as the data types of the webhooks. */
export const ouraResources: readonly CloudResource[] = [
  daily({ name: 'workout', resultKey: 'workouts', part: 'workouts' }, mapWorkout),
  daily({ name: 'daily_activity', resultKey: 'activity' }, mapActivity),
  daily({ name: 'daily_cardiovascular_age', resultKey: 'cardiovascular_age' }, mapCardiovascularAge),
  daily({ name: 'daily_readiness', resultKey: 'readiness' }, mapReadiness),
  daily({ name: 'sleep', resultKey: 'sleep' }, mapSleep),
  daily({ name: 'daily_sleep', resultKey: 'sleep_score' }, mapSleepScore),
  daily({ name: 'daily_spo2', resultKey: 'spo2' }, mapSpo2),
  heartRate,
  personalInfo,
  daily({ name: 'vo2_max', resultKey: 'vo2_max', collection: 'vO2_max' }, mapVo2Max),
];

/** What Oura notifies about. */
export const NOTIFIED_TYPES = [
  'workout',
  'sleep',
  'daily_sleep',
  'daily_readiness',
  'daily_activity',
  'daily_spo2',
  'daily_cardiovascular_age',
  'vo2_max',
] as const;
