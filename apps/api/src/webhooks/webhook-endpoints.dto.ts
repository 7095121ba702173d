import { EVENT_TYPE_COUNT, eventType, secretKey, type EndpointStats, type EndpointView } from '#libs/webhooks';
import { Shown } from '../http/shown.js';
import type { Kind } from '../http/wire/kind.js';
import { text } from '../http/wire/text.kinds.js';
import { OptionalBody } from '../http/wire/optional-body.js';
import { WireProblem } from '../http/wire/wire-problem.js';
import { WireBool, WireList, WireString, WireUrl, WireUuid } from '../http/wire/wire.js';
import { wireField } from '../http/wire/field.js';

const MAYBE = { optional: true, nullable: true } as const;
const DESCRIPTION = { max: 4096 } as const;

/** Name of an event type there is. */
const eventName: Kind<string> = {
  schema: { type: 'string' },
  read: (raw) => {
    const name = text().read(raw);
    if (name instanceof WireProblem || eventType(name)) return name;
    return new WireProblem(`Value error, Unknown event type: ${name.slice(0, 100)}`, 'value_error');
  },
};

/** `whsec_` and the base64 of 24 to 64 bytes. */
const secretText: Kind<string> = {
  schema: { type: 'string', example: 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX' },
  read: (raw) => {
    const secret = text().read(raw);
    if (secret instanceof WireProblem || secretKey(secret) !== null) return secret;
    return new WireProblem('Value error, whsec_ and the base64 of 24 to 64 bytes is expected', 'value_error');
  },
};

const FILTER = { ...MAYBE, min: 1, max: EVENT_TYPE_COUNT, description: 'Null: every type of the public list' };

export class EndpointPath {
  @WireString({ name: 'endpoint_id' })
  endpointId!: string;
}

export class NewEndpointBody {
  @WireUrl({ description: 'https, in local environments also http' })
  url!: string;

  @WireString({ ...MAYBE, ...DESCRIPTION })
  description?: string | null;

  @WireList(eventName, FILTER)
  filterTypes?: string[] | null;

  @WireUuid({ ...MAYBE, description: 'Only events of this user' })
  userId?: string | null;
}

/** What is absent stays; null clears filters and keeps url and description. */
export class EndpointChangesBody {
  @WireUrl(MAYBE)
  url?: string | null;

  @WireString({ ...MAYBE, ...DESCRIPTION })
  description?: string | null;

  @WireList(eventName, FILTER)
  filterTypes?: string[] | null;

  @WireUuid(MAYBE)
  userId?: string | null;

  @WireBool({ ...MAYBE, description: 'True stops all deliveries at once; false starts afresh' })
  disabled?: boolean | null;
}

@OptionalBody()
export class SecretRotationBody {
  @wireField(secretText, { ...MAYBE, description: 'The new secret; made up when not given' })
  key?: string | null;
}

export class EndpointAnswer implements EndpointView {
  @Shown.text()
  id!: string;

  @Shown.text()
  url!: string;

  @Shown.text()
  description!: string;

  @Shown.listOf('string', { nullable: true })
  filter_types!: string[] | null;

  @Shown.uuid({ nullable: true })
  user_id!: string | null;

  @Shown.flag()
  disabled!: boolean;

  @Shown.text({ nullable: true, description: '`gone` (it answered 410) or `failing` (five days); null: by hand' })
  disabled_reason!: string | null;
}

export class EndpointStatsAnswer implements EndpointStats {
  @Shown.int()
  success_count!: number;

  @Shown.int()
  failure_count!: number;

  @Shown.number({ nullable: true, minimum: 0, maximum: 1 })
  success_rate!: number | null;

  @Shown.int()
  consecutive_failures!: number;

  @Shown.timestamp({ nullable: true, description: 'First failure after the last success' })
  failing_since!: string | null;

  @Shown.timestamp({ nullable: true })
  last_success_at!: string | null;

  @Shown.timestamp({ nullable: true })
  last_failure_at!: string | null;

  @Shown.int({ description: 'Deliveries that wait' })
  pending_count!: number;
}

export class SecretAnswer {
  @Shown.text()
  key!: string;
}
