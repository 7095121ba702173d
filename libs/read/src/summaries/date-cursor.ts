import type { Database } from '#libs/database';
import { DAY, localDate, type LocalDate, parseIsoInstant } from '#libs/model';
import { invalidCursor, splitCursor } from '../paging/cursor.js';
import { listCursor } from '../paging/list-cursor.js';

/** A place in a list that has one row per date. */
export interface DateCursor {
  readonly date: LocalDate;
  readonly isBackward: boolean;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const FIELDS = 3;

/**
 * Reads a cursor of the activity list: date, source, device model. The names may hold any text, `|` included, so only the
 * date counts, and that there are at least three fields. No cursor or an empty one is null.
 *
 * @throws Failure 400 when the text is no such cursor
 */
export function parseDayCursor(text: string | null | undefined): DateCursor | null {
  if (!text) return null;
  const { fields, isBackward } = splitCursor(text);
  const [date = ''] = fields;
  if (fields.length < FIELDS || !DATE.test(date) || parseIsoInstant(date) === null) throw invalidCursor(text);
  return { date, isBackward };
}

/**
 * Reads a cursor of the sleep list: midnight of the date in UTC, and the id of a sleep. No cursor or an empty one is null.
 *
 * @throws Failure 400 when the text is no such cursor
 */
export async function parseNightCursor(
  db: Database,
  userId: string,
  text: string | null | undefined,
): Promise<DateCursor | null> {
  const cursor = await listCursor(db, userId, text, 'night');
  if (!cursor || !text) return null;
  if (cursor.at % DAY !== 0) throw invalidCursor(text);
  return { date: localDate(cursor.at, 0), isBackward: cursor.isBackward };
}
