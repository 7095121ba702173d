import type { JsonObject, JsonValue } from '#libs/model';
import {
  epochSeconds,
  fetchRecords,
  isJsonObject,
  recordsOf,
  textAt,
  VendorError,
  type CloudResource,
  type PullPlan,
  type SyncWindow,
  type VendorSession,
} from '#libs/providers/kit';
import { mapActivity } from './strava-activity.mapper.js';
import { hasStreams, mapStreams, STREAMS } from './strava-streams.mapper.js';

const ACTIVITIES = '/api/v3/athlete/activities';
const activityPath = (id: string): string => `/api/v3/activities/${encodeURIComponent(id)}`;

export const pageSize = (session: VendorSession): number =>
  Number(session.environment.setting('STRAVA_EVENTS_PER_PAGE') ?? 200);

const wantsStreams = ({ environment }: VendorSession): boolean =>
  environment.setting('INGEST_WORKOUT_SAMPLES') === 'true';

/** Numbered pages, whose size the operator sets. */
function activityPages(session: VendorSession, window: SyncWindow): AsyncIterable<readonly JsonValue[]> {
  const size = pageSize(session);
  const pull: PullPlan = {
    request: ({ start, end }) => ({
      path: ACTIVITIES,
      query: { after: epochSeconds(start), before: epochSeconds(end), page: 1, per_page: size },
    }),
    paging: { kind: 'page', parameter: 'page', first: 1, size },
    items: '',
  };
  return fetchRecords({ ...activities, pull }, session, window);
}

/** An activity with its samples as one record of `streams`; null where it has none. */
async function withStreams(activity: JsonObject, session: VendorSession): Promise<JsonValue> {
  const id = textAt(activity, 'id');
  if (id === null) return null;
  const streams = await session.json({
    path: `${activityPath(id)}/streams`,
    query: { keys: ['time', ...Object.keys(STREAMS)].join(','), key_by_type: true },
    // Entered by hand: no samples.
    emptyStatuses: [404],
  });
  return hasStreams(streams) ? { activity, streams } : null;
}

async function* streamPages(session: VendorSession, window: SyncWindow): AsyncIterable<readonly JsonValue[]> {
  for await (const page of activityPages(session, window)) {
    for (const activity of page.filter(isJsonObject)) {
      const record = await withStreams(activity, session);
      if (record !== null) yield [record];
    }
  }
}

/** The detail, and where they are wanted its samples; the workout does not wait for samples that cannot be had. */
async function oneActivity(id: string, session: VendorSession): Promise<readonly JsonValue[]> {
  const detail = recordsOf(await session.json({ path: activityPath(id) }), undefined);
  const [activity] = detail;
  if (!isJsonObject(activity) || Object.keys(activity).length === 0) return [];
  if (!wantsStreams(session)) return detail;
  try {
    const record = await withStreams(activity, session);
    return record === null ? detail : [...detail, record];
  } catch (error) {
    // The daily pull of `streams` brings them later.
    if (error instanceof VendorError) return detail;
    throw error;
  }
}

const activities: CloudResource = {
  name: 'activity',
  part: 'workouts',
  resultKey: 'workouts',
  pull: activityPages,
  one: oneActivity,
  map: (record, batch, context) =>
    isJsonObject(record) && isJsonObject(record['streams'])
      ? mapStreams(record, batch, context)
      : mapActivity(record, batch, context),
};

/** Apart from the activities, with a cursor of its own: one request per activity uses up the budget soon. */
const streams: CloudResource = {
  name: 'streams',
  part: 'workouts',
  pull: streamPages,
  // Of the last two days every time: notices bring the samples of what they announce at once.
  pullEveryHours: 6,
  pullInWebhookMode: true,
  isWanted: (environment) => environment.setting('INGEST_WORKOUT_SAMPLES') === 'true',
  map: mapStreams,
};

export const stravaResources: readonly CloudResource[] = [activities, streams];
