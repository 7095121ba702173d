import {
  MAX_INSTANT,
  MAX_VALUE,
  roundValue,
  seriesTypeByCode,
  type Instant,
  type PointInput,
  type RowProblem,
  type SeriesType,
} from '#libs/model';
import type { WriteContext } from '../write-context.js';
import { originHash } from './origin-hash.js';
import { localDay, type PointRow, type RowsOf, type StreamIdentity } from './point-row.js';
import { isInFuture, isStorableTime } from './point-time.js';

const MOST_ZONE_MINUTES = 18 * 60;

export interface CheckedPoints {
  /** Storable rows by stream, in order of delivery. */
  readonly streams: readonly RowsOf<StreamIdentity>[];
  readonly problems: RowProblem[];
}

/** Turns delivered points into rows; what cannot be stored becomes a problem under the sender's own index. */
export function checkPoints(points: readonly PointInput[], context: WriteContext): CheckedPoints {
  const problems: RowProblem[] = [];
  const streams = new StreamGroups();
  for (const point of points) {
    const sourceId = context.sourceIds[point.sourceIndex];
    const series = seriesTypeByCode(point.series);
    const value = roundValue(point.series, point.value);
    const fault = faultOf(point, sourceId, series, value, context.now);
    if (fault !== null) problems.push(problem(point, 'dropped', fault.path, fault.message));
    if (fault !== null || sourceId === undefined || series === undefined) continue;
    const zoneOffset = knownZone(point, problems);
    streams.rowsOf(sourceId, series, point.isDailyTotal).push({
      recordedAt: point.recordedAt,
      endedAt: knownEnd(point, problems),
      value,
      originHash: series.aggregation === 'sum' && point.externalId !== null ? originHash(point.externalId) : null,
      zoneOffset,
      localDay: localDay(point.recordedAt, zoneOffset),
      origin: point.origin,
    });
  }
  return { streams: streams.list, problems };
}

function faultOf(
  point: PointInput,
  sourceId: string | undefined,
  series: SeriesType | undefined,
  value: number,
  now: Instant,
): { path: string; message: string } | null {
  if (series === undefined) return { path: 'series', message: 'unknown series type' };
  if (sourceId === undefined) return { path: 'sourceIndex', message: 'unknown source' };
  if (!Number.isFinite(value)) return { path: 'value', message: 'value is not a finite number' };
  if (Math.abs(value) >= MAX_VALUE) return { path: 'value', message: 'value is out of range' };
  if (isInFuture(point.recordedAt, now)) return { path: 'recordedAt', message: 'recorded in the future' };
  if (!isStorableTime(point.recordedAt, now)) return { path: 'recordedAt', message: 'invalid time' };
  return null;
}

function knownZone(point: PointInput, problems: RowProblem[]): number | null {
  const { zoneOffset } = point;
  if (zoneOffset === null || (Number.isInteger(zoneOffset) && Math.abs(zoneOffset) <= MOST_ZONE_MINUTES)) {
    return zoneOffset;
  }
  problems.push(problem(point, 'warning', 'zoneOffset', 'invalid zone offset'));
  return null;
}

/** The end of a sample that has a length. */
function knownEnd(point: PointInput, problems: RowProblem[]): Instant | null {
  const { endedAt, recordedAt } = point;
  if (endedAt === null || endedAt === recordedAt) return null;
  if (Number.isSafeInteger(endedAt) && endedAt > recordedAt && endedAt <= MAX_INSTANT) return endedAt;
  problems.push(problem(point, 'warning', 'endedAt', 'ends before it starts'));
  return null;
}

/** One problem of one point, under the index its sender knows it by. */
export function problem(
  { origin }: Pick<PointInput, 'origin'>,
  severity: RowProblem['severity'],
  path: string | null,
  message: string,
): RowProblem {
  return { collection: origin.collection, index: origin.index, path, message, severity };
}

/** The streams of a batch in order of appearance. */
class StreamGroups {
  readonly list: (RowsOf<StreamIdentity> & { rows: PointRow[] })[] = [];
  private readonly bySource = new Map<string, Map<number, PointRow[]>>();

  rowsOf(sourceId: string, series: SeriesType, isDailyTotal: boolean): PointRow[] {
    let ofSource = this.bySource.get(sourceId);
    if (ofSource === undefined) this.bySource.set(sourceId, (ofSource = new Map<number, PointRow[]>()));
    const key = series.id * 2 + (isDailyTotal ? 1 : 0);
    let rows = ofSource.get(key);
    if (rows === undefined) {
      ofSource.set(key, (rows = []));
      this.list.push({ stream: { sourceId, series, isDailyTotal }, rows });
    }
    return rows;
  }
}
