import type { JsonObject } from '#libs/model';
import {
  numberAt,
  recordMapper,
  requiredTime,
  textAt,
  valueComponents,
  type MappingContext,
  type ScoreComponents,
  type VendorTime,
} from '#libs/providers/kit';
import { offsetMinutesAt, POLAR_SOURCE } from './polar-record.js';

const GRADES: Readonly<Record<string, string>> = {
  GRADE_CLASSIFICATION_WEAK: 'weak',
  GRADE_CLASSIFICATION_FAIR: 'fair',
  GRADE_CLASSIFICATION_STRONG: 'strong',
  GRADE_CLASSIFICATION_EXCELLENT: 'excellent',
};
const INERTIA: Readonly<Record<string, string>> = {
  SLEEP_INERTIA_NO_INERTIA: 'no inertia',
  SLEEP_INERTIA_MILD: 'mild',
  SLEEP_INERTIA_MODERATE: 'moderate',
  SLEEP_INERTIA_HEAVY: 'heavy',
};
const QUALITIES: Readonly<Record<string, readonly [number, string]>> = {
  CIRCADIAN_BEDTIME_QUALITY_WEAK: [1, 'weak'],
  CIRCADIAN_BEDTIME_QUALITY_COMPROMISED: [2, 'compromised'],
  CIRCADIAN_BEDTIME_QUALITY_CLEARLY_RECOGNIZABLE: [3, 'clearly recognizable'],
};

/** The start of the period, with the offset of the sleep that it follows. */
function periodStart(record: JsonObject, context: MappingContext): VendorTime {
  const time = requiredTime(record, 'period_start_time');
  const stated = offsetMinutesAt(record, 'sleep_timezone_offset_minutes', context);
  return { at: time.at, zoneOffset: stated ?? (time.zoneOffset || null) };
}

/** A component that is a word; an unknown one is left out. */
const worded = (name: string, qualifier: string | null | undefined): ScoreComponents =>
  qualifier ? { [name]: { value: null, qualifier } } : {};

const lookUp = (words: Readonly<Record<string, string>>, text: string | null): string | null =>
  text !== null && Object.hasOwn(words, text) ? (words[text] ?? null) : null;

/** SleepWise alertness: the grade (0..10) of a day as readiness. */
export const mapAlertness = recordMapper(POLAR_SOURCE, (record, writer, context) => {
  const time = periodStart(record, context);
  const grade = numberAt(record, 'grade', context);
  if (record['grade_type'] !== 'GRADE_TYPE_PRIMARY') return context.warn('is not of the main sleep', 'grade_type');
  if (grade === null) return context.warn('is missing', 'grade');
  writer.score('readiness', time, grade, {
    qualifier: lookUp(GRADES, textAt(record, 'grade_classification')),
    components: {
      ...valueComponents({ grade_validity_seconds: numberAt(record, 'grade_validity_seconds', context) }),
      ...worded('sleep_inertia', lookUp(INERTIA, textAt(record, 'sleep_inertia'))),
      ...worded('sleep_type', textAt(record, 'sleep_type')),
    },
  });
});

/** SleepWise circadian bedtime: how clear the body's bedtime is, 1..3. In category sleep, but no score of a night. */
export const mapCircadianBedtime = recordMapper(POLAR_SOURCE, (record, writer, context) => {
  const time = periodStart(record, context);
  const name = textAt(record, 'quality') ?? '';
  const quality = Object.hasOwn(QUALITIES, name) ? QUALITIES[name] : undefined;
  if (quality === undefined) return context.warn('is not known', 'quality');
  const [value, qualifier] = quality;
  const [gateStart, gateEnd] = [textAt(record, 'sleep_gate_start_time'), textAt(record, 'sleep_gate_end_time')];
  const hasGate = gateStart !== null && gateEnd !== null;
  const type = textAt(record, 'result_type');
  writer.score('sleep', time, value, {
    qualifier,
    components: {
      ...(hasGate ? { ...worded('sleep_gate_start', gateStart), ...worded('sleep_gate_end', gateEnd) } : {}),
      ...(type === 'CIRCADIAN_BEDTIME_TYPE_UNKNOWN' ? {} : worded('result_type', type)),
    },
  });
});
