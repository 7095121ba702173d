import type { Type } from '@nestjs/common';
import type { Instant, JsonObject, QueryInstant } from '#libs/model';
import { wireField, type FieldOptions } from './field.js';
import type { Kind } from './kind.js';
import { decimal, flag, integer, oneOf, type NumberBounds } from './scalar.kinds.js';
import { freeMap, listOf, objectOf, type ListRules } from './structured.kinds.js';
import { email, text, url, uuid, type TextRules } from './text.kinds.js';
import { calendarDate, queryInstant, timestamp } from './time.kinds.js';

/*
 * One decorator per DTO field: it declares how the value is read from path, query, header or body, what is refused in
 * which words, and what OpenAPI says. A field is required unless `optional` or `default` is given.
 */

/** A whole number. */
export const WireInt = (options: NumberBounds & FieldOptions<number> = {}): PropertyDecorator =>
  wireField(integer(options), options);

/** A finite number. */
export const WireNumber = (options: NumberBounds & FieldOptions<number> = {}): PropertyDecorator =>
  wireField(decimal(options), options);

export const WireString = (options: TextRules & FieldOptions<string> = {}): PropertyDecorator =>
  wireField(text(options), options);

export const WireEnum = <const T extends string>(
  values: readonly T[],
  options: FieldOptions<NoInfer<T>> = {},
): PropertyDecorator => wireField(oneOf(values), options);

export const WireBool = (options: FieldOptions<boolean> = {}): PropertyDecorator => wireField(flag(), options);

/** A UUID in any spelling; the field holds lower-case hyphenated text. */
export const WireUuid = (options: FieldOptions<string> = {}): PropertyDecorator => wireField(uuid(), options);

export const WireEmail = (options: FieldOptions<string> = {}): PropertyDecorator => wireField(email(), options);

export const WireUrl = (options: FieldOptions<string> = {}): PropertyDecorator => wireField(url(), options);

/** A date or time of a query; the field holds a `QueryInstant`. */
export const WireInstant = (options: FieldOptions<QueryInstant> = {}): PropertyDecorator =>
  wireField(queryInstant(), options);

/** A time stamp of a body; the field holds an `Instant`. */
export const WireTimestamp = (options: FieldOptions<Instant> = {}): PropertyDecorator =>
  wireField(timestamp(), options);

/** `YYYY-MM-DD`. */
export const WireDate = (options: FieldOptions<string> = {}): PropertyDecorator => wireField(calendarDate(), options);

/** A list of one kind, e.g. `@WireList(oneOf(SERIES_CODES), { optional: true })`; repeated in queries. */
export const WireList = <T>(item: Kind<T>, options: ListRules & FieldOptions<T[]> = {}): PropertyDecorator =>
  wireField(listOf(item, options), options);

/** An object with a DTO class of its own. */
export const WireObject = <T extends object>(dto: () => Type<T>, options: FieldOptions<T> = {}): PropertyDecorator =>
  wireField(objectOf(dto), options);

/** Any JSON object. */
export const WireMap = (options: FieldOptions<JsonObject> = {}): PropertyDecorator => wireField(freeMap(), options);
