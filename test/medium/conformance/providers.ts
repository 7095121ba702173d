import type { CloudProvider, ProviderStrategy } from '#libs/providers/kit';
import { PROVIDER_STRATEGIES } from '#libs/providers/registry';

export type CloudStrategy = ProviderStrategy & { readonly cloud: CloudProvider };

export const hasCloud = (strategy: ProviderStrategy): strategy is CloudStrategy => strategy.cloud !== undefined;

/** Every provider of the registry whose cloud the platform can reach; all of them conform. */
export const CLOUD_STRATEGIES: readonly CloudStrategy[] = (PROVIDER_STRATEGIES as readonly ProviderStrategy[]).filter(
  hasCloud,
);
