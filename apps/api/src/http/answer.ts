import { applyDecorators, HttpCode, SetMetadata, type Type } from '@nestjs/common';
import { ApiExtension, ApiOperation, ApiProperty, ApiResponse } from '@nestjs/swagger';
import { Shown } from './shown.js';

class ErrorPlace {
  @ApiProperty({
    type: 'array',
    items: { oneOf: [{ type: 'string' }, { type: 'integer' }] },
    description: 'Where the field stands, e.g. ["query", "limit"]',
  })
  loc!: (string | number)[];

  @Shown.text()
  msg!: string;

  @Shown.text()
  type!: string;
}

/** Every error of the platform. */
export class ErrorAnswer {
  @Shown.text()
  detail!: string;

  @Shown.list(() => ErrorPlace, { optional: true, description: 'Only on validation errors' })
  errors?: ErrorPlace[];
}

const STANDARD_ERRORS: Readonly<Record<number, string>> = {
  400: 'The request is not valid',
  401: 'Credentials missing or wrong',
  403: 'Credentials do not reach this far',
  404: 'Not found',
  413: 'Request body too large',
  429: 'Too many requests',
};

export interface AnswerOptions {
  /** The body may be JSON null. */
  readonly nullable?: boolean;
  readonly description?: string;
  /** Further errors of this route: what their status means here. */
  readonly errors?: Readonly<Record<number, string>>;
}

/**
 * Status and type of a route's answer, with the errors every route may give.
 * `[Item]` is an array, `null` an answer without a body.
 */
export function Answer(
  type: Type<unknown> | readonly [Type<unknown>] | null,
  status = 200,
  options: AnswerOptions = {},
): MethodDecorator & ClassDecorator {
  const description = options.description ?? '';
  const errors = Object.entries({ ...STANDARD_ERRORS, ...options.errors }).map(([code, text]) =>
    ApiResponse({ status: Number(code), description: text, type: ErrorAnswer }),
  );
  return applyDecorators(
    HttpCode(status),
    ApiResponse({ status, description, ...answerBody(type, options) }),
    ...errors,
  );
}

/** A 200 whose body is JSON of somebody else's making. */
export const AnyJson = (errors: Readonly<Record<number, string>> = {}): MethodDecorator & ClassDecorator =>
  applyDecorators(Answer(null, 200, { errors }), ApiResponse({ status: 200, description: '', content: ANY_JSON }));

const ANY_JSON = { 'application/json': { schema: {} } };

function answerBody(
  type: Type<unknown> | readonly [Type<unknown>] | null,
  { nullable }: AnswerOptions,
): { type?: Type<unknown> | [Type<unknown>]; nullable?: boolean } {
  if (type === null) return {};
  const body = isList(type) ? ([type[0]] as [Type<unknown>]) : type;
  return { type: body, ...(nullable ? { nullable } : {}) };
}

const isList = (type: Type<unknown> | readonly [Type<unknown>]): type is readonly [Type<unknown>] =>
  Array.isArray(type);

/** Metadata with a route's operation stem, and the extension that carries it until the document is finished. */
export const OPERATION_STEM = 'x-operation-stem';

/** Stem of the operation id, e.g. `list_users` of `list_users_api_v1_users_get`; what a reader of the docs should know. */
export const Operation = (stem: string, description?: string): MethodDecorator =>
  applyDecorators(
    ApiExtension(OPERATION_STEM, stem),
    SetMetadata(OPERATION_STEM, stem),
    ...(description === undefined ? [] : [ApiOperation({ description })]),
  );
