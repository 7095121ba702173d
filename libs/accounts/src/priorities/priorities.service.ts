import { Injectable } from '@nestjs/common';
import { Database, type Sql } from '#libs/database';
import type { DeviceType, ProviderCode } from '#libs/model';
import type { DeviceTypePriorityView, PriorityChange, ProviderPriorityView } from './priority.js';
import { listPriorities, setPriorities } from './priorities.sql.js';

/** Which sources win where several measured the same, for all users. */
@Injectable()
export class Priorities {
  constructor(private readonly db: Database) {}

  /** By priority, equal numbers by provider code. */
  providers(): Promise<ProviderPriorityView[]> {
    return this.db.query<ProviderPriorityView & Record<string, unknown>>(listPriorities('provider'));
  }

  /** By priority, equal numbers by device type. */
  deviceTypes(): Promise<DeviceTypePriorityView[]> {
    return this.db.query<DeviceTypePriorityView & Record<string, unknown>>(listPriorities('device_type'));
  }

  async setProvider(provider: ProviderCode, priority: number): Promise<ProviderPriorityView> {
    const change = { key: provider, priority };
    return (await store<ProviderPriorityView>(this.db, 'provider', [change]))[0]!;
  }

  async setDeviceType(deviceType: DeviceType, priority: number): Promise<DeviceTypePriorityView> {
    const change = { key: deviceType, priority };
    return (await store<DeviceTypePriorityView>(this.db, 'device_type', [change]))[0]!;
  }

  /** Sets the given ones and leaves the others; of several changes to one provider the last counts. Answers all. */
  async setProviders(changes: readonly PriorityChange<ProviderCode>[]): Promise<ProviderPriorityView[]> {
    await store(this.db, 'provider', changes);
    return this.providers();
  }

  /** Sets the given ones and leaves the others; of several changes to one type the last counts. Answers all. */
  async setDeviceTypes(changes: readonly PriorityChange<DeviceType>[]): Promise<DeviceTypePriorityView[]> {
    await store(this.db, 'device_type', changes);
    return this.deviceTypes();
  }
}

async function store<T>(
  sql: Sql,
  kind: 'provider' | 'device_type',
  changes: readonly PriorityChange<string>[],
): Promise<T[]> {
  const last = new Map(changes.map(({ key, priority }) => [key, priority]));
  if (last.size === 0) return [];
  return sql.query<T & Record<string, unknown>>(setPriorities(kind), [[...last.keys()], [...last.values()]]);
}
