import { DAY, type JsonValue } from '#libs/model';
import {
  fetchRecords,
  isJsonObject,
  isoSeconds,
  oneAt,
  recordsOf,
  textAt,
  timeIn,
  VendorError,
  type CloudResource,
  type PullPlan,
  type VendorSession,
} from '#libs/providers/kit';
import { mapBody } from './whoop-body.mapper.js';
import { mapRecovery } from './whoop-recovery.mapper.js';
import { mapSleep } from './whoop-sleep.mapper.js';
import { mapWorkout } from './whoop-workout.mapper.js';

/** WHOOP scores late: a workout or night may appear unscored first. */
const LOOKBACK_DAYS = 3;
/** The vendor's largest page. */
const PAGE_SIZE = 25;

const pages = (path: string): PullPlan => ({
  request: ({ start, end }) => ({
    path,
    query: { limit: PAGE_SIZE, start: isoSeconds(start), end: isoSeconds(end) },
  }),
  paging: { kind: 'token', answer: 'next_token', parameter: 'nextToken' },
  items: 'records',
});

const path = (id: string): string => encodeURIComponent(id);

const workout: CloudResource = {
  name: 'workout',
  part: 'workouts',
  resultKey: 'workouts',
  lookbackDays: LOOKBACK_DAYS,
  pull: pages('/v2/activity/workout'),
  one: oneAt((id) => ({ path: `/v2/activity/workout/${path(id)}` })),
  map: mapWorkout,
};

const sleepOf = (id: string): { path: string } => ({ path: `/v2/activity/sleep/${path(id)}` });

const sleep: CloudResource = {
  name: 'sleep',
  part: 'data_247',
  resultKey: 'sleep_sessions_synced',
  lookbackDays: LOOKBACK_DAYS,
  pull: pages('/v2/activity/sleep'),
  one: oneAt(sleepOf),
  map: mapSleep,
};

const recovery: CloudResource = {
  name: 'recovery',
  part: 'data_247',
  resultKey: 'recovery_samples_synced',
  lookbackDays: LOOKBACK_DAYS,
  pull: pages('/v2/recovery'),
  one: recoveryOfSleep,
  map: mapRecovery,
};

const body: CloudResource = {
  name: 'body_measurement',
  part: 'data_247',
  resultKey: 'body_measurement_samples_synced',
  // Somebody who never told WHOOP a weight has none.
  pull: { request: () => ({ path: '/v2/user/measurement/body', emptyStatuses: [404] }), ignoresWindow: true },
  pullInWebhookMode: true,
  compares: ['height', 'weight'],
  map: mapBody,
};

/** A notice names a recovery by its sleep; the vendor serves it by the cycle of that sleep. */
async function recoveryOfSleep(sleepId: string, session: VendorSession): Promise<readonly JsonValue[]> {
  const night = await session.json(sleepOf(sleepId));
  if (!isJsonObject(night)) return [];
  const cycleId = textAt(night, 'cycle_id');
  try {
    if (cycleId === null) return await listedRecovery(sleepId, night, session);
    return recordsOf(await session.json({ path: `/v2/cycle/${path(cycleId)}/recovery` }), undefined);
  } catch (error) {
    if (error instanceof VendorError && error.status === 404) return listedRecovery(sleepId, night, session);
    throw error;
  }
}

/** The recovery of a sleep out of the list around it. */
async function listedRecovery(
  sleepId: string,
  night: JsonValue,
  session: VendorSession,
): Promise<readonly JsonValue[]> {
  const start = timeIn(night, 'start');
  const end = timeIn(night, 'end');
  if (start === null || end === null) return [];
  const window = { start: start.at - DAY, end: end.at + 2 * DAY };
  for await (const page of fetchRecords(recovery, session, window)) {
    const found = page.filter((record) => textAt(record, 'sleep_id') === sleepId);
    if (found.length > 0) return found;
  }
  return [];
}

export const whoopResources: readonly CloudResource[] = [workout, sleep, recovery, body];
