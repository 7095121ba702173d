import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Expose, Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';
import type { Kind } from './kind.js';
import { WireProblem } from './wire-problem.js';

export interface FieldOptions<T> {
  /** Name on the wire; the property's name in snake case unless given. */
  readonly name?: string;
  /** May be absent (undefined then). */
  readonly optional?: boolean;
  /** JSON null is accepted: it becomes the default, else null. */
  readonly nullable?: boolean;
  /** Used when absent; implies optional. */
  readonly default?: T;
  /** Empty text counts as absent. */
  readonly blankIsAbsent?: boolean;
  readonly description?: string;
  readonly example?: unknown;
}

interface Field {
  readonly property: string;
  readonly name: string;
  readonly isList: boolean;
}

const FIELDS = 'wire:fields';

/** Key under which the object being read stands, so that class-transformer never walks what a client sent. */
export const RAW = Symbol('raw');
export type RawHolder = Record<typeof RAW, Readonly<Record<string, unknown>>>;

/** Fields of a DTO class in declared order, a base class's first. */
export const fieldsOf = (dto: object): readonly Field[] => (Reflect.getMetadata(FIELDS, dto) ?? []) as Field[];

/** Makes a property a wire field: coercion, validation in the documented words and OpenAPI from one declaration. */
export function wireField<T>(kind: Kind<T>, options: FieldOptions<T>): PropertyDecorator {
  return (target, key) => {
    const property = String(key);
    const name = options.name ?? snakeCase(property);
    const field: Field = { property, name, isList: kind.isList === true };
    Reflect.defineMetadata(FIELDS, [...fieldsOf(target), field], target);
    applyDecorators(
      Expose({ name }),
      Transform(({ obj }) => readField(kind, options, (obj as RawHolder)[RAW][name])),
      ValidateBy({
        name: 'wire',
        validator: { validate: (value) => !(value instanceof WireProblem) },
      }),
      ApiProperty(schemaOf(kind, name, options)),
    )(target, key);
  };
}

function readField<T>(kind: Kind<T>, options: FieldOptions<T>, raw: unknown): T | null | undefined | WireProblem {
  if (raw === undefined || (raw === '' && options.blankIsAbsent)) {
    if (options.default !== undefined || options.optional) return options.default;
    return new WireProblem('Field required', 'missing');
  }
  if (raw === null && options.nullable) return options.default ?? null;
  return kind.read(raw);
}

function schemaOf<T>(kind: Kind<T>, name: string, options: FieldOptions<T>): ApiPropertyOptions {
  const { description, example = kind.schema.example as unknown } = options;
  const known = Object.entries<unknown>({ ...kind.schema, description, default: options.default, example });
  return {
    ...Object.fromEntries(known.filter(([, value]) => value !== undefined)),
    name,
    required: !options.optional && options.default === undefined,
    ...(options.nullable ? { nullable: true } : {}),
  };
}

const snakeCase = (property: string): string => property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
