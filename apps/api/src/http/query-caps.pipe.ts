import { Injectable, type ArgumentMetadata, type PipeTransform, type Type } from '@nestjs/common';
import type { AppConfig } from '#libs/config';
import { DAY, type QueryInstant } from '#libs/model';
import { fieldsOf } from './wire/field.js';
import { WireFailure, WireProblem } from './wire/wire-problem.js';

/** The parameters that say how much a query asks for, as every DTO of a list over time names them. */
interface AskedFor {
  readonly limit?: number;
  readonly startDate?: QueryInstant;
  readonly endDate?: QueryInstant;
  readonly startTime?: QueryInstant;
  readonly endTime?: QueryInstant;
}

/** How much a query over time may ask for: items of a page, and days between the two ends of its range. */
@Injectable()
export class QueryCapsPipe implements PipeTransform {
  constructor(private readonly config: Pick<AppConfig, 'maxPageLimit' | 'maxRangeDays'>) {}

  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type !== 'query' || !metatype || !isOverTime(metatype)) return value;
    const problem = this.problemOf(value as AskedFor);
    if (problem) throw new WireFailure(problem);
    return value;
  }

  private problemOf({ limit, startDate, endDate, startTime, endTime }: AskedFor): WireProblem | null {
    const { maxPageLimit } = this.config;
    if (limit !== undefined && limit > maxPageLimit) {
      const message = `Input should be less than or equal to ${maxPageLimit}`;
      return new WireProblem(message, 'less_than_equal', ['query', 'limit']);
    }
    return this.tooLong('date', startDate, endDate) ?? this.tooLong('time', startTime, endTime);
  }

  private tooLong(name: 'date' | 'time', start?: QueryInstant, end?: QueryInstant): WireProblem | null {
    const { maxRangeDays } = this.config;
    // NaN where a bound is absent or a plain date, which is never too long.
    const length = Number(end?.instant) - Number(start?.instant);
    if (maxRangeDays === null || !(length > maxRangeDays * DAY)) return null;
    const message =
      `Range too long: ${Math.ceil(length / DAY)} days. ` +
      `start_${name} and end_${name} may be at most ${maxRangeDays} days apart.`;
    return new WireProblem(message, 'range_too_long', ['query', `end_${name}`]);
  }
}

const isOverTime = (metatype: Type<unknown>): boolean =>
  fieldsOf(metatype.prototype as object).some(({ property }) => property === 'startDate' || property === 'startTime');
