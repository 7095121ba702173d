import type { Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { fieldsOf, RAW } from './field.js';
import { crossFieldProblem } from './wire-rule.js';
import { WireProblem } from './wire-problem.js';

/**
 * Reads a DTO from what a client sent. Unknown keys are ignored.
 * @returns the DTO, or the problem of the first bad field in declared order, with its path inside the object
 */
export function readDto<T extends object>(dto: Type<T>, raw: unknown): T | WireProblem {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    return new WireProblem(
      'Input should be a valid dictionary or object to extract fields from',
      'model_attributes_type',
    );
  }
  const value = plainToInstance(dto, { [RAW]: raw }, { excludeExtraneousValues: true, exposeUnsetFields: false });
  return firstProblem(dto, value) ?? crossFieldProblem(value) ?? value;
}

function firstProblem<T extends object>(dto: Type<T>, value: T): WireProblem | null {
  const failed = new Map(
    validateSync(value, { forbidUnknownValues: false }).map((error) => [error.property, error.value as WireProblem]),
  );
  for (const { property, name } of failed.size === 0 ? [] : fieldsOf(dto.prototype as object)) {
    const problem = failed.get(property);
    if (problem) return problem.under(name);
  }
  return null;
}
