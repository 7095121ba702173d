import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { SERIES_TYPES } from '#libs/model';
import { eventSchema } from './event-schema.js';
import { ADDITIONAL_EVENT_TYPES, EVENT_TYPES, eventsOfSeries, eventType } from './event-type.js';

const ajv = formats.default(new Ajv2020({ strict: false }));

describe('the catalogue', () => {
  it('has 111 types in the order of the wire', () => {
    expect(EVENT_TYPES).toHaveLength(111);
    expect(EVENT_TYPES.slice(0, 3).map(({ name }) => name)).toEqual([
      'connection.created',
      'connection.revoked',
      'sync.started',
    ]);
    expect(EVENT_TYPES.filter(({ childEvents }) => childEvents !== null)).toHaveLength(16);
  });

  it.each([...EVENT_TYPES, ...ADDITIONAL_EVENT_TYPES])('$name has an example that fits its schema', (type) => {
    const validate = ajv.compile(eventSchema(type));
    validate(type.example);
    expect(validate.errors ?? []).toEqual([]);
    expect(validate({ ...type.example, data: { user_id: 'x' } })).toBe(false);
  });

  it('names two events for every series but six', () => {
    const without = SERIES_TYPES.filter(({ code }) => eventsOfSeries(code).length === 0).map(({ code }) => code);
    expect(without.sort()).toEqual([
      'air_temperature',
      'elevation',
      'latitude',
      'longitude',
      'running_stance_time_balance',
      'running_vertical_ratio',
    ]);
    expect(eventsOfSeries('weight')).toEqual(['body_composition.created', 'series.weight.created']);
    for (const { code } of SERIES_TYPES) for (const name of eventsOfSeries(code)) expect(eventType(name)).toBeDefined();
  });

  it('keeps its additions to those who ask for them', () => {
    expect(ADDITIONAL_EVENT_TYPES.every(({ isUsual }) => !isUsual)).toBe(true);
    expect(EVENT_TYPES.every(({ isUsual }) => isUsual)).toBe(true);
  });
});
