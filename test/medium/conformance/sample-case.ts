import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { JsonObject, JsonValue } from '#libs/model';

/** What one sample file says about one provider. */
export interface Samples {
  readonly provider: string;
  readonly cases: readonly SampleCase[];
  /** Settings (environment variables) that hold for all cases unless they say otherwise. */
  readonly settings: JsonObject;
}

export interface Given {
  readonly now: string;
  readonly window?: { readonly start: string; readonly end: string };
  readonly after?: readonly string[];
  readonly connection: {
    readonly provider_user_id?: string;
    readonly provider_username?: string;
    readonly access_token: string;
    readonly subscription_id?: number | string;
  };
  readonly settings: JsonObject;
  readonly stored_webhook_secret?: string | null;
  readonly user_zone_offset?: string;
}

/** A call to the vendor, with what it answers. */
export interface VendorCall {
  readonly method: string;
  readonly url: string;
  readonly params: JsonObject;
  readonly json: JsonObject | null;
  readonly status: number;
  readonly answer: JsonValue;
}

export interface Expected {
  readonly series: readonly JsonObject[];
  readonly events: readonly JsonObject[];
  readonly scores: readonly JsonObject[];
  readonly data_sources?: readonly JsonObject[] | null;
  readonly answer?: { readonly status: number; readonly body: JsonValue } | null;
  readonly job_result?: JsonObject | null;
  readonly error?: { readonly status: number; readonly detail: string } | null;
  readonly connection?: JsonObject | null;
  readonly outgoing?: readonly JsonObject[] | null;
}

export interface SampleCase {
  readonly id: string;
  readonly kind: string;
  readonly delivery: 'pull' | 'push' | 'webhook';
  readonly given: Given;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly calls: readonly VendorCall[];
  readonly expected: Expected;
}

interface RawRequest {
  method: string;
  url: string;
  params?: JsonObject;
  json?: JsonObject;
}

interface RawCase extends Omit<SampleCase, 'given' | 'calls' | 'query' | 'headers'> {
  given?: Partial<Given>;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  request?: RawRequest | RawRequest[];
  request_fixed?: RawRequest | RawRequest[];
  vendor_status?: number | number[];
  payload: JsonValue;
  expected_fixed?: Partial<Expected>;
}

/** The samples of a provider; throws when there are none. */
export function readSamples(provider: string): Samples {
  const file = new URL(`./fixtures/${provider}.json`, import.meta.url);
  const raw = JSON.parse(readFileSync(file, 'utf8')) as { format: number; defaults: Given; cases: RawCase[] };
  if (raw.format !== 1) throw new Error(`${provider}.json has format ${raw.format}`);
  return {
    provider,
    cases: raw.cases.map((one) => sampleCase(one, raw.defaults)),
    settings: raw.defaults.settings ?? {},
  };
}

/** What is corrected wins over what was observed, key by key. */
function sampleCase(raw: RawCase, defaults: Given): SampleCase {
  const { given = {}, expected_fixed: fixed = {} } = raw;
  return {
    ...raw,
    query: raw.query ?? {},
    headers: raw.headers ?? {},
    given: {
      ...defaults,
      ...given,
      connection: { ...defaults.connection, ...given.connection },
      settings: { ...defaults.settings, ...given.settings },
    },
    calls: callsOf(raw),
    expected: { ...raw.expected, ...fixed },
  };
}

const listOf = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];

function callsOf({ request, request_fixed: fixed, vendor_status: statuses, payload }: RawCase): readonly VendorCall[] {
  const requests = listOf(fixed ?? request);
  const answers = Array.isArray(request) && Array.isArray(payload) ? (payload as readonly JsonValue[]) : [payload];
  if (requests.length !== 0 && requests.length !== answers.length) throw new Error('Requests and payloads do not pair');
  return requests.map(({ method, url, params = {}, json = null }, index) => ({
    method,
    url,
    params,
    json,
    status: listOf(statuses)[index] ?? listOf(statuses)[0] ?? 200,
    answer: answers[index] ?? null,
  }));
}

/** Settings of a case that are not those of its provider in general. */
export const hasOwnSettings = ({ given }: SampleCase, { settings }: Samples): boolean =>
  !isDeepStrictEqual(given.settings, settings);
