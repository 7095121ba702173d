/** A connection as lists show it; tokens are never part of it. Instants in wire form. */
export interface ConnectionView {
  user_id: string;
  provider: string;
  provider_user_id: string | null;
  provider_username: string | null;
  scope: string | null;
  id: string;
  status: 'active' | 'revoked' | 'expired';
  last_synced_at: string | null;
  created_at: string;
  updated_at: string;
  /** Path of the provider's icon on this server. */
  icon_url: string | null;
  /** How far back the provider lets us read; null = no limit or not known. */
  max_historical_days: number | null;
  rest_pull: boolean;
  webhook_stream: boolean;
  webhook_ping: boolean;
  webhook_callback: boolean;
  /** How new data arrives; null when the user's phone brings it. */
  live_sync_mode: 'pull' | 'webhook' | null;
  /** Other users actively connected to the same account of the provider. */
  linked_user_ids: string[];
}

/** What is stored of a connection. */
export type StoredConnection = Omit<
  ConnectionView,
  | 'icon_url'
  | 'max_historical_days'
  | 'rest_pull'
  | 'webhook_stream'
  | 'webhook_ping'
  | 'webhook_callback'
  | 'live_sync_mode'
>;
