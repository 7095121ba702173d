import { ApiProperty } from '@nestjs/swagger';
import type { JsonObject, JsonValue } from '#libs/model';
import { Shown } from '../http/shown.js';
import { WireString, WireUrl } from '../http/wire/wire.js';
import { ProviderNamePath } from '../oauth/provider-settings.dto.js';

export class SubscriptionPath extends ProviderNamePath {
  @WireString()
  subscriptionId!: string;
}

export class CallbackUrlQuery {
  @WireUrl({ description: 'Where the vendor is to deliver' })
  callbackUrl!: string;
}

export class SubscriptionsAnswer {
  @ApiProperty({
    oneOf: [
      { type: 'array', items: { type: 'object', additionalProperties: true } },
      { type: 'object', additionalProperties: true },
    ],
    description: 'As the vendor has them; of a registration what was done',
  })
  subscriptions!: JsonValue;
}

export class RenewedAnswer {
  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true } })
  renewed!: JsonObject[];
}

export class SubscriptionAnswer {
  @Shown.json({ nullable: true })
  subscription!: JsonObject | null;
}

export class UpdatedAnswer {
  @Shown.json({ description: '`subscription_id`, `status`, and `error` when the vendor refused' })
  updated!: JsonObject;
}

export class DeletedAnswer {
  @Shown.json({ description: '`subscription_id`, `status`, and `error` when the vendor refused' })
  deleted!: JsonObject;
}
