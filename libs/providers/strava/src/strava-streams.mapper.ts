import { SECOND, type JsonValue, type SeriesCode } from '#libs/model';
import { atPath, listAt, objectOf, recordMapper, requiredTime } from '#libs/providers/kit';
import { stravaSource, zoneOffsetOf } from './strava-record.js';

/** Strava's streams that are kept: bpm, m/s, rpm or strides per minute, W. */
export const STREAMS: Readonly<Record<string, SeriesCode>> = {
  heartrate: 'heart_rate',
  velocity_smooth: 'speed',
  cadence: 'cadence',
  watts: 'power',
};

/** `{ activity, streams }`: the samples inside an activity, each at whole seconds after its start. */
export const mapStreams = recordMapper(
  (record) => stravaSource(objectOf(record['activity'] ?? null)),
  (record, writer, context) => {
    const activity = objectOf(record['activity'] ?? null);
    const start = requiredTime(activity, 'start_date');
    const zoneOffset = zoneOffsetOf(activity, context);
    const times = listAt(record, 'streams.time.data');
    for (const [stream, series] of Object.entries(STREAMS)) {
      const values = listAt(record, `streams.${stream}.data`);
      times.forEach((time, index) => {
        const value = values[index];
        if (typeof time !== 'number' || typeof value !== 'number') return;
        writer.point(series, { at: start.at + Math.trunc(time) * SECOND, zoneOffset }, value);
      });
    }
  },
);

/** Whether an answer has samples at all. */
export const hasStreams = (streams: JsonValue): boolean => (atPath(streams, 'time.data') ?? null) !== null;
