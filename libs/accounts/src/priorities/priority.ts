import type { DeviceType, ProviderCode } from '#libs/model';

/** Place of a provider among all; the lowest number wins, numbers need not be unique. Instants in wire form. */
export interface ProviderPriorityView {
  provider: ProviderCode;
  /** 1..100 */
  priority: number;
  id: string;
  created_at: string;
  updated_at: string;
}

/** Place of a device type among all; the lowest number wins, numbers need not be unique. Instants in wire form. */
export interface DeviceTypePriorityView {
  device_type: DeviceType;
  /** 1..100 */
  priority: number;
  id: string;
  created_at: string;
  updated_at: string;
}

/** One entry of a user's own order: everything of a provider, of a device type, or of both together. */
export interface UserPriorityView {
  provider: ProviderCode | null;
  device_type: DeviceType | null;
}

/** A new number for one provider or device type. */
export interface PriorityChange<K extends string> {
  readonly key: K;
  readonly priority: number;
}
