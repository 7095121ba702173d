import type { Sql, UserRef } from '#libs/database';
import type { StreamChange } from './point-change.js';
import { arrayText } from './sql-arrays.js';

/** Adds inserted points to their streams and UTC days and widens the streams' bounds. */
export async function countChanges(sql: Sql, user: UserRef, changes: readonly StreamChange[]): Promise<void> {
  const days = changes.flatMap((change) =>
    [...change.insertedByDay]
      .sort(([a], [b]) => a - b)
      .map(([day, count]) => ({ streamId: change.stream.id, day, count })),
  );
  await sql.query(COUNT, [
    user.key,
    arrayText(changes, (change) => change.stream.id),
    arrayText(changes, (change) => change.inserted),
    arrayText(changes, (change) => change.from),
    arrayText(changes, (change) => change.to),
    arrayText(changes, (change) => change.zoneMin),
    arrayText(changes, (change) => change.zoneMax),
    arrayText(days, (day) => day.streamId),
    arrayText(days, (day) => day.day),
    arrayText(days, (day) => day.count),
  ]);
}

const COUNT = `
  WITH counted AS (
    UPDATE stream s
    SET point_count = s.point_count + c.inserted,
      first_at = least(s.first_at, 'epoch'::timestamptz + c.first_at * interval '1 microsecond'),
      last_at = greatest(s.last_at, 'epoch'::timestamptz + c.last_at * interval '1 microsecond'),
      zone_min = least(s.zone_min, c.zone_min),
      zone_max = greatest(s.zone_max, c.zone_max)
    FROM unnest($2::integer[], $3::integer[], $4::bigint[], $5::bigint[], $6::smallint[], $7::smallint[])
      AS c (stream_id, inserted, first_at, last_at, zone_min, zone_max)
    WHERE s.user_key = $1 AND s.id = c.stream_id
  )
  INSERT INTO stream_day AS d (user_key, stream_id, day, point_count)
  SELECT $1, stream_id, date '1970-01-01' + day, inserted
  FROM unnest($8::integer[], $9::integer[], $10::integer[]) AS c (stream_id, day, inserted)
  ON CONFLICT (user_key, stream_id, day) DO UPDATE SET point_count = d.point_count + excluded.point_count`;
