import type { JsonObject, JsonValue } from '#libs/model';

/** Deeper parts of a kept JSON value are replaced by null. */
const MAX_DEPTH = 16;
const LONE_SURROGATE = /\p{Surrogate}/u;
const LONE_SURROGATES = /\p{Surrogate}/gu;

/**
 * Text as it can be stored: no NUL characters, no lone surrogates, at most `limit` characters; empty counts as null.
 */
export function cleanText(text: string | null | undefined, limit: number): string | null {
  if (!text) return null;
  const storable = storableText(text);
  // No text has more characters than UTF-16 units, so most are short enough without counting.
  const cut = storable.length <= limit ? storable : [...storable].slice(0, limit).join('');
  return cut === '' ? null : cut;
}

/** PostgreSQL refuses NUL in text and lone surrogates in JSON. */
const storableText = (text: string): string => {
  const clean = text.includes('\0') ? text.replaceAll('\0', '') : text;
  return LONE_SURROGATE.test(clean) ? clean.replace(LONE_SURROGATES, '\ufffd') : clean;
};

/** A parsed JSON value made storable: texts cleaned, numbers finite, depth bounded. */
function cleanValue(value: unknown, depth: number): JsonValue {
  if (typeof value === 'string') return storableText(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null || depth >= MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.map((item) => cleanValue(item, depth + 1));
  return cleanObject(value, depth);
}

function cleanObject(value: object, depth: number): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [storableText(key), cleanValue(item, depth + 1)]),
  );
}

/** A JSON object as it can be stored. */
export const cleanJson = (value: object): JsonObject => cleanObject(value, 0);
