import type { JsonObject, JsonValue } from '#libs/model';
import {
  atPath,
  isJsonObject,
  textAt,
  VendorError,
  type ApplicationSession,
  type ProviderEnvironment,
  type Registration,
  type Subscription,
  type SubscriptionResult,
  type SubscriptionService,
} from '#libs/providers/kit';

const PATH = '/api/v3/push_subscriptions';
const SHOWN = ['id', 'application_id', 'callback_url', 'created_at', 'updated_at', 'resource_state'];

const isOk = (status: number): boolean => status >= 200 && status < 300;
const failed = (status: number): SubscriptionResult => ({ status: 'error', error: `Strava answered ${status}` });

/** The vendor wants the application's credentials as parameters. */
const credentials = ({ clientId, clientSecret }: ProviderEnvironment): Record<string, string> => ({
  client_id: clientId ?? '',
  client_secret: clientSecret ?? '',
});

function subscriptionOf(json: JsonValue): readonly Subscription[] {
  const [id, callbackUrl] = [textAt(json, 'id'), textAt(json, 'callback_url')];
  if (id === null || callbackUrl === null) return [];
  const fields = SHOWN.flatMap((name) => {
    const value = atPath(json, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return [{ id, callbackUrl, expiresAt: null, shown: Object.fromEntries(fields) }];
}

async function list(session: ApplicationSession): Promise<readonly Subscription[]> {
  const { status, json } = await session.call({ path: PATH, query: credentials(session.environment) });
  if (!isOk(status)) throw new VendorError('status', `Strava answered ${status} to the listing`, { status });
  return Array.isArray(json) ? json.flatMap(subscriptionOf) : [];
}

/** One subscription per application: another address means to delete and make a new one. */
async function register(session: ApplicationSession, callbackUrl: string): Promise<Registration> {
  const known = await list(session);
  const same = known.find((subscription) => subscription.callbackUrl === callbackUrl);
  if (same) return { results: [{ subscription_id: idOf(same), status: 'skipped' }] };
  for (const other of known) {
    const removal = await remove(session, other.id);
    if (removal.status === 'error') return { results: [removal] };
  }
  return { results: [await create(session, callbackUrl)] };
}

/** Ids are numbers at the vendor, and shown as such. */
const idOf = ({ id, shown }: Subscription): JsonValue => shown['id'] ?? id;

async function create(session: ApplicationSession, callbackUrl: string): Promise<SubscriptionResult> {
  const { environment } = session;
  const form = {
    ...credentials(environment),
    callback_url: callbackUrl,
    verify_token: environment.setting('STRAVA_WEBHOOK_VERIFY_TOKEN') ?? '',
  };
  const { status, json } = await session.call({ method: 'POST', path: PATH, form });
  if (isOk(status)) return { status: 'created', response: objectOf(json) };
  return status === 409 ? { status: 'skipped', reason: 'already_exists' } : failed(status);
}

const objectOf = (json: JsonValue): JsonObject => (isJsonObject(json) ? json : {});

async function remove(session: ApplicationSession, id: string): Promise<SubscriptionResult> {
  const path = `${PATH}/${encodeURIComponent(id)}`;
  const { status } = await session.call({ method: 'DELETE', path, query: credentials(session.environment) });
  return isOk(status) ? { subscription_id: id, status: 'deleted' } : { subscription_id: id, ...failed(status) };
}

export const stravaSubscriptions: SubscriptionService = { register, list, remove };
