import { badRequest, type Failure, type Instant, MAX_INSTANT, parseIsoInstant, SECOND } from '#libs/model';

/** A place in a list ordered by (instant, id), and the direction to read from it. */
export interface KeysetCursor {
  readonly at: Instant;
  /** Lower-case hyphenated UUID. */
  readonly id: string;
  readonly isBackward: boolean;
}

export interface CursorFields {
  readonly fields: readonly string[];
  readonly isBackward: boolean;
}

const BACKWARD_PREFIX = 'prev_';
const BASE64URL = /^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2}==|[A-Za-z0-9_-]{3}=)?$/;
const UUID = /^(?:urn:uuid:)?\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?$/i;
const UNIX_SECONDS = /^([+-]?)(\d+)(?:\.(\d*))?$/;

/** Base64url, with padding, of the fields joined by `|`; `prev_` in front when it leads backward. */
export function encodeCursor(fields: readonly string[], isBackward: boolean): string {
  const encoded = Buffer.from(fields.join('|'), 'utf8').toString('base64url');
  const padding = '='.repeat((4 - (encoded.length % 4)) % 4);
  return `${isBackward ? BACKWARD_PREFIX : ''}${encoded}${padding}`;
}

/** The fields of a cursor. Throws 400 when the text is no cursor or has another number of fields. */
export function decodeCursor(text: string, fieldCount: number): CursorFields {
  const cursor = splitCursor(text);
  if (cursor.fields.length !== fieldCount) throw invalidCursor(text);
  return cursor;
}

/** The fields of a cursor, however many. Throws 400 when the text is no cursor. */
export function splitCursor(text: string): CursorFields {
  const isBackward = text.startsWith(BACKWARD_PREFIX);
  const encoded = isBackward ? text.slice(BACKWARD_PREFIX.length) : text;
  return { fields: decodeText(encoded).split('|'), isBackward };
}

/** A cursor of the form `instant|uuid`; the instant is ISO 8601 or Unix seconds. No cursor or an empty one is null. */
export function parseKeysetCursor(text: string | null | undefined): KeysetCursor | null {
  if (!text) return null;
  const { fields, isBackward } = decodeCursor(text, 2);
  const at = cursorInstant(fields[0]!);
  const id = cursorUuid(fields[1]!);
  if (at === null || id === null) throw invalidCursor(text);
  return { at, id, isBackward };
}

export const invalidCursor = (cursor: string): Failure =>
  badRequest(`Invalid cursor format: '${cursor}'. Expected 'timestamp|id'.`);

function decodeText(encoded: string): string {
  if (!BASE64URL.test(encoded)) throw invalidCursor(encoded);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(encoded, 'base64url'));
  } catch {
    throw invalidCursor(encoded);
  }
}

function cursorInstant(text: string): Instant | null {
  const match = UNIX_SECONDS.exec(text);
  if (!match) return parseIsoInstant(text);
  const [, sign, seconds = '', fraction = ''] = match;
  const micros = Number(seconds) * SECOND + Number(fraction.padEnd(6, '0').slice(0, 6));
  if (micros > MAX_INSTANT) return null;
  return sign === '-' ? 0 - micros : micros;
}

function cursorUuid(text: string): string | null {
  const match = UUID.exec(text);
  return match ? match.slice(1).join('-').toLowerCase() : null;
}
