import type { Database } from '#libs/database';
import { DAY, parseIsoInstant } from '#libs/model';
import { streamIdOf } from '../timeseries/stream-cursor.js';
import { invalidCursor, type KeysetCursor, parseKeysetCursor } from './cursor.js';

/** The lists whose cursors have the form `instant|uuid`. */
export type KeysetList = 'timeseries' | 'workout' | 'sleep' | 'menstrual_cycle' | 'night' | 'recovery';

interface Owner extends Record<string, unknown> {
  list: string;
  at: string | null;
}

const OWNER_SQL = `
  WITH owner AS (SELECT key FROM users WHERE id = $1)
  SELECT category AS list, started_at AS at FROM event WHERE user_key = (SELECT key FROM owner) AND id = $2
  UNION ALL
  SELECT category, recorded_at FROM health_score WHERE user_key = (SELECT key FROM owner) AND id = $2
  UNION ALL
  SELECT 'timeseries', NULL FROM stream WHERE user_key = (SELECT key FROM owner) AND id = $3`;

/**
 * Reads a cursor of one list. The wire fixes its form and names no list in it, so the row that it names tells: that of
 * another list is refused, and one that is not known any more still marks its place. No cursor or an empty one is null.
 *
 * @throws Failure 400 when the text is no cursor, or one of another list
 */
export async function listCursor(
  db: Database,
  userId: string,
  text: string | null | undefined,
  list: KeysetList,
): Promise<KeysetCursor | null> {
  const cursor = parseKeysetCursor(text);
  if (!cursor || !text) return null;
  const streamId = streamIdOf(cursor.id);
  if (streamId !== null && list === 'timeseries') return cursor;
  const [owner] = await db.prepared<Owner>(OWNER_SQL, [userId, cursor.id, streamId]);
  if (owner && !isOf(list, owner, cursor)) throw invalidCursor(text);
  return cursor;
}

/** Nights are named by one of their sleeps and midnight. */
function isOf(list: KeysetList, owner: Owner, { at }: KeysetCursor): boolean {
  if (list === 'night') return owner.list === 'sleep';
  const isOfNight = owner.list === 'sleep' && at % DAY === 0 && parseIsoInstant(owner.at ?? '') !== at;
  return owner.list === list && !isOfNight;
}
