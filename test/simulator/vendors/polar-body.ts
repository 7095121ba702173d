import type { Night } from '../people/facts.js';
import { HOUR_MS, MINUTE_MS, utcText } from '../people/local-time.js';
import type { Person } from '../people/person.js';

const TEMPERATURE_MINUTES = 30;
/** Shares of mornings with a test. */
const SPO2_SHARE = 0.6;
const ECG_SHARE = 0.2;
/** The finger slipped. */
const FAILED_SHARE = 0.1;

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** SleepWise: how alert the day after a night is, 0..10, and how clear the body's bedtime is. */
export function alertnessRecord(night: Night): object {
  const grade = round(Math.min(9.9, night.score / 10), 1);
  const classification = grade < 5 ? 'WEAK' : grade < 7 ? 'FAIR' : grade < 9 ? 'STRONG' : 'EXCELLENT';
  return {
    ...{ grade, grade_validity_seconds: 57_600, grade_type: 'GRADE_TYPE_PRIMARY', validity: 'VALIDITY_VALID' },
    grade_classification: `GRADE_CLASSIFICATION_${classification}`,
    sleep_inertia: night.score > 75 ? 'SLEEP_INERTIA_NO_INERTIA' : 'SLEEP_INERTIA_MILD',
    ...{ sleep_type: 'SLEEP_TYPE_PRIMARY', result_type: 'ALERTNESS_TYPE_HISTORY' },
    ...{ period_start_time: utcText(night.endMs), period_end_time: utcText(night.endMs + 16 * HOUR_MS) },
    ...{ sleep_period_start_time: utcText(night.startMs), sleep_period_end_time: utcText(night.endMs) },
    sleep_timezone_offset_minutes: night.zoneMinutes,
    hourly_data: [],
  };
}

export function bedtimeRecord(night: Night, person: Person): object {
  const quality = night.score > 80 ? 'CLEARLY_RECOGNIZABLE' : night.score > 60 ? 'COMPROMISED' : 'WEAK';
  const noonMs = person.at(night.date, 12);
  const gateMs = person.at(night.date, 18 + person.habits.bedMinutes / 60 - 0.5);
  return {
    ...{ validity: 'VALIDITY_VALID', quality: `CIRCADIAN_BEDTIME_QUALITY_${quality}` },
    result_type: 'CIRCADIAN_BEDTIME_TYPE_HISTORY',
    ...{ period_start_time: utcText(noonMs), period_end_time: utcText(noonMs + 24 * HOUR_MS - MINUTE_MS) },
    ...{ sleep_gate_start_time: utcText(gateMs), sleep_gate_end_time: utcText(gateMs + 75 * MINUTE_MS) },
    sleep_timezone_offset_minutes: night.zoneMinutes,
  };
}

/** Skin temperature in the course of a night: rises at first, falls towards the morning. */
export function temperatureRecord(night: Night, person: Person): object {
  const count = Math.floor((night.endMs - night.startMs) / (TEMPERATURE_MINUTES * MINUTE_MS));
  const samples = Array.from({ length: count }, (_, at) => ({
    temperature_celsius: round(
      night.skinTemperatureCelsius + Math.sin((at / count) * Math.PI) * 0.8 + person.between(-0.1, 0.1, 'skin', at),
      2,
    ),
    recording_time_delta_milliseconds: at * TEMPERATURE_MINUTES * MINUTE_MS,
  }));
  return {
    ...{ source_device_id: '0A1B2C3D', measurement_type: 'TM_SKIN_TEMPERATURE', sensor_location: 'SL_DISTAL' },
    ...{ start_time: utcText(night.startMs), end_time: utcText(night.endMs), samples },
  };
}

export const skinTemperatureRecord = (night: Night): object => ({
  sleep_time_skin_temperature_celsius: night.skinTemperatureCelsius,
  deviation_from_baseline_celsius: round(night.skinTemperatureCelsius - 33.6, 2),
  sleep_date: night.date,
});

/** A test that somebody took after getting up; null on mornings without one. */
export function spo2Record(night: Night, person: Person): object | null {
  if (person.chance('spo2 test', night.date) >= SPO2_SHARE) return null;
  const hasFailed = person.chance('spo2 failed', night.date) < FAILED_SHARE;
  return {
    ...{ source_device_id: '0A1B2C3D', ...testTime(night, 20) },
    test_status: hasFailed ? 'SPO2_TEST_INCONCLUSIVE_TOO_LOW_OVERALL_QUALITY' : 'SPO2_TEST_PASSED',
    ...{ blood_oxygen_percent: Math.round(night.spo2Percent), heart_rate_variability_ms: round(night.hrvMs, 2) },
    ...{ average_heart_rate_bpm: night.restingHeartRate + 12, altitude_meters: 210 },
  };
}

export const ecgRecord = (night: Night, person: Person): object | null =>
  person.chance('ecg', night.date) >= ECG_SHARE
    ? null
    : {
        ...{ source_device_id: '0A1B2C3D', ...testTime(night, 35) },
        ...{
          average_heart_rate_bpm: night.restingHeartRate + 10,
          heart_rate_variability_ms: round(night.hrvMs - 4, 2),
        },
        ...{ samples: [{ recording_time_delta_ms: 0, amplitude_mv: 0.02 }] },
      };

/** Minutes after a night was first told of; a night that is thought over does not move the test. */
const testTime = (night: Night, minutes: number): { test_time: number; time_zone_offset: number } => ({
  test_time: Math.floor((night.toldAtMs + minutes * MINUTE_MS) / 1000),
  time_zone_offset: night.zoneMinutes,
});
