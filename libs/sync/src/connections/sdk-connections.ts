import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Sql, UserRef } from '#libs/database';
import { announce } from '#libs/ingest';
import type { ProviderCode } from '#libs/model';

interface OpenedConnection {
  readonly id: string;
  readonly is_new: boolean;
  readonly updated_at: string;
}

/** Connections of phones: they hold no tokens and come to be with the first upload. */
@Injectable()
export class SdkConnections {
  /**
   * Makes the connection exist and be active, and announces `connection.created` when it was not so before.
   * A connection that the user ended is opened again by an API key (`loginAt` undefined) or by a login after the end.
   * @returns false when it stays closed, because the sender's login is older than the end or unknown (null)
   */
  async open(sql: Sql, user: UserRef, provider: ProviderCode, loginAt: string | null | undefined): Promise<boolean> {
    const [opened] = await sql.query<OpenedConnection>(
      `INSERT INTO connection AS c (id, user_id, provider, status) VALUES ($1, $2, $3, 'active')
       ON CONFLICT (user_id, provider) DO UPDATE
         SET status = 'active', revoked_at = NULL,
             updated_at = CASE WHEN c.status = 'active' THEN c.updated_at ELSE now() END
         WHERE c.status <> 'revoked' OR $4 OR $5::timestamptz > c.revoked_at
       RETURNING c.id, old.id IS NULL OR old.status <> 'active' AS is_new, c.updated_at`,
      [randomUUID(), user.id, provider, loginAt === undefined, loginAt ?? null],
    );
    if (opened?.is_new) {
      const payload = { provider, connectionId: opened.id, connectedAt: opened.updated_at };
      await announce(sql, user, [{ kind: 'connection.created', payload }]);
    }
    return opened !== undefined;
  }

  async markSynced(sql: Sql, user: UserRef, provider: ProviderCode): Promise<void> {
    await sql.query('UPDATE connection SET last_synced_at = now() WHERE user_id = $1 AND provider = $2', [
      user.id,
      provider,
    ]);
  }
}
