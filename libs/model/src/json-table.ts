import { readFileSync } from 'node:fs';

/** Checks one value of a table and returns it typed; throws with the place of the mistake. */
export type Shape<T> = (value: unknown, path: string) => T;
type ShapeOf<S> = S extends Shape<infer T> ? T : never;

const fail = (path: string, expected: string): never => {
  throw new Error(`${path}: expected ${expected}`);
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The building blocks of table schemas. Objects refuse unknown keys, so that a typing error cannot hide. */
export const shape = {
  text: ((value, path) =>
    typeof value === 'string' && value !== '' ? value : fail(path, 'a text')) satisfies Shape<string>,
  number: ((value, path) =>
    typeof value === 'number' && Number.isFinite(value) ? value : fail(path, 'a number')) satisfies Shape<number>,
  flag: ((value, path) => (typeof value === 'boolean' ? value : fail(path, 'true or false'))) satisfies Shape<boolean>,

  oneOf:
    <T extends string>(...allowed: readonly T[]): Shape<T> =>
    (value, path) =>
      allowed.find((item) => item === value) ?? fail(path, `one of ${allowed.join(', ')}`),

  nullable:
    <T>(inner: Shape<T>): Shape<T | null> =>
    (value, path) =>
      value === null ? null : inner(value, path),

  optional:
    <T>(inner: Shape<T>): Shape<T | undefined> =>
    (value, path) =>
      value === undefined ? undefined : inner(value, path),

  list:
    <T>(inner: Shape<T>): Shape<readonly T[]> =>
    (value, path) =>
      Array.isArray(value) ? value.map((item, index) => inner(item, `${path}[${index}]`)) : fail(path, 'a list'),

  pair:
    <T>(inner: Shape<T>): Shape<readonly [T, T]> =>
    (value, path) =>
      Array.isArray(value) && value.length === 2
        ? [inner(value[0], `${path}[0]`), inner(value[1], `${path}[1]`)]
        : fail(path, 'a pair'),

  record:
    <T>(inner: Shape<T>): Shape<Readonly<Record<string, T>>> =>
    (value, path) =>
      isObject(value)
        ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inner(item, `${path}.${key}`)]))
        : fail(path, 'an object'),

  object:
    <S extends Record<string, Shape<unknown>>>(fields: S): Shape<{ readonly [K in keyof S]: ShapeOf<S[K]> }> =>
    (value, path) => {
      if (!isObject(value)) return fail(path, 'an object');
      const unknown = Object.keys(value).find((key) => !(key in fields));
      if (unknown !== undefined) return fail(`${path}.${unknown}`, 'no such key');
      const checked = Object.entries(fields).map(([key, inner]) => [key, inner(value[key], `${path}.${key}`)]);
      return Object.fromEntries(checked) as { readonly [K in keyof S]: ShapeOf<S[K]> };
    },
};

/**
 * Reads a JSON table once and checks it against its shape.
 * @throws Error naming file, place and expectation when the table does not fit.
 */
export function loadTable<T>(file: URL, tableShape: Shape<T>): T {
  const name = file.pathname.slice(file.pathname.lastIndexOf('/') + 1);
  return tableShape(JSON.parse(readFileSync(file, 'utf8')), name);
}

/** Indexes rows by a key that must be unique. */
export function indexUnique<K, T>(rows: readonly T[], keyOf: (row: T) => K): ReadonlyMap<K, T> {
  const index = new Map<K, T>();
  for (const row of rows) {
    const key = keyOf(row);
    if (index.has(key)) throw new Error(`duplicate key ${String(key)}`);
    index.set(key, row);
  }
  return index;
}
