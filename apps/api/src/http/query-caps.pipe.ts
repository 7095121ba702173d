import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import type { AppConfig } from '#libs/config';
import { DAY, type QueryInstant } from '#libs/model';
import { WireFailure, WireProblem } from './wire/wire-problem.js';

/** The parameters that say how much a query asks for, as every query DTO names them. */
interface AskedFor {
  readonly limit?: number;
  readonly startDate?: QueryInstant;
  readonly endDate?: QueryInstant;
  readonly startTime?: QueryInstant;
  readonly endTime?: QueryInstant;
}

/** How much any query may ask for: items of a page, and days between the two ends of a range. */
@Injectable()
export class QueryCapsPipe implements PipeTransform {
  constructor(private readonly config: Pick<AppConfig, 'maxPageLimit' | 'maxRangeDays'>) {}

  transform(value: unknown, { type }: ArgumentMetadata): unknown {
    if (type !== 'query' || typeof value !== 'object' || value === null) return value;
    const problem = this.problemOf(value);
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
    if (maxRangeDays === null || !start || !end || end.instant - start.instant <= maxRangeDays * DAY) return null;
    const days = Math.ceil((end.instant - start.instant) / DAY);
    const message = `Range too long: ${days} days. start_${name} and end_${name} may be at most ${maxRangeDays} days apart.`;
    return new WireProblem(message, 'range_too_long', ['query', `end_${name}`]);
  }
}
