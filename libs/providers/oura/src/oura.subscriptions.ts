import { formatInstant, type JsonObject, type JsonValue } from '#libs/model';
import {
  isJsonObject,
  isOk,
  SubscriptionCalls,
  textAt,
  timeIn,
  troubleOf,
  type ApplicationSession,
  type Subscription,
  type SubscriptionResult,
  type SubscriptionService,
} from '#libs/providers/kit';
import { NOTIFIED_TYPES } from './oura.resources.js';

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

const calls = new SubscriptionCalls({
  vendor: 'Oura',
  path: '/v2/webhook/subscription',
  signed: (request, { clientId, clientSecret }) => ({
    ...request,
    headers: { 'x-client-id': clientId ?? '', 'x-client-secret': clientSecret ?? '' },
  }),
  items: '',
  read: subscriptionOf,
});

const objectOrNull = (json: JsonValue): JsonObject | null => (isJsonObject(json) ? json : null);

function subscriptionOf(json: JsonValue): Subscription | null {
  const [id, callback_url] = [textAt(json, 'id'), textAt(json, 'callback_url')];
  const [data_type, event_type] = [textAt(json, 'data_type'), textAt(json, 'event_type')];
  if (id === null || callback_url === null || data_type === null || event_type === null) return null;
  const shown = { id, callback_url, event_type, data_type, expiration_time: textAt(json, 'expiration_time') };
  const expires = timeIn(json, 'expiration_time');
  return { id, callbackUrl: callback_url, expiresAt: expires && formatInstant(expires.at), shown };
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
  const { status, json: response } = existing
    ? await calls.send(session, { method: 'PUT', json }, existing.id)
    : await calls.send(session, { method: 'POST', json });
  if (isOk(status)) return { status: existing ? 'updated' : 'created', response: objectOrNull(response) };
  return status === 409 ? { status: 'skipped' } : calls.failed(status);
}

const isOf =
  (pair: Pair) =>
  ({ shown }: Subscription): boolean =>
    shown['event_type'] === pair.event_type && textAt(shown, 'data_type')?.toLowerCase() === pair.data_type;

async function register(session: ApplicationSession, callbackUrl: string): Promise<{ results: SubscriptionResult[] }> {
  const known = await calls.list(session).catch(troubleOf);
  if ('status' in known) return { results: [known] };
  const results: SubscriptionResult[] = [];
  for (const pair of PAIRS) {
    // The others are still tried.
    const result = await settle(session, pair, known.find(isOf(pair)), callbackUrl).catch(troubleOf);
    results.push({ ...pair, ...result });
  }
  return { results };
}

async function update(session: ApplicationSession, id: string, callbackUrl: string): Promise<SubscriptionResult> {
  const existing = await calls.find(session, id);
  if (!existing) return { subscription_id: id, ...calls.failed(404) };
  const pair = {
    data_type: textAt(existing.shown, 'data_type') ?? '',
    event_type: textAt(existing.shown, 'event_type') ?? '',
  };
  return calls.change(session, id, 'updated', { method: 'PUT', json: bodyOf(session, pair, callbackUrl) });
}

async function renew(session: ApplicationSession): Promise<readonly SubscriptionResult[]> {
  const results: SubscriptionResult[] = [];
  for (const { id } of await calls.list(session)) {
    results.push({ id, ...(await renewOne(session, id).catch(troubleOf)) });
  }
  return results;
}

async function renewOne(session: ApplicationSession, id: string): Promise<SubscriptionResult> {
  const { status, json } = await calls.send(session, { method: 'PUT' }, 'renew', id);
  return isOk(status) ? { status: 'renewed', response: objectOrNull(json) } : calls.failed(status);
}

/** One subscription per data type and event, of the whole application. */
export const ouraSubscriptions: SubscriptionService = {
  register,
  list: calls.list,
  find: calls.find,
  update,
  remove: calls.remove,
  renew,
  renewEveryDays: RENEW_EVERY_DAYS,
};
