import type { JsonObject, JsonValue } from '#libs/model';
import {
  isJsonObject,
  textAt,
  VendorError,
  type ApplicationSession,
  type ProviderEnvironment,
  type Subscription,
  type SubscriptionResult,
  type SubscriptionService,
  type VendorRequest,
} from '#libs/providers/kit';
import { NOTIFIED_TYPES } from './oura.resources.js';

const PATH = '/v2/webhook/subscription';
const EVENTS = ['create', 'update', 'delete'] as const;
/** Subscriptions live about 90 days. */
const RENEW_EVERY_DAYS = 30;

interface Pair {
  readonly data_type: string;
  readonly event_type: string;
}

const PAIRS: readonly Pair[] = NOTIFIED_TYPES.flatMap((data_type) =>
  EVENTS.map((event_type) => ({ data_type, event_type })),
);

/** Oura has no sessions here: every call carries the application's credentials. */
const headersOf = ({ clientId, clientSecret }: ProviderEnvironment): Record<string, string> => ({
  'x-client-id': clientId ?? '',
  'x-client-secret': clientSecret ?? '',
});

const send = (session: ApplicationSession, request: VendorRequest): ReturnType<ApplicationSession['call']> =>
  session.call({ ...request, headers: headersOf(session.environment) });

const isOk = (status: number): boolean => status >= 200 && status < 300;
const failed = (status: number): SubscriptionResult => ({ status: 'error', error: `Oura answered ${status}` });
const objectOrNull = (json: JsonValue): JsonObject | null => (isJsonObject(json) ? json : null);

function subscriptionOf(json: JsonValue): readonly Subscription[] {
  const [id, callbackUrl] = [textAt(json, 'id'), textAt(json, 'callback_url')];
  const [dataType, eventType] = [textAt(json, 'data_type'), textAt(json, 'event_type')];
  if (id === null || callbackUrl === null || dataType === null || eventType === null) return [];
  const expiresAt = textAt(json, 'expiration_time');
  const shown = {
    id,
    callback_url: callbackUrl,
    event_type: eventType,
    data_type: dataType,
    expiration_time: expiresAt,
  };
  return [{ id, callbackUrl, expiresAt, shown }];
}

async function list(session: ApplicationSession): Promise<readonly Subscription[]> {
  const { status, json } = await send(session, { path: PATH });
  if (!isOk(status)) throw new VendorError('status', `Oura answered ${status} to the listing`, { status });
  return Array.isArray(json) ? json.flatMap(subscriptionOf) : [];
}

const bodyOf = (session: ApplicationSession, pair: Pair, callbackUrl: string): JsonObject => ({
  callback_url: callbackUrl,
  verification_token: session.environment.setting('OURA_WEBHOOK_VERIFICATION_TOKEN') ?? '',
  event_type: pair.event_type,
  data_type: pair.data_type,
});

async function settle(
  session: ApplicationSession,
  pair: Pair,
  existing: Subscription | undefined,
  callbackUrl: string,
): Promise<SubscriptionResult> {
  if (existing?.callbackUrl === callbackUrl) return { status: 'skipped' };
  const json = bodyOf(session, pair, callbackUrl);
  const request: VendorRequest = existing
    ? { method: 'PUT', path: `${PATH}/${encodeURIComponent(existing.id)}`, json }
    : { method: 'POST', path: PATH, json };
  const answer = await send(session, request);
  if (isOk(answer.status)) return { status: existing ? 'updated' : 'created', response: objectOrNull(answer.json) };
  return answer.status === 409 ? { status: 'skipped' } : failed(answer.status);
}

const isOf =
  (pair: Pair) =>
  ({ shown }: Subscription): boolean =>
    shown['event_type'] === pair.event_type && textAt(shown, 'data_type')?.toLowerCase() === pair.data_type;

async function register(session: ApplicationSession, callbackUrl: string): Promise<{ results: SubscriptionResult[] }> {
  const known = await list(session);
  const results: SubscriptionResult[] = [];
  for (const pair of PAIRS) {
    const result = await settle(session, pair, known.find(isOf(pair)), callbackUrl).catch(troubleOf);
    results.push({ ...pair, ...result });
  }
  return { results };
}

/** One unreachable step is its own result; the others are still tried. */
function troubleOf(error: unknown): SubscriptionResult {
  if (error instanceof VendorError) return { status: 'error', error: error.message };
  throw error;
}

async function find(session: ApplicationSession, id: string): Promise<Subscription | null> {
  const { status, json } = await send(session, { path: `${PATH}/${encodeURIComponent(id)}` });
  if (status === 404) return null;
  if (!isOk(status)) throw new VendorError('status', `Oura answered ${status}`, { status });
  return subscriptionOf(json)[0] ?? null;
}

async function update(session: ApplicationSession, id: string, callbackUrl: string): Promise<SubscriptionResult> {
  const existing = await find(session, id);
  if (!existing) return { subscription_id: id, ...failed(404) };
  const pair = {
    data_type: textAt(existing.shown, 'data_type') ?? '',
    event_type: textAt(existing.shown, 'event_type') ?? '',
  };
  const request: VendorRequest = {
    method: 'PUT',
    path: `${PATH}/${encodeURIComponent(id)}`,
    json: bodyOf(session, pair, callbackUrl),
  };
  const { status } = await send(session, request);
  return isOk(status) ? { subscription_id: id, status: 'updated' } : { subscription_id: id, ...failed(status) };
}

async function remove(session: ApplicationSession, id: string): Promise<SubscriptionResult> {
  const { status } = await send(session, { method: 'DELETE', path: `${PATH}/${encodeURIComponent(id)}` });
  return isOk(status) ? { subscription_id: id, status: 'deleted' } : { subscription_id: id, ...failed(status) };
}

async function renew(session: ApplicationSession): Promise<readonly SubscriptionResult[]> {
  const results: SubscriptionResult[] = [];
  for (const { id } of await list(session)) {
    results.push({ id, ...(await renewOne(session, id).catch(troubleOf)) });
  }
  return results;
}

async function renewOne(session: ApplicationSession, id: string): Promise<SubscriptionResult> {
  const { status, json } = await send(session, { method: 'PUT', path: `${PATH}/renew/${encodeURIComponent(id)}` });
  return isOk(status) ? { status: 'renewed', response: objectOrNull(json) } : failed(status);
}

/** One subscription per data type and event, of the whole application. */
export const ouraSubscriptions: SubscriptionService = {
  register,
  list,
  find,
  update,
  remove,
  renew,
  renewEveryDays: RENEW_EVERY_DAYS,
};
