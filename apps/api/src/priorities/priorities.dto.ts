import type { DeviceTypePriorityView, ProviderPriorityView, UserPriorityView } from '#libs/accounts';
import { DEVICE_TYPES, type DeviceType, PROVIDER_CODES, type ProviderCode } from '#libs/model';
import { Shown } from '../http/shown.js';
import { objectOf } from '../http/wire/structured.kinds.js';
import { WireEnum, WireInt, WireList } from '../http/wire/wire.js';
import { WireRule } from '../http/wire/wire-rule.js';

const PRIORITY = { min: 1, max: 100, description: 'The lowest number wins' } as const;

export class ProviderPriorityPath {
  @WireEnum(PROVIDER_CODES)
  provider!: ProviderCode;
}

export class DeviceTypePriorityPath {
  @WireEnum(DEVICE_TYPES)
  deviceType!: DeviceType;
}

export class PriorityBody {
  @WireInt(PRIORITY)
  priority!: number;
}

class ProviderPriorityEntry {
  @WireEnum(PROVIDER_CODES)
  provider!: ProviderCode;

  @WireInt(PRIORITY)
  priority!: number;
}

export class ProviderPrioritiesBody {
  @WireList(objectOf(() => ProviderPriorityEntry), { description: 'The others keep their numbers' })
  priorities!: ProviderPriorityEntry[];
}

class DeviceTypePriorityEntry {
  @WireEnum(DEVICE_TYPES)
  deviceType!: DeviceType;

  @WireInt(PRIORITY)
  priority!: number;
}

export class DeviceTypePrioritiesBody {
  @WireList(objectOf(() => DeviceTypePriorityEntry), { description: 'The others keep their numbers' })
  priorities!: DeviceTypePriorityEntry[];
}

const MAYBE = { optional: true, nullable: true } as const;

@WireRule<UserPriorityEntry>((entry) =>
  entry.provider || entry.deviceType ? null : 'at least one of provider and device_type is required',
)
class UserPriorityEntry {
  @WireEnum(PROVIDER_CODES, MAYBE)
  provider?: ProviderCode | null;

  @WireEnum(DEVICE_TYPES, MAYBE)
  deviceType?: DeviceType | null;
}

export class UserPrioritiesBody {
  @WireList(objectOf(() => UserPriorityEntry), { max: 100, description: 'First the entry that wins' })
  items!: UserPriorityEntry[];
}

export const userPriorities = ({ items }: UserPrioritiesBody): UserPriorityView[] =>
  items.map(({ provider, deviceType }) => ({ provider: provider ?? null, device_type: deviceType ?? null }));

export class ProviderPriorityAnswer implements ProviderPriorityView {
  @Shown.oneOf(PROVIDER_CODES)
  provider!: ProviderCode;

  @Shown.int({ minimum: 1, maximum: 100 })
  priority!: number;

  @Shown.uuid()
  id!: string;

  @Shown.timestamp()
  created_at!: string;

  @Shown.timestamp()
  updated_at!: string;
}

export class ProviderPriorityListAnswer {
  @Shown.list(() => ProviderPriorityAnswer)
  items!: ProviderPriorityAnswer[];
}

export class DeviceTypePriorityAnswer implements DeviceTypePriorityView {
  @Shown.oneOf(DEVICE_TYPES)
  device_type!: DeviceType;

  @Shown.int({ minimum: 1, maximum: 100 })
  priority!: number;

  @Shown.uuid()
  id!: string;

  @Shown.timestamp()
  created_at!: string;

  @Shown.timestamp()
  updated_at!: string;
}

export class DeviceTypePriorityListAnswer {
  @Shown.list(() => DeviceTypePriorityAnswer)
  items!: DeviceTypePriorityAnswer[];
}

class UserPriorityAnswer implements UserPriorityView {
  @Shown.oneOf(PROVIDER_CODES, { nullable: true, description: 'Null = of any provider' })
  provider!: ProviderCode | null;

  @Shown.oneOf(DEVICE_TYPES, { nullable: true, description: 'Null = of any type' })
  device_type!: DeviceType | null;
}

export class UserPriorityListAnswer {
  @Shown.list(() => UserPriorityAnswer)
  items!: UserPriorityAnswer[];
}
