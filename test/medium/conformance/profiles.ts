import type { JsonObject, JsonValue } from '#libs/model';
import type { VendorHit, VendorReply } from './local-vendor.js';

/** What the fault tests must know of a provider beside its samples. */
export interface Profile {
  /** Id of a pulled case with several records, and how the vendor cuts them into pages; null: it has no pages, but parts. */
  readonly paged: PagedCase | null;
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
    paged: byToken('sleep', 'records', 'next_token', 'nextToken'),
    pull: 'recovery',
    delivery: 'webhook_workout_updated',
    deregistration: null,
    login: { account: { path: '/v2/user/profile/basic', answer: { user_id: 418823, first_name: 'Syn' } } },
  },
  oura: {
    paged: byToken('sleep', 'data', 'next_token', 'next_token'),
    pull: 'heartrate',
    delivery: 'webhook_daily_activity',
    deregistration: null,
    login: {
      account: { path: '/v2/usercollection/personal_info', answer: { id: '4f0c2b9e-7d11-4a57-b0e2-91c6b1d7a2f3' } },
    },
  },
  polar: {
    paged: null,
    pull: 'cardio_load',
    delivery: 'webhook_sleep',
    deregistration: null,
    login: { token: { x_user_id: 60011234 } },
  },
  strava: {
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
