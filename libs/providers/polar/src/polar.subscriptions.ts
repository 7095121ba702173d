import type { JsonObject, JsonValue } from '#libs/model';
import {
  isJsonObject,
  listAt,
  textAt,
  VendorError,
  type ApplicationSession,
  type Registration,
  type Subscription,
  type SubscriptionResult,
  type SubscriptionService,
  type VendorRequest,
} from '#libs/providers/kit';
import { POLAR_EVENTS } from './polar.webhooks.js';

const PATH = '/v3/webhooks';

const isOk = (status: number): boolean => status >= 200 && status < 300;
const failed = (status: number): SubscriptionResult => ({ status: 'error', error: `Polar answered ${status}` });

const send = (session: ApplicationSession, request: VendorRequest): ReturnType<ApplicationSession['call']> => {
  const { clientId, clientSecret } = session.environment;
  const credentials = Buffer.from(`${clientId ?? ''}:${clientSecret ?? ''}`).toString('base64');
  return session.call({ ...request, headers: { authorization: `Basic ${credentials}` } });
};

function subscriptionOf(json: JsonValue): readonly Subscription[] {
  const [id, callbackUrl] = [textAt(json, 'id'), textAt(json, 'url')];
  if (id === null || callbackUrl === null) return [];
  const events = listAt(json, 'events').filter((event) => typeof event === 'string');
  return [{ id, callbackUrl, expiresAt: null, shown: { id, events, url: callbackUrl } }];
}

async function list(session: ApplicationSession): Promise<readonly Subscription[]> {
  const { status, json } = await send(session, { path: PATH });
  if (status === 404) return [];
  if (!isOk(status)) throw new VendorError('status', `Polar answered ${status} to the listing`, { status });
  return listAt(json, 'data').flatMap(subscriptionOf);
}

const bodyOf = (callbackUrl: string): JsonObject => ({ events: POLAR_EVENTS, url: callbackUrl });

async function patch(session: ApplicationSession, id: string, callbackUrl: string): Promise<SubscriptionResult> {
  const path = `${PATH}/${encodeURIComponent(id)}`;
  const { status } = await send(session, { method: 'PATCH', path, json: bodyOf(callbackUrl) });
  return isOk(status) ? { subscription_id: id, status: 'patched' } : { subscription_id: id, ...failed(status) };
}

/** The vendor keeps one webhook per application, and tells its secret once: in the answer that creates it. */
async function register(session: ApplicationSession, callbackUrl: string): Promise<Registration> {
  const [existing] = await list(session);
  if (existing?.callbackUrl === callbackUrl) return only({ subscription_id: existing.id, status: 'skipped' });
  if (existing) return only(await patch(session, existing.id, callbackUrl));
  const { status, json } = await send(session, { method: 'POST', path: PATH, json: bodyOf(callbackUrl) });
  if (status === 409) return only({ status: 'skipped', reason: 'already_exists' });
  if (!isOk(status)) return only(failed(status));
  const secret = textAt(json, 'data.signature_secret_key') ?? textAt(json, 'signature_secret_key');
  if (secret === null) return only({ status: 'error', error: 'Polar sent no signature_secret_key' });
  return { ...only({ status: 'created', response: withoutSecret(json) }), secret };
}

/** The route shows one object instead of a list. */
const only = (result: SubscriptionResult): Registration => ({ results: [result], shown: result });

/** The answer as it may be shown and logged. */
function withoutSecret(json: JsonValue): JsonObject {
  const root = isJsonObject(json) && isJsonObject(json['data']) ? json['data'] : json;
  if (!isJsonObject(root)) return {};
  return Object.fromEntries(Object.entries(root).filter(([name]) => name !== 'signature_secret_key'));
}

async function remove(session: ApplicationSession, id: string): Promise<SubscriptionResult> {
  const { status } = await send(session, { method: 'DELETE', path: `${PATH}/${encodeURIComponent(id)}` });
  return isOk(status) ? { subscription_id: id, status: 'deleted' } : { subscription_id: id, ...failed(status) };
}

export const polarSubscriptions: SubscriptionService = { register, list, update: patch, remove };
