import type { Type } from '@nestjs/common';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import type { JsonObject } from '#libs/model';
import { lazy } from '../shown.js';
import type { Kind } from './kind.js';
import { readDto } from './read-dto.js';
import { WireProblem } from './wire-problem.js';

export interface ListRules {
  readonly min?: number;
  readonly max?: number;
}

/** A list of one kind; the first bad item is reported with its index. */
export function listOf<T>(item: Kind<T>, { min, max }: ListRules = {}): Kind<T[]> {
  return {
    isList: true,
    schema: listSchema(item.schema, { min, max }),
    read: (raw) => {
      if (!Array.isArray(raw)) return new WireProblem('Input should be a valid list', 'list_type');
      if (min !== undefined && raw.length < min) return sizeProblem('at least', min, raw.length, 'too_short');
      if (max !== undefined && raw.length > max) return sizeProblem('at most', max, raw.length, 'too_long');
      return readItems(item, raw);
    },
  };
}

/** An object described by a DTO class of its own. */
export function objectOf<T extends object>(dto: () => Type<T>): Kind<T> {
  return { schema: { type: lazy(dto) }, read: (raw) => readDto(dto(), raw) };
}

/** Any JSON object, taken as it is. */
export function freeMap(): Kind<JsonObject> {
  return {
    schema: { type: 'object', additionalProperties: true },
    read: (raw) =>
      typeof raw === 'object' && raw !== null && !Array.isArray(raw)
        ? (raw as JsonObject)
        : new WireProblem('Input should be a valid dictionary', 'dict_type'),
  };
}

/** An object whose DTO is chosen by the value of one of its own keys. */
export function taggedUnion<D extends Readonly<Record<string, Type<object>>>>(
  tag: string,
  dtos: D,
): Kind<InstanceType<D[keyof D]>> {
  const expected = Object.keys(dtos)
    .map((name) => `'${name}'`)
    .join(', ');
  return {
    schema: { type: 'object', additionalProperties: true },
    read: (raw) => {
      if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return notAnObject();
      const value = (raw as Record<string, unknown>)[tag];
      if (value === undefined) {
        return new WireProblem(`Unable to extract tag using discriminator '${tag}'`, 'union_tag_not_found');
      }
      const dto = typeof value === 'string' && Object.hasOwn(dtos, value) ? dtos[value] : undefined;
      if (dto) return readDto(dto, raw) as InstanceType<D[keyof D]> | WireProblem;
      const shown = typeof value === 'string' ? value : JSON.stringify(value);
      const message = `Input tag '${shown}' found using '${tag}' does not match any of the expected tags: ${expected}`;
      return new WireProblem(message, 'union_tag_invalid');
    },
  };
}

const notAnObject = (): WireProblem =>
  new WireProblem('Input should be a valid dictionary or object to extract fields from', 'model_attributes_type');

function readItems<T>(item: Kind<T>, raw: readonly unknown[]): T[] | WireProblem {
  const items: T[] = [];
  for (const [index, value] of raw.entries()) {
    const read = item.read(value);
    if (read instanceof WireProblem) return read.under(index);
    items.push(read);
  }
  return items;
}

function sizeProblem(relation: string, bound: number, actual: number, type: string): WireProblem {
  const items = bound === 1 ? '1 item' : `${bound} items`;
  return new WireProblem(`List should have ${relation} ${items} after validation, not ${actual}`, type);
}

function listSchema(item: ApiPropertyOptions, { min, max }: ListRules): ApiPropertyOptions {
  const size = { minItems: min, maxItems: max };
  return (
    'type' in item && typeof item.type === 'function'
      ? { type: item.type, isArray: true, ...size }
      : { type: 'array', items: item, ...size }
  ) as ApiPropertyOptions;
}
