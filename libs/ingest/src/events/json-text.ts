import type { JsonValue } from '#libs/model';

/** Escapes that JSON text may hold and jsonb refuses: NUL and halves of surrogate pairs. */
const REFUSED_ESCAPE = /\\u(0000|d[89a-f][0-9a-f]{2})/i;

/** JSON text for a jsonb parameter; null and undefined give null. Numbers that JSON does not know become null. */
export function jsonText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const text = JSON.stringify(value);
  return REFUSED_ESCAPE.test(text) ? JSON.stringify(storable(JSON.parse(text) as JsonValue)) : text;
}

function storable(value: JsonValue): JsonValue {
  if (typeof value === 'string') return storableString(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item: JsonValue) => storable(item));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [storableString(key), storable(item)]));
}

const storableString = (text: string): string => wellFormed(text.replaceAll('\0', ''));

/** Halves of surrogate pairs become the replacement character, which is what the database would hold. */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\uFFFD');
