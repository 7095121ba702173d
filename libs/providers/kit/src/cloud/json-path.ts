import type { JsonObject, JsonValue } from '#libs/model';

export const isJsonObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Value at a dotted path; `''` is the value itself. Undefined where something on the way is missing. */
export function atPath(value: JsonValue, path: string): JsonValue | undefined {
  if (path === '') return value;
  return path
    .split('.')
    .reduce<JsonValue | undefined>(
      (found, key) => (isJsonObject(found) && Object.hasOwn(found, key) ? found[key] : undefined),
      value,
    );
}

/** Text of a text or number at a path; null for everything else and for the empty text. */
export function textAt(value: JsonValue, path: string): string | null {
  const found = atPath(value, path);
  if (typeof found === 'number') return String(found);
  return typeof found === 'string' && found !== '' ? found : null;
}

/** List at a path; empty when it is missing or no list. */
export function listAt(value: JsonValue, path: string): readonly JsonValue[] {
  const found = atPath(value, path);
  return Array.isArray(found) ? (found as readonly JsonValue[]) : [];
}
