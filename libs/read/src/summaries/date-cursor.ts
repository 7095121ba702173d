import { type LocalDate, parseIsoInstant } from '#libs/model';
import { invalidCursor, splitCursor } from '../paging/cursor.js';

/** A place in a list that has one row per date. */
export interface DateCursor {
  readonly date: LocalDate;
  readonly isBackward: boolean;
}

const DATE = /^\d{4}-\d{2}-\d{2}(?:T00:00:00\+00:00)?$/;

/**
 * Reads a cursor whose first field is a date. Further fields are names for people and may hold any text, `|` included,
 * so only their least number counts. No cursor or an empty one is null.
 *
 * @throws Failure 400 when the text is no such cursor
 */
export function parseDateCursor(text: string | null | undefined, fieldCount: number): DateCursor | null {
  if (!text) return null;
  const { fields, isBackward } = splitCursor(text);
  const [date = ''] = fields;
  if (fields.length < fieldCount || !DATE.test(date) || parseIsoInstant(date) === null) throw invalidCursor(text);
  return { date: date.slice(0, 10), isBackward };
}
