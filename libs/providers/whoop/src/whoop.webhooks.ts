import type { JsonObject, JsonValue } from '#libs/model';
import {
  atPath,
  hmacVerdict,
  InvalidPayload,
  textAt,
  type NoticeAction,
  type NoticeOutcome,
  type ProviderEnvironment,
  type VendorDelivery,
  type VendorNotice,
  type VendorWebhooks,
  type Verdict,
} from '#libs/providers/kit';
import { RECOVERY_SERIES } from './whoop-recovery.mapper.js';

const MICROS_PER_MILLI = 1000;

/** Base64 HMAC of timestamp (epoch milliseconds) and body, with the client secret. */
function verify(delivery: VendorDelivery, { clientSecret }: ProviderEnvironment): Verdict {
  const { body, headers } = delivery;
  const timestamp = headers['x-whoop-signature-timestamp'] ?? '';
  return hmacVerdict(delivery, {
    signature: headers['x-whoop-signature'],
    key: clientSecret,
    parts: [timestamp, body],
    encoding: 'base64',
    sentAt: /^\d{1,15}$/.test(timestamp) ? Number(timestamp) * MICROS_PER_MILLI : null,
  });
}

interface Kind {
  readonly action: (id: string) => NoticeAction;
  /** Records counted as saved; null: the notice removes. */
  readonly saved: ((outcome: NoticeOutcome) => number) | null;
}

const fetched = (resource: string, saved: (outcome: NoticeOutcome) => number): Kind => ({
  action: (id) => ({ kind: 'object', resource, id }),
  saved,
});
const deleted = (category: 'workout' | 'sleep', score: 'strain' | 'sleep'): Kind => ({
  action: (externalId) => ({ kind: 'remove', removal: { kind: 'event', category, externalId, scores: [score] } }),
  saved: null,
});

/** In payload version 2 all ids are UUIDs; those of recovery notices are of the sleep. */
const KINDS: Readonly<Record<string, Kind>> = {
  'workout.updated': fetched('workout', ({ workouts }) => workouts),
  'sleep.updated': fetched('sleep', ({ sleep }) => sleep),
  'recovery.updated': fetched('recovery', ({ points }) => points),
  'workout.deleted': deleted('workout', 'strain'),
  'sleep.deleted': deleted('sleep', 'sleep'),
  'recovery.deleted': {
    action: (sleepExternalId) => ({
      kind: 'remove',
      removal: { kind: 'score-after-sleep', sleepExternalId, category: 'recovery', series: RECOVERY_SERIES },
    }),
    saved: null,
  },
};

function interpret(body: JsonValue): readonly VendorNotice[] {
  const userId = atPath(body, 'user_id');
  const id = textAt(body, 'id');
  const type = atPath(body, 'type');
  if (typeof userId !== 'number' || !Number.isInteger(userId))
    throw new InvalidPayload('user_id must be a whole number');
  if (id === null) throw new InvalidPayload('id is missing');
  const kind = typeof type === 'string' && Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
  if (typeof type !== 'string' || !kind) throw new InvalidPayload('type is not known');
  return [
    {
      account: { id: String(userId) },
      label: type,
      action: kind.action(id),
      report: {
        done: (outcome) => resultOf(type, id, kind, outcome),
        unknownAccount: { status: 'user_not_found', whoop_user_id: userId, event_type: type },
      },
    },
  ];
}

function resultOf(type: string, id: string, { saved }: Kind, outcome: NoticeOutcome): JsonObject {
  const { userId } = outcome;
  if (saved) return { status: 'processed', event_type: type, records_saved: saved(outcome), user_id: userId };
  if (outcome.removed === 0) return { status: 'ignored', reason: 'record_not_found' };
  return { status: 'deleted', event_type: type, resource_id: id, user_id: userId };
}

/** Subscriptions are made by hand in WHOOP's developer dashboard; there is no challenge. */
export const whoopWebhooks: VendorWebhooks = { verify, interpret };
