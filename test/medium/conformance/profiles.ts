import type { JsonObject, JsonValue } from '#libs/model';
import type { VendorHit, VendorReply } from './local-vendor.js';

/** What the fault tests must know of a provider beside its samples. */
export interface Profile {
  /** Id of a pulled case with several records, and how the vendor cuts them into pages; null: it has no pages, but parts. */
  readonly paged: PagedCase | null;
  /** By resource the fields without which nothing of a record is stored, in order; any other costs no more than itself. */
  readonly needed: Readonly<Record<string, readonly string[]>>;
  /** A pulled case that stores something. */
  readonly pull: string;
  /** A delivered case that stores something; null without webhooks. */
  readonly delivery: string | null;
  /** A delivery by which a user leaves at the vendor; null: this vendor does not tell. */
  readonly deregistration: string | null;
  /** Answers of a login: fields of the token answer, and of the account's address. */
  readonly login: {
    readonly token?: JsonObject;
    readonly account?: { readonly path: string; readonly answer: JsonObject };
  };
}

export interface PagedCase {
  readonly caseId: string;
  readonly settings?: JsonObject;
  /** Answer to one page request. `records`: all of the case. */
  readonly page: (hit: VendorHit, records: readonly JsonValue[]) => VendorReply;
  readonly recordsOf: (answer: JsonValue) => readonly JsonValue[];
}

/** Three pages behind tokens: the first record, the same again, and all others. */
const byToken = (caseId: string, list: string, answered: string, parameter: string): PagedCase => ({
  caseId,
  recordsOf: (answer) => (answer as JsonObject)[list] as readonly JsonValue[],
  page: ({ query }, records) => {
    const number = Number(query.get(parameter)?.slice(1) ?? 1);
    const page = number < 3 ? records.slice(0, 1) : records.slice(1);
    return { body: { [list]: page, [answered]: number < 3 ? `p${number + 1}` : null } };
  },
});

export const PROFILES: Readonly<Record<string, Profile>> = {
  whoop: {
    needed: {
      workout: ['end', 'id', 'start'],
      sleep: ['end', 'id', 'start'],
      recovery: ['created_at', 'score', 'score_state'],
    },
    paged: byToken('sleep', 'records', 'next_token', 'nextToken'),
    pull: 'recovery',
    delivery: 'webhook_workout_updated',
    deregistration: null,
    login: { account: { path: '/v2/user/profile/basic', answer: { user_id: 418823, first_name: 'Syn' } } },
  },
  oura: {
    needed: {
      workout: ['end_datetime', 'id', 'start_datetime'],
      daily_activity: ['timestamp'],
      daily_cardiovascular_age: ['day', 'vascular_age'],
      sleep: ['bedtime_end', 'bedtime_start', 'id'],
      daily_sleep: ['score'],
      daily_spo2: ['day'],
      heartrate: ['bpm', 'timestamp'],
      vo2_max: ['timestamp', 'vo2_max'],
    },
    paged: byToken('sleep', 'data', 'next_token', 'next_token'),
    pull: 'heartrate',
    delivery: 'webhook_daily_activity',
    deregistration: null,
    login: {
      account: { path: '/v2/usercollection/personal_info', answer: { id: '4f0c2b9e-7d11-4a57-b0e2-91c6b1d7a2f3' } },
    },
  },
  polar: {
    needed: {
      exercise: ['duration', 'id', 'start_time', 'start_time_utc_offset'],
      sleep: ['sleep_end_time', 'sleep_start_time'],
      daily_activity: ['start_time'],
      continuous_hr: ['date', 'heart_rate_samples'],
      cardio_load: ['cardio_load', 'date'],
      // Grades that are not of their scale make a record nobody can believe.
      nightly_recharge: ['ans_charge', 'ans_charge_status', 'date', 'nightly_recharge_status'],
      alertness: ['grade', 'grade_type', 'period_start_time'],
      circadian_bedtime: ['period_start_time', 'quality'],
      body_temperature: ['measurement_type', 'samples', 'start_time'],
      sleep_skin_temperature: ['sleep_date'],
      spo2: ['test_status', 'test_time'],
      wrist_ecg: ['test_time'],
    },
    paged: null,
    pull: 'cardio_load',
    delivery: 'webhook_sleep',
    deregistration: null,
    login: { token: { x_user_id: 60011234 } },
  },
  strava: {
    needed: { activity: ['elapsed_time', 'id', 'sport_type', 'start_date'] },
    paged: {
      caseId: 'pull_activities',
      settings: { STRAVA_EVENTS_PER_PAGE: 1 },
      recordsOf: (answer) => answer as readonly JsonValue[],
      page: ({ query }, records) => ({ body: records.slice(Number(query.get('page')) - 1).slice(0, 1) }),
    },
    pull: 'pull_activities',
    delivery: 'webhook_activity_create',
    deregistration: 'webhook_athlete_deauthorized',
    login: { account: { path: '/api/v3/athlete', answer: { id: 88120417, username: 'syn_runner' } } },
  },
};
