import { describe, expect, it } from '@jest/globals';
import type { Type } from '@nestjs/common';
import { parseQueryInstant, type QueryInstant } from '#libs/model';
import { QueryCapsPipe } from './query-caps.pipe.js';
import { WireInstant, WireInt } from './wire/wire.js';

const day = (text: string) => parseQueryInstant(text)!;

class OverTime {
  @WireInstant({ optional: true })
  startDate?: QueryInstant;

  @WireInt({ default: 50 })
  limit!: number;
}

class AnyList {
  @WireInt({ default: 50 })
  limit!: number;
}

interface Asked {
  readonly type?: 'query' | 'body';
  readonly metatype?: Type<unknown>;
  readonly maxRangeDays?: number | null;
}

const read = (value: unknown, { type = 'query', metatype = OverTime, maxRangeDays = 31 }: Asked = {}): unknown =>
  new QueryCapsPipe({ maxPageLimit: 500, maxRangeDays }).transform(value, { type, metatype });

function failureOf(value: unknown): unknown {
  try {
    return read(value);
  } catch (failure) {
    return failure;
  }
}

describe('the caps of queries', () => {
  it.each([
    [{ limit: 500 }],
    [{ startDate: day('2026-01-01'), endDate: day('2026-02-01') }],
    [{ startTime: day('2026-03-01'), endTime: day('2026-01-01') }],
    [{ startTime: day('1900-01-01') }],
    [{ startDate: '2001-01-01' }],
    [{}],
  ])('let %j pass as it is', (value) => {
    expect(read(value)).toBe(value);
  });

  it.each([
    [{ limit: 501 }, 'Input should be less than or equal to 500', 'limit'],
    [
      { startDate: day('2026-01-01'), endDate: day('2026-02-01T00:00:01Z') },
      'Range too long: 32 days. start_date and end_date may be at most 31 days apart.',
      'end_date',
    ],
    [
      { limit: 1, startTime: day('2020-01-01'), endTime: day('2026-01-01') },
      'Range too long: 2192 days. start_time and end_time may be at most 31 days apart.',
      'end_time',
    ],
  ])('refuse %j', (value, detail, parameter) => {
    expect(failureOf(value)).toMatchObject({ status: 400, errors: [{ loc: ['query', parameter], msg: detail }] });
  });

  it('leave bodies and lists that know no time alone, and any range without the setting', () => {
    expect(read({ limit: 501 }, { type: 'body' })).toEqual({ limit: 501 });
    expect(read({ limit: 501 }, { metatype: AnyList })).toEqual({ limit: 501 });
    const ages = { startDate: day('0001-01-01'), endDate: day('9999-01-01') };
    expect(read(ages, { maxRangeDays: null })).toBe(ages);
  });
});
