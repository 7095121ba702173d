import type { JsonValue } from '#libs/model';
import {
  atPath,
  isOk,
  objectIn,
  SubscriptionCalls,
  textAt,
  troubleOf,
  type ApplicationSession,
  type Registration,
  type Subscription,
  type SubscriptionResult,
  type SubscriptionService,
} from '#libs/providers/kit';

const SHOWN = ['id', 'application_id', 'callback_url', 'created_at', 'updated_at', 'resource_state'];

const calls = new SubscriptionCalls({
  vendor: 'Strava',
  path: '/api/v3/push_subscriptions',
  signed: (request, { clientId, clientSecret }) => {
    const credentials = { client_id: clientId ?? '', client_secret: clientSecret ?? '' };
    return request.form
      ? { ...request, form: { ...credentials, ...request.form } }
      : { ...request, query: credentials };
  },
  items: '',
  read: subscriptionOf,
});

function subscriptionOf(json: JsonValue): Subscription | null {
  const [id, callbackUrl] = [textAt(json, 'id'), textAt(json, 'callback_url')];
  if (id === null || callbackUrl === null) return null;
  const fields = SHOWN.flatMap((name) => {
    const value = atPath(json, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { id, callbackUrl, expiresAt: null, shown: Object.fromEntries(fields) };
}

/** One subscription per application: another address means to delete and make a new one. */
async function register(session: ApplicationSession, callbackUrl: string): Promise<Registration> {
  const known = await calls.list(session).catch(troubleOf);
  if ('status' in known) return { results: [known] };
  const same = known.find((subscription) => subscription.callbackUrl === callbackUrl);
  if (same) return { results: [{ subscription_id: idOf(same), status: 'skipped' }] };
  for (const other of known) {
    const removal = await calls.remove(session, other.id);
    if (removal.status === 'error') return { results: [removal] };
  }
  return { results: [await create(session, callbackUrl).catch(troubleOf)] };
}

/** Ids are numbers at the vendor, and shown as such. */
const idOf = ({ id, shown }: Subscription): JsonValue => shown['id'] ?? id;

async function create(session: ApplicationSession, callbackUrl: string): Promise<SubscriptionResult> {
  const verify_token = session.environment.setting('STRAVA_WEBHOOK_VERIFY_TOKEN') ?? '';
  const form = { callback_url: callbackUrl, verify_token };
  const { status, json } = await calls.send(session, { method: 'POST', form });
  if (isOk(status)) return { status: 'created', response: objectIn(json) };
  return status === 409 ? { status: 'skipped', reason: 'already_exists' } : calls.failed(status);
}

export const stravaSubscriptions: SubscriptionService = { register, list: calls.list, remove: calls.remove };
