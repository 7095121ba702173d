import { Injectable } from '@nestjs/common';
import { Database, type Sql, type UserRef } from '#libs/database';
import type { StoredConnection } from './connection.js';

const CONNECTIONS_OF_USER = `
  SELECT c.user_id, c.provider, c.provider_user_id, c.provider_username, c.scope, c.id, c.status, c.last_synced_at,
    c.created_at, c.updated_at, coalesce(linked.user_ids, '{}') AS linked_user_ids
  FROM connection c
  LEFT JOIN LATERAL (
    SELECT array_agg(other.user_id ORDER BY other.user_id) AS user_ids FROM connection other
    WHERE c.status = 'active' AND other.status = 'active' AND other.provider = c.provider
      AND other.provider_user_id = c.provider_user_id AND other.user_id <> c.user_id
  ) linked ON true
  WHERE c.user_id = $1
  ORDER BY c.created_at DESC, c.id`;

/** The connection table. */
@Injectable()
export class ConnectionsRepository {
  constructor(private readonly db: Database) {}

  /** Newest first, whatever their status. */
  ofUser(userId: string): Promise<StoredConnection[]> {
    return this.db.query<StoredConnection>(CONNECTIONS_OF_USER, [userId]);
  }

  async user(userId: string, sql: Sql = this.db): Promise<UserRef | null> {
    const [user] = await sql.query<UserRef>('SELECT id, key FROM users WHERE id = $1', [userId]);
    return user ?? null;
  }

  async idOf(sql: Sql, userId: string, provider: string): Promise<string | null> {
    const [row] = await sql.query<{ id: string }>('SELECT id FROM connection WHERE user_id = $1 AND provider = $2', [
      userId,
      provider,
    ]);
    return row?.id ?? null;
  }

  /** Health data of the provider, with or without a connection (file imports have none). */
  async hasData(user: UserRef, provider: string): Promise<boolean> {
    const rows = await this.db.query(
      `SELECT FROM data_source WHERE user_key = $1 AND provider = $2
       UNION ALL SELECT FROM health_score WHERE user_key = $1 AND provider = $2 LIMIT 1`,
      [user.key, provider],
    );
    return rows.length > 0;
  }
}
