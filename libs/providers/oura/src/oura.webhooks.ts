import { Failure, type JsonObject, type JsonValue } from '#libs/model';
import {
  headerInstant,
  hmacVerdict,
  InvalidPayload,
  atPath,
  textMatches,
  type NoticeAction,
  type NoticeOutcome,
  type ProviderEnvironment,
  type VendorDelivery,
  type VendorNotice,
  type VendorWebhooks,
  type Verdict,
} from '#libs/providers/kit';
import { NOTIFIED_TYPES } from './oura.resources.js';

/** Hex HMAC (in either case) of timestamp and body, with the client secret. */
function verify(delivery: VendorDelivery, { clientSecret }: ProviderEnvironment): Verdict {
  const { body, headers } = delivery;
  const timestamp = headers['x-oura-timestamp'];
  return hmacVerdict(delivery, {
    signature: headers['x-oura-signature']?.toLowerCase(),
    key: clientSecret,
    parts: [timestamp ?? '', body],
    encoding: 'hex',
    sentAt: headerInstant(timestamp),
  });
}

function challenge(query: Readonly<Record<string, string>>, environment: ProviderEnvironment): JsonObject {
  const wanted = environment.setting('OURA_WEBHOOK_VERIFICATION_TOKEN');
  if (!textMatches(query['verification_token'], wanted)) throw new Failure(401, 'Invalid verification token');
  return { challenge: query['challenge'] ?? '' };
}

interface Notification {
  readonly eventType: string;
  readonly dataType: string;
  readonly userId: string;
  readonly objectId: string | null;
}

const ignored = (reason: string): JsonObject => ({ status: 'ignored', reason });

function interpret(body: JsonValue): readonly VendorNotice[] {
  const notification: Notification = {
    eventType: requiredField(body, 'event_type'),
    dataType: requiredField(body, 'data_type'),
    userId: requiredField(body, 'user_id'),
    objectId: optionalField(body, 'object_id'),
  };
  const { eventType, dataType, userId } = notification;
  const notice = { account: { id: userId }, label: `${dataType}.${eventType}` };
  const unknownAccount = { status: 'user_not_found', oura_user_id: userId, data_type: dataType };
  return [
    eventType === 'delete'
      ? { ...notice, ...deletion(notification, unknownAccount) }
      : { ...notice, ...change(notification, unknownAccount) },
  ];
}

type Consequence = Pick<VendorNotice, 'action' | 'report'>;

function deletion({ dataType, objectId }: Notification, unknownAccount: JsonObject): Consequence {
  const category = dataType === 'workout' || dataType === 'sleep' ? dataType : null;
  if (category === null || objectId === null) {
    // Points carry no vendor id, so there is nothing to find them by.
    return {
      action: { kind: 'nothing' },
      report: { done: () => ignored('delete_event'), unknownAccount: ignored('delete_event') },
    };
  }
  return {
    action: { kind: 'remove', removal: { kind: 'event', category, externalId: objectId } },
    report: {
      done: ({ removed, userId }) => ({
        status: 'deleted',
        data_type: dataType,
        records_deleted: removed,
        user_id: userId,
      }),
      unknownAccount,
    },
  };
}

function change({ dataType, eventType, objectId }: Notification, unknownAccount: JsonObject): Consequence {
  // The vendor spells one type `vO2_max` in its addresses.
  const resource = NOTIFIED_TYPES.find((type) => type === dataType.toLowerCase());
  if (resource === undefined) {
    const done = ({ userId }: NoticeOutcome): JsonObject => ({
      ...ignored(`unhandled_data_type: ${dataType}`),
      user_id: userId,
    });
    return { action: { kind: 'nothing' }, report: { done, unknownAccount } };
  }
  const action: NoticeAction = objectId === null ? { kind: 'nothing' } : { kind: 'object', resource, id: objectId };
  const done = (outcome: NoticeOutcome): JsonObject => ({
    status: 'processed',
    data_type: dataType,
    event_type: eventType,
    records_saved: saved(resource, outcome),
    user_id: outcome.userId,
  });
  return { action, report: { done, unknownAccount } };
}

/** What the record is counted in: sessions, workouts, scores or points. */
function saved(resource: (typeof NOTIFIED_TYPES)[number], { workouts, sleep, scores, points }: NoticeOutcome): number {
  if (resource === 'workout') return workouts;
  if (resource === 'sleep') return sleep;
  return resource === 'daily_sleep' ? scores : points;
}

function requiredField(body: JsonValue, name: string): string {
  const found = optionalField(body, name);
  if (found === null) throw new InvalidPayload(`${name} is missing`);
  return found;
}

function optionalField(body: JsonValue, name: string): string | null {
  const found = atPath(body, name) ?? null;
  if (found !== null && typeof found !== 'string') throw new InvalidPayload(`${name} must be text`);
  return found === '' ? null : found;
}

export const ouraWebhooks: VendorWebhooks = { verify, interpret, challenge };
