import type { JsonObject, JsonValue } from '#libs/model';
import {
  isJsonObject,
  isOk,
  listAt,
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
import { POLAR_EVENTS } from './polar.webhooks.js';

const calls = new SubscriptionCalls({
  vendor: 'Polar',
  path: '/v3/webhooks',
  signed: (request, { clientId, clientSecret }) => {
    const credentials = Buffer.from(`${clientId ?? ''}:${clientSecret ?? ''}`).toString('base64');
    return { ...request, headers: { authorization: `Basic ${credentials}` } };
  },
  items: 'data',
  read: subscriptionOf,
  noneOn: [404],
});

function subscriptionOf(json: JsonValue): Subscription | null {
  const [id, callbackUrl] = [textAt(json, 'id'), textAt(json, 'url')];
  if (id === null || callbackUrl === null) return null;
  const events = listAt(json, 'events').filter((event) => typeof event === 'string');
  return { id, callbackUrl, expiresAt: null, shown: { id, events, url: callbackUrl } };
}

const bodyOf = (callbackUrl: string): JsonObject => ({ events: POLAR_EVENTS, url: callbackUrl });

const patch = (session: ApplicationSession, id: string, callbackUrl: string): Promise<SubscriptionResult> =>
  calls.change(session, id, 'patched', { method: 'PATCH', json: bodyOf(callbackUrl) });

/** The vendor keeps one webhook per application, and tells its secret once: in the answer that creates it. */
async function register(session: ApplicationSession, callbackUrl: string): Promise<Registration> {
  const known = await calls.list(session).catch(troubleOf);
  if ('status' in known) return only(known);
  const [existing] = known;
  if (existing?.callbackUrl === callbackUrl) return only({ subscription_id: existing.id, status: 'skipped' });
  if (existing) return only(await patch(session, existing.id, callbackUrl));
  return create(session, callbackUrl).catch((error: unknown) => only(troubleOf(error)));
}

async function create(session: ApplicationSession, callbackUrl: string): Promise<Registration> {
  const { status, json } = await calls.send(session, { method: 'POST', json: bodyOf(callbackUrl) });
  if (status === 409) return only({ status: 'skipped', reason: 'already_exists' });
  if (!isOk(status)) return only(calls.failed(status));
  const secret = textAt(json, 'data.signature_secret_key') ?? textAt(json, 'signature_secret_key');
  if (secret === null) return only({ status: 'error', error: 'Polar sent no signature_secret_key' });
  return { ...only({ status: 'created', response: withoutSecret(json) }), secret };
}

/** The route shows one object instead of a list. */
const only = (result: SubscriptionResult): Registration => ({ results: [result], shown: result });

/** The answer as it may be shown and logged. */
function withoutSecret(json: JsonValue): JsonObject {
  const root = isJsonObject(json) && isJsonObject(json['data']) ? json['data'] : objectIn(json);
  return Object.fromEntries(Object.entries(root).filter(([name]) => name !== 'signature_secret_key'));
}

export const polarSubscriptions: SubscriptionService = {
  register,
  list: calls.list,
  update: patch,
  remove: calls.remove,
};
