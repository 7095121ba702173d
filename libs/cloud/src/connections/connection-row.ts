import type { ConnectableProvider } from '#libs/model';

/** A connection as the cloud code works with it; tokens stay sealed. */
export interface CloudConnection {
  readonly id: string;
  readonly user_id: string;
  readonly user_key: number;
  readonly provider: ConnectableProvider;
  readonly provider_user_id: string | null;
  readonly provider_username: string | null;
  readonly status: 'active' | 'revoked' | 'expired';
}

/** Columns of a `CloudConnection`, of `connection c JOIN users u`. */
export const CONNECTION_COLUMNS = `c.id, c.user_id, u.key AS user_key, c.provider, c.provider_user_id,
  c.provider_username, c.status`;
