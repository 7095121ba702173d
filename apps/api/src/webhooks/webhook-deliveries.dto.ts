import type { Instant } from '#libs/model';
import { Shown } from '../http/shown.js';
import { OptionalBody } from '../http/wire/optional-body.js';
import { WireBool, WireString, WireTimestamp } from '../http/wire/wire.js';
import { WireRule } from '../http/wire/wire-rule.js';
import { EndpointPath } from './webhook-endpoints.dto.js';

export class EndpointMessagePath extends EndpointPath {
  @WireString({ name: 'message_id' })
  messageId!: string;
}

@OptionalBody()
export class TestEventBody {
  @WireString({ default: 'workout.created' })
  eventType!: string;
}

@WireRule<ReplayBody>(({ since, until }) =>
  until === undefined || until === null || until > since ? null : 'until must be later than since',
)
export class ReplayBody {
  @WireTimestamp({ description: 'Messages made from then on' })
  since!: Instant;

  @WireTimestamp({ optional: true, nullable: true, description: 'Exclusive; now when not given' })
  until?: Instant | null;

  @WireBool({ default: false, description: 'Also messages that this endpoint has taken before' })
  includeDelivered!: boolean;
}

export class TestEventAnswer {
  @Shown.text()
  message!: string;

  @Shown.text()
  message_id!: string;
}

export class ResendAnswer {
  @Shown.text()
  message_id!: string;
}

export class ReplayAnswer {
  @Shown.int({ description: 'Messages that will be delivered' })
  message_count!: number;
}
