import type { Stream } from './stream.repository.js';
import type { TimeRange } from './time-range.js';

/** What a count depends on, as one text: it changes when a point of the streams comes or goes. */
export const countKey = (streams: readonly Stream[], range: TimeRange, bucketLength: number): string =>
  JSON.stringify([
    range.from,
    range.to,
    bucketLength,
    streams.map(({ userKey, id, pointCount, firstAt, lastAt }) => [userKey, id, pointCount, firstAt, lastAt]),
  ]);
