import type { Sql, UserRef } from '#libs/database';
import { formatInstant, HOUR, type SleepStage } from '#libs/model';
import { instantOf } from '../events/event.repository.js';
import type { SleepFragment } from './fragment.js';
import { isClosed, touchedClusters, type FragmentCluster, type StoredFragment } from './fragment-cluster.js';
import { LONGEST_FRAGMENT_DAYS } from './fragment-input.js';
import { stagesOf, type StoredStage } from './stage-json.js';
import type { SessionTotals } from './fragment.js';
import { joined, widened, type TimeWindow } from './time-window.js';

/** Longer than nights last, so that one look nearly always shows whole nights. */
const FIRST_LOOK = 12 * HOUR;
const LOOK_GROWTH = 4;

interface FragmentColumns {
  id: number;
  source_id: string;
  started_at: string;
  ended_at: string;
  stage: SleepStage | null;
  session: (Omit<SessionTotals, 'stages'> & { stages: StoredStage[] | null }) | null;
  is_nap: boolean;
  external_id: string | null;
  source_name: string | null;
  zone_offset: number | null;
  score: number | null;
  event_id: string | null;
  event_started_at: string | null;
  event_ended_at: string | null;
  event_zone_offset: number | null;
  event_created_at: string | null;
}

/**
 * Reads everything that hangs together with the touched windows (`gap` in microseconds), so that no session is cut:
 * looks further where a chain of fragments reaches the border of what was read.
 */
export async function readClusters(
  sql: Sql,
  user: UserRef,
  touched: readonly TimeWindow[],
  gap: number,
): Promise<FragmentCluster[]> {
  for (let look = FIRST_LOOK + gap; ; look *= LOOK_GROWTH) {
    const read = joined(touched.map((window) => widened(window, look)));
    const clusters = touchedClusters(touched, await readFragments(sql, user, read), gap);
    if (isClosed(clusters, read, gap)) return clusters;
  }
}

async function readFragments(sql: Sql, user: UserRef, windows: readonly TimeWindow[]): Promise<StoredFragment[]> {
  const rows = await sql.query<FragmentColumns>(
    `SELECT DISTINCT ON (f.id) f.id, f.source_id, f.started_at, f.ended_at, f.stage, f.session, f.is_nap,
       f.external_id, f.source_name, f.zone_offset, f.score, e.id AS event_id, e.started_at AS event_started_at,
       e.ended_at AS event_ended_at, e.zone_offset AS event_zone_offset, e.created_at AS event_created_at
     FROM unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[]) AS w (source_id, from_at, to_at)
     JOIN sleep_fragment f ON f.user_key = $1 AND f.source_id = w.source_id
       AND f.started_at >= w.from_at - $5 * interval '1 day' AND f.started_at <= w.to_at AND f.ended_at >= w.from_at
     LEFT JOIN event e ON e.user_key = f.user_key AND e.id = f.event_id
     WHERE NOT f.is_deleted
     ORDER BY f.id`,
    [
      user.key,
      windows.map((window) => window.sourceId),
      windows.map((window) => formatInstant(window.from)),
      windows.map((window) => formatInstant(window.to)),
      LONGEST_FRAGMENT_DAYS,
    ],
  );
  return rows.map((row) => ({ sourceId: row.source_id, fragment: fragmentOf(row), event: eventOf(row) }));
}

function fragmentOf(row: FragmentColumns): SleepFragment {
  const common = {
    id: row.id,
    startedAt: instantOf(row.started_at),
    endedAt: instantOf(row.ended_at),
    isNap: row.is_nap,
    externalId: row.external_id,
    sourceName: row.source_name,
    zoneOffset: row.zone_offset,
    eventId: row.event_id,
  };
  if (row.session === null) return { ...common, kind: 'segment', stage: row.stage!, score: row.score };
  return { ...common, kind: 'session', totals: { ...row.session, stages: stagesOf(row.session.stages) } };
}

const eventOf = (row: FragmentColumns): StoredFragment['event'] =>
  row.event_id === null
    ? null
    : {
        id: row.event_id,
        startedAt: instantOf(row.event_started_at!),
        endedAt: instantOf(row.event_ended_at!),
        zoneOffset: row.event_zone_offset,
        createdAt: instantOf(row.event_created_at!),
      };
