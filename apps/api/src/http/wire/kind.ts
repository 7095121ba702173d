import type { ApiPropertyOptions } from '@nestjs/swagger';
import type { WireProblem } from './wire-problem.js';

/** One kind of value on the wire: how it is read (coerced and checked) and how OpenAPI describes it. */
export interface Kind<T> {
  /** Reads a value that is present and not undefined; null reaches it only where the field is not nullable. */
  read(raw: unknown): T | WireProblem;
  readonly schema: ApiPropertyOptions;
  /** A list keeps all repetitions of a query parameter; of anything else the last one wins. */
  readonly isList?: boolean;
}
