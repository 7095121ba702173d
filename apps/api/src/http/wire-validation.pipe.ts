import { Injectable, type ArgumentMetadata, type PipeTransform, type Type } from '@nestjs/common';
import { fieldsOf } from './wire/field.js';
import { isOptionalBody } from './wire/optional-body.js';
import { readDto } from './wire/read-dto.js';
import { WireFailure, WireProblem } from './wire/wire-problem.js';

/** Order in which places of a request are reported: path, query, header, body. */
const PLACES = { param: 'path', query: 'query', custom: 'header', body: 'body' } as const;
const RANKS: Record<ArgumentMetadata['type'], number> = { param: 0, query: 1, custom: 2, body: 3 };

/** Turns path, query and body into their DTO classes, or answers 400 with the first problem. */
@Injectable()
export class WireValidationPipe implements PipeTransform {
  async transform(raw: unknown, { metatype, type }: ArgumentMetadata): Promise<unknown> {
    if (!metatype || !isDto(metatype)) return raw;
    const value = type === 'body' ? readBody(metatype, raw) : readDto(metatype, lastOfRepeated(metatype, raw));
    if (!(value instanceof WireProblem)) return value;
    // Nest reads all arguments at once and answers the first rejection: later places wait for their turn.
    for (let turn = 0; turn < RANKS[type]; turn++) await new Promise((resolve) => setImmediate(resolve));
    throw new WireFailure(value.under(PLACES[type]));
  }
}

const isDto = (metatype: Type<unknown>): metatype is Type<object> =>
  typeof metatype.prototype === 'object' &&
  (fieldsOf(metatype.prototype as object).length > 0 || isOptionalBody(metatype));

function readBody(metatype: Type<object>, raw: unknown): unknown {
  const isAbsent = raw === undefined || raw === null;
  if (!isAbsent) return readDto(metatype, raw);
  return isOptionalBody(metatype) ? readDto(metatype, {}) : new WireProblem('Field required', 'missing');
}

/** Of a repeated scalar parameter the last one counts; a list parameter given once is a list of one. */
function lastOfRepeated(metatype: Type<object>, raw: unknown): Record<string, unknown> {
  const given = { ...(raw as Record<string, unknown>) };
  for (const { name, isList } of fieldsOf(metatype.prototype as object)) {
    const value = given[name];
    if (isList && value !== undefined && !Array.isArray(value)) given[name] = [value];
    else if (!isList && Array.isArray(value)) given[name] = value[value.length - 1];
  }
  return given;
}
