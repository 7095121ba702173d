import { readFileSync } from 'node:fs';
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

/** Everything a file may say, in the words of its description. What is not here would be skipped without a word. */
const KNOWN: Readonly<Record<'case' | 'given' | 'expected', readonly string[]>> = {
  case: [
    ...['id', 'kind', 'delivery', 'beyond_reference', 'given', 'method', 'path', 'query', 'headers', 'body', 'request'],
    ...['request_fixed', 'vendor_status', 'payload', 'expected', 'expected_fixed', 'note'],
  ],
  given: ['now', 'window', 'after', 'connection', 'settings', 'stored_webhook_secret', 'user_zone_offset'],
  expected: [
    ...['series', 'events', 'scores', 'data_sources', 'answer', 'result', 'job_result', 'error', 'connection'],
    'outgoing',
  ],
};

function refuseUnknown(part: keyof typeof KNOWN, value: object | undefined, id: string): void {
  const unknown = Object.keys(value ?? {}).filter((name) => !KNOWN[part].includes(name));
  if (unknown.length > 0) throw new Error(`${id}: nobody executes ${part} ${unknown.join(', ')}`);
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

interface RawFile {
  readonly format: number;
  readonly defaults: Given;
  readonly cases: readonly RawCase[];
}

function readFile(provider: string): RawFile {
  const file = new URL(`./fixtures/${provider}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as RawFile;
}

/** Ids of all cases in the file, in its order. */
export const caseIds = (provider: string): readonly string[] => readFile(provider).cases.map(({ id }) => id);

/** The samples of a provider; throws when there are none, or when one says what nobody executes. */
export function readSamples(provider: string): Samples {
  const raw = readFile(provider);
  if (raw.format !== 1) throw new Error(`${provider}.json has format ${raw.format}`);
  if (new Set(raw.cases.map(({ id }) => id)).size !== raw.cases.length)
    throw new Error(`${provider}.json repeats an id`);
  return {
    provider,
    cases: raw.cases.map((one) => sampleCase(one, raw.defaults)),
    settings: raw.defaults.settings ?? {},
  };
}

/** What is corrected wins over what was observed, key by key. */
function sampleCase(raw: RawCase, defaults: Given): SampleCase {
  const { given = {}, expected_fixed: fixed = {} } = raw;
  refuseUnknown('case', raw, raw.id);
  refuseUnknown('given', { ...defaults, ...given }, raw.id);
  refuseUnknown('expected', { ...raw.expected, ...fixed }, raw.id);
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

function callsOf({
  id,
  request,
  request_fixed: fixed,
  vendor_status: statuses,
  payload,
}: RawCase): readonly VendorCall[] {
  if (JSON.stringify(payload).includes('"fit_messages"')) throw new Error(`${id}: nobody makes a FIT file of that yet`);
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
