import { Failure, SECOND, type Instant, type JsonObject, type JsonValue } from '#libs/model';
import {
  atPath,
  hmacVerdict,
  isJsonObject,
  REFUSE,
  textAt,
  textMatches,
  type NoticeOutcome,
  type ProviderEnvironment,
  type VendorDelivery,
  type VendorNotice,
  type VendorWebhooks,
  type Verdict,
} from '#libs/providers/kit';

const CHECK_ACCOUNT = '/api/v3/athlete';

/**
 * `X-Strava-Signature: t=<seconds>,v1=<hex HMAC of "t.body" with the client secret>`. The vendor's guide does not promise
 * the header; without it the id of our own subscription, which only Strava and we know, vouches for the delivery.
 */
function verify(delivery: VendorDelivery, environment: ProviderEnvironment): Verdict {
  const header = delivery.headers['x-strava-signature'];
  if (header === undefined) return namesOurSubscription(delivery.body, environment);
  const parts = partsOf(header);
  const tolerance = environment.setting('STRAVA_WEBHOOK_SIGNATURE_TOLERANCE_SECONDS');
  return hmacVerdict(delivery, {
    signature: parts?.get('v1'),
    key: environment.clientSecret,
    parts: [`${parts?.get('t')}.`, delivery.body],
    encoding: 'hex',
    sentAt: instantOf(parts?.get('t')),
    ...(tolerance === null ? {} : { toleranceSeconds: Number(tolerance) }),
  });
}

/** Null when a part has no `=`. */
function partsOf(header: string): ReadonlyMap<string, string> | null {
  const parts = header.split(',').map((part) => part.trim());
  if (parts.some((part) => !part.includes('='))) return null;
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]));
}

const instantOf = (seconds: string | undefined): Instant | null =>
  seconds !== undefined && /^\d{1,12}$/.test(seconds) ? Number(seconds) * SECOND : null;

function namesOurSubscription(body: Buffer, { subscriptionIds }: ProviderEnvironment): Verdict {
  const id = subscriptionIdOf(body);
  return id !== null && subscriptionIds.includes(id) ? { kind: 'accept', isTrusted: false } : REFUSE;
}

function subscriptionIdOf(body: Buffer): string | null {
  try {
    return textAt(JSON.parse(body.toString('utf8')) as JsonValue, 'subscription_id');
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function challenge(query: Readonly<Record<string, string>>, environment: ProviderEnvironment): JsonObject {
  if (query['hub.mode'] !== 'subscribe') throw new Failure(400, 'Invalid hub.mode');
  const wanted = environment.setting('STRAVA_WEBHOOK_VERIFY_TOKEN');
  if (!textMatches(query['hub.verify_token'], wanted)) throw new Failure(403, 'Invalid verify token');
  return { 'hub.challenge': query['hub.challenge'] ?? '' };
}

const INTEGERS = ['object_id', 'owner_id', 'subscription_id', 'event_time'];
const ASPECTS = ['create', 'update', 'delete'];

function problemOf(body: JsonValue): string | null {
  const isNumbered = INTEGERS.every((name) => Number.isInteger(atPath(body, name)));
  const updates = atPath(body, 'updates');
  const isKnown =
    ['activity', 'athlete'].includes(textAt(body, 'object_type') ?? '') &&
    ASPECTS.includes(textAt(body, 'aspect_type') ?? '');
  return isNumbered && isKnown && (updates === undefined || isJsonObject(updates)) ? null : 'Invalid JSON body';
}

/** Only bodies that `problemOf` has let in come here. */
function interpret(body: JsonValue): readonly VendorNotice[] {
  const owner = atPath(body, 'owner_id') as number;
  const type = textAt(body, 'object_type') ?? '';
  const notice = { account: { id: String(owner) }, label: `${type}.${textAt(body, 'aspect_type') ?? ''}` };
  const unknownAccount = { status: 'user_not_found', strava_athlete_id: owner };
  const consequence = type === 'athlete' ? athleteEvent(body, owner) : activityEvent(body);
  return [{ ...notice, action: consequence.action, report: { unknownAccount, ...consequence.report } }];
}

interface Consequence {
  readonly action: VendorNotice['action'];
  readonly report: Pick<VendorNotice['report'], 'done'> & Partial<VendorNotice['report']>;
}

const OTHER_NEWS: JsonObject = { status: 'ignored', reason: 'object_type:athlete' };

/** The vendor documents an update that says `authorized: "false"`; a deleted athlete means the same. */
function athleteEvent(body: JsonValue, owner: number): Consequence {
  const isDeauthorized =
    textAt(body, 'aspect_type') === 'delete' || [false, 'false'].includes(atPath(body, 'updates.authorized') as string);
  return isDeauthorized
    ? {
        action: { kind: 'deregister', confirm: CHECK_ACCOUNT },
        report: { done: () => ({ status: 'deauthorized', strava_athlete_id: owner }) },
      }
    : {
        action: { kind: 'nothing' },
        report: { done: () => OTHER_NEWS, unknownAccount: OTHER_NEWS },
      };
}

function activityEvent(body: JsonValue): Consequence {
  const activityId = atPath(body, 'object_id') as number;
  const id = String(activityId);
  if (textAt(body, 'aspect_type') === 'delete') {
    return {
      action: { kind: 'remove', removal: { kind: 'event', category: 'workout', externalId: id } },
      report: { done: ({ removed }) => ({ status: 'deleted', activity_id: activityId, records_deleted: removed }) },
    };
  }
  return { action: { kind: 'object', resource: 'activity', id }, report: { done: fetched(activityId) } };
}

const fetched =
  (activityId: number) =>
  ({ workouts, dropped, userId }: NoticeOutcome): JsonObject => {
    if (workouts > 0) return { status: 'processed', activity_id: activityId, records_saved: workouts, user_id: userId };
    return dropped > 0
      ? { status: 'error', error: 'validation_error: the activity cannot be read', user_id: userId }
      : { status: 'warning', reason: 'no_activity_data', activity_id: activityId, user_id: userId };
  };

export const stravaWebhooks: VendorWebhooks = { verify, problemOf, interpret, challenge };
