import { badRequest } from '#libs/model';
import type { ProviderChange } from '#libs/cloud';
import type { DataGranularity, LiveSyncMode } from '#libs/providers/kit';
import { WireBool, WireEnum, WireMap, WireString } from '../http/wire/wire.js';
import type { JsonObject } from '#libs/model';
import { OptionalBody } from '../http/wire/optional-body.js';

export class ProviderNamePath {
  @WireString()
  provider!: string;
}

/** What is left out stays as it is. */
@OptionalBody()
export class ProviderChangeBody {
  @WireBool({ optional: true, nullable: true })
  isEnabled?: boolean | null;

  @WireEnum(['pull', 'webhook'], { optional: true, nullable: true })
  liveSyncMode?: LiveSyncMode | null;

  @WireEnum(['daily', 'hourly', 'raw'], { optional: true, nullable: true, description: 'null: the default' })
  dataGranularity?: DataGranularity | null;
}

export class ProviderStatesBody {
  @WireMap({ description: 'Provider codes with true or false', example: { whoop: true } })
  providers!: JsonObject;
}

const NO_NULL_MODE = 'live_sync_mode cannot be set to null; omit the field to leave it unchanged';

/** @throws Failure 400 for a mode of null */
export function providerChange({ isEnabled, liveSyncMode, dataGranularity }: ProviderChangeBody): ProviderChange {
  if (liveSyncMode === null) throw badRequest(`Value error, ${NO_NULL_MODE} - ${NO_NULL_MODE}`);
  return { isEnabled: isEnabled ?? undefined, liveSyncMode, dataGranularity };
}

/** @throws Failure 400 for anything but true and false */
export function providerStates({ providers }: ProviderStatesBody): Record<string, boolean> {
  return Object.fromEntries(
    Object.entries(providers).map(([code, state]) => {
      if (typeof state !== 'boolean') throw badRequest('Input should be a valid boolean');
      return [code, state];
    }),
  );
}
