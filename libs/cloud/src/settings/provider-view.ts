import {
  defaultLiveSyncMode,
  isLiveSyncConfigurable,
  providerIconUrl,
  type DataGranularity,
  type LiveSyncMode,
  type ProviderStrategy,
} from '#libs/providers/kit';

/** What is stored about a provider; null where nothing was chosen. */
export interface StoredProvider {
  readonly is_enabled: boolean;
  readonly live_sync_mode: LiveSyncMode | null;
  readonly data_granularity: DataGranularity | null;
}

/** A provider as the API lists it. */
export interface ProviderView {
  provider: string;
  name: string;
  has_cloud_api: boolean;
  is_enabled: boolean;
  icon_url: string;
  live_sync_mode: LiveSyncMode | null;
  live_sync_configurable: boolean;
  data_granularity: DataGranularity | null;
}

export function providerView(strategy: ProviderStrategy, stored: StoredProvider | undefined): ProviderView {
  const { code, displayName, capabilities } = strategy;
  return {
    provider: code,
    name: displayName,
    has_cloud_api: capabilities.hasCloudApi,
    is_enabled: stored?.is_enabled ?? true,
    icon_url: providerIconUrl(code),
    live_sync_mode: stored?.live_sync_mode ?? defaultLiveSyncMode(capabilities),
    live_sync_configurable: isLiveSyncConfigurable(capabilities),
    data_granularity: stored?.data_granularity ?? null,
  };
}
