import type { Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';

export interface ShownOptions {
  readonly nullable?: boolean;
  /** Left out of some answers; declared fields are otherwise always present. */
  readonly optional?: boolean;
  readonly description?: string;
  readonly example?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
}

type ScalarType = 'string' | 'integer' | 'number' | 'boolean';

const shown =
  (schema: Record<string, unknown>) =>
  ({ optional, ...options }: ShownOptions = {}): PropertyDecorator =>
    ApiProperty({ ...schema, ...options, required: !optional });

/** Swagger takes a function for a class to be looked up later by the function's name. */
export function lazy(of: () => Type<unknown>): () => Type<unknown> {
  const type = (): Type<unknown> => of();
  return type;
}

/** What one field of an answer holds, for OpenAPI. Properties carry their wire names. */
export const Shown = {
  text: shown({ type: 'string' }),
  uuid: shown({ type: 'string', format: 'uuid' }),
  /** Instant in UTC with `Z`. */
  timestamp: shown({ type: 'string', format: 'date-time' }),
  /** Calendar date, `YYYY-MM-DD`. */
  date: shown({ type: 'string', format: 'date' }),
  int: shown({ type: 'integer' }),
  number: shown({ type: 'number' }),
  flag: shown({ type: 'boolean' }),
  /** Any JSON object. */
  json: shown({ type: 'object', additionalProperties: true }),
  oneOf: (values: readonly string[], options?: ShownOptions) => shown({ type: 'string', enum: [...values] })(options),
  /** An object with a class of its own. */
  object: (type: () => Type<unknown>, options?: ShownOptions) => shown({ type: lazy(type) })(options),
  /** A list of objects with a class of their own. */
  list: (type: () => Type<unknown>, options?: ShownOptions) => shown({ type: lazy(type), isArray: true })(options),
  listOf: (type: ScalarType, options?: ShownOptions) => shown({ type: 'array', items: { type } })(options),
  listOfUuids: (options?: ShownOptions) => shown({ type: 'array', items: { type: 'string', format: 'uuid' } })(options),
  /** A map from free keys to one scalar type. */
  mapOf: (type: ScalarType, options?: ShownOptions) =>
    shown({ type: 'object', additionalProperties: { type } })(options),
};
