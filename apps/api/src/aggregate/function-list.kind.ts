import { AGGREGATE_FUNCTIONS, type AggregateFunction } from '#libs/read';
import type { Kind } from '../http/wire/kind.js';
import { oneOf } from '../http/wire/scalar.kinds.js';
import { listOf } from '../http/wire/structured.kinds.js';

/** Names of functions, repeated or separated by commas; each counts once. */
export function functionList(): Kind<AggregateFunction[]> {
  const names = listOf(oneOf(AGGREGATE_FUNCTIONS), { min: 1 });
  return {
    isList: true,
    schema: names.schema,
    read: (raw) => {
      const parts = Array.isArray(raw) ? raw.flatMap(partsOf) : raw;
      const read = names.read(parts);
      return Array.isArray(read) ? [...new Set(read)] : read;
    },
  };
}

const partsOf = (item: unknown): unknown[] =>
  typeof item === 'string' ? item.split(',').map((part) => part.trim()) : [item];
