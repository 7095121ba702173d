import { providerIconUrl, type ProviderFactory } from '#libs/providers/kit';
import type { ConnectionView, StoredConnection } from './connection.js';

type Capabilities = Omit<ConnectionView, keyof StoredConnection | 'live_sync_mode'>;

const NOTHING: Capabilities = {
  icon_url: null,
  max_historical_days: null,
  rest_pull: false,
  webhook_stream: false,
  webhook_ping: false,
  webhook_callback: false,
};

/** What the provider of a connection can do; nothing for one that is not installed. */
export function capabilitiesOf(providers: ProviderFactory, provider: string): Capabilities {
  if (!providers.has(provider)) return NOTHING;
  const { code, capabilities } = providers.get(provider);
  return {
    icon_url: providerIconUrl(code),
    max_historical_days: capabilities.maxHistoricalDays,
    rest_pull: capabilities.restPull,
    webhook_stream: capabilities.webhookStream,
    webhook_ping: capabilities.webhookPing,
    webhook_callback: capabilities.webhookCallback,
  };
}
