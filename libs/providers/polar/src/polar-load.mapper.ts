import type { JsonValue } from '#libs/model';
import { BadRecord, numberAt, recordMapper, valueComponents, type MappingContext } from '#libs/providers/kit';
import { POLAR_SOURCE, requiredDate } from './polar-record.js';

const LOAD_COMPONENTS: Readonly<Record<string, string>> = {
  strain: 'strain',
  tolerance: 'tolerance',
  cardio_load_ratio: 'cardio_load_ratio',
  level_very_low: 'cardio_load_level.very_low',
  level_low: 'cardio_load_level.low',
  level_medium: 'cardio_load_level.medium',
  level_high: 'cardio_load_level.high',
  level_very_high: 'cardio_load_level.very-high',
};

/** `/v3/users/cardio-load/date`: the load of a day as strain, unbounded. */
export const mapCardioLoad = recordMapper(POLAR_SOURCE, (record, writer, context) => {
  const date = requiredDate(record, 'date');
  const load = numberAt(record, 'cardio_load', context);
  const isThere = record['cardio_load_status'] !== 'LOAD_STATUS_NOT_AVAILABLE';
  if (load === null || !isThere) return context.warn('is not available', 'cardio_load');
  const values = Object.entries(LOAD_COMPONENTS).map(
    ([name, field]) => [name, numberAt(record, field, context)] as const,
  );
  const components = valueComponents(Object.fromEntries(values));
  writer.score('strain', date, load, { components });
});

/** By status 1..6. */
const RECHARGE = ['very poor', 'poor', 'compromised', 'ok', 'good', 'very good'];
/** By status 1..5. */
const ANS_CHARGE = ['much below usual', 'below usual', 'usual', 'above usual', 'much above usual'];
const RECHARGE_COMPONENTS = [
  'heart_rate_avg',
  'beat_to_beat_avg',
  'heart_rate_variability_avg',
  'breathing_rate_avg',
  'ans_charge',
];

/** `/v3/users/nightly-recharge`: the status of a night, 1..6, as recovery. */
export const mapNightlyRecharge = recordMapper(POLAR_SOURCE, (record, writer, context) => {
  const date = requiredDate(record, 'date');
  const status = gradeAt(record, 'nightly_recharge_status', RECHARGE, context);
  const charge = numberAt(record, 'ans_charge', context);
  const chargeStatus = gradeAt(record, 'ans_charge_status', ANS_CHARGE, context);
  if (charge !== null && Math.abs(charge) > 10) throw new BadRecord('must be from -10 to 10', 'ans_charge');
  if (status === null) return context.warn('is missing', 'nightly_recharge_status');
  const values = RECHARGE_COMPONENTS.map((field) => [field, numberAt(record, field, context)] as const);
  writer.score('recovery', date, status.value, {
    qualifier: status.qualifier,
    components: {
      ...valueComponents(Object.fromEntries(values)),
      ...(chargeStatus ? { ans_charge_status: chargeStatus } : {}),
    },
  });
});

/** A grade from 1 on, with its words. */
function gradeAt(
  record: JsonValue,
  path: string,
  words: readonly string[],
  context: MappingContext,
): { value: number; qualifier: string } | null {
  const value = numberAt(record, path, context);
  if (value === null) return null;
  const qualifier = words[value - 1];
  if (qualifier === undefined) throw new BadRecord(`must be from 1 to ${words.length}`, path);
  return { value, qualifier };
}
