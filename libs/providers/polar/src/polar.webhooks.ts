import type { JsonObject, JsonValue } from '#libs/model';
import {
  atPath,
  hmacVerdict,
  InvalidPayload,
  type NoticeAction,
  type NoticeOutcome,
  type ProviderEnvironment,
  type VendorDelivery,
  type VendorNotice,
  type VendorWebhooks,
  type Verdict,
} from '#libs/providers/kit';

interface EventKind {
  /** Null: nothing of it is stored. */
  readonly resource: string | null;
  readonly saved: (outcome: NoticeOutcome) => JsonObject;
}

const counted = (resource: string, key: string, count: (outcome: NoticeOutcome) => number): EventKind => ({
  resource,
  saved: (outcome): JsonObject => (count(outcome) === 0 ? {} : { [key]: count(outcome) }),
});

const EVENTS: Readonly<Record<string, EventKind>> = {
  EXERCISE: counted('exercise', 'exercises', ({ workouts }) => workouts),
  SLEEP: counted('sleep', 'sleep', ({ sleep }) => sleep),
  CONTINUOUS_HEART_RATE: counted('continuous_hr', 'continuous_hr', ({ points }) => points),
  ACTIVITY_SUMMARY: counted('daily_activity', 'daily_activity', ({ points }) => points),
  SLEEP_WISE_ALERTNESS: counted('alertness', 'alertness', ({ scores }) => scores),
  SLEEP_WISE_CIRCADIAN_BEDTIME: counted('circadian_bedtime', 'circadian_bedtime', ({ scores }) => scores),
  PHYSICAL_INFORMATION: { resource: null, saved: () => ({}) },
};

/** What a subscription asks for. */
export const POLAR_EVENTS: readonly string[] = Object.keys(EVENTS);

/** Hex HMAC of the body with the secret out of our registration. Pings come before there is a secret: answered as they are. */
function verify(delivery: VendorDelivery, { webhookSecret }: ProviderEnvironment): Verdict {
  const { body, headers } = delivery;
  if (isPing(body)) return { kind: 'answer', status: 200, body: { status: 'ok' } };
  const signature = headers['polar-webhook-signature'];
  return hmacVerdict(delivery, { signature, key: webhookSecret, parts: [body], encoding: 'hex' });
}

/** Nothing that says PING is much longer than that. */
const MAX_PING_BYTES = 4096;

function isPing(body: Buffer): boolean {
  if (body.length > MAX_PING_BYTES || !body.includes('PING')) return false;
  try {
    return atPath(JSON.parse(body.toString('utf8')) as JsonValue, 'event') === 'PING';
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

const isTextOrNothing = (value: JsonValue | undefined): boolean =>
  (value ?? null) === null || typeof value === 'string';

function problemOf(body: JsonValue): string | null {
  const event = atPath(body, 'event');
  const userId = atPath(body, 'user_id') ?? null;
  const isKnown = typeof event === 'string' && (event === 'PING' || Object.hasOwn(EVENTS, event));
  const hasTexts = ['entity_id', 'timestamp', 'url'].every((name) => isTextOrNothing(atPath(body, name)));
  return isKnown && hasTexts && (userId === null || Number.isInteger(userId)) ? null : 'Invalid JSON body';
}

function interpret(body: JsonValue): readonly VendorNotice[] {
  const event = atPath(body, 'event');
  const kind = typeof event === 'string' && Object.hasOwn(EVENTS, event) ? EVENTS[event] : undefined;
  if (typeof event !== 'string' || kind === undefined) throw new InvalidPayload('event is not known');
  const userId = (atPath(body, 'user_id') ?? null) as number | null;
  if (userId === null) return [withoutAccount(event)];
  const path = servedPath(atPath(body, 'url'));
  const unknownAccount = { status: 'user_not_found', polar_user_id: userId };
  const done =
    path === null
      ? (): JsonObject => ({ status: 'error', error: 'missing url' })
      : (outcome: NoticeOutcome): JsonObject => ({
          status: 'accepted',
          user_id: outcome.userId,
          saved: kind.saved(outcome),
        });
  const action: NoticeAction =
    path === null || kind.resource === null
      ? { kind: 'nothing' }
      : { kind: 'object', resource: kind.resource, id: path };
  return [{ account: { id: String(userId) }, label: event, action, report: { done, unknownAccount } }];
}

/** Belongs to nobody; no account has the empty id. */
function withoutAccount(event: string): VendorNotice {
  const error = { status: 'error', error: 'missing user_id' };
  return {
    account: { id: '' },
    label: event,
    action: { kind: 'nothing' },
    report: { done: () => error, unknownAccount: error },
  };
}

/** Path and query below our own API base, whatever host the notice names; null when it names no resource. */
function servedPath(url: JsonValue | undefined): string | null {
  if (typeof url !== 'string') return null;
  const start = url.indexOf('/v3/');
  const path = start < 0 ? '' : url.slice(start).split('#')[0]!;
  return /^\/v3\/[\w./?=&%:+,~-]+$/.test(path) && !path.includes('..') ? path : null;
}

export const polarWebhooks: VendorWebhooks = { verify, problemOf, interpret };
