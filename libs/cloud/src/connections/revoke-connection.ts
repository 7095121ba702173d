import type { Sql } from '#libs/database';
import { announce } from '#libs/ingest';

/** Why a connection ended, as integrators hear it. */
export type RevocationReason = 'user_disconnected' | 'deregistration' | 'refresh_failed';

const REVOKE = `
  UPDATE connection c SET status = 'revoked', revoked_at = now(), updated_at = now(),
    access_token_encrypted = NULL, refresh_token_encrypted = NULL, token_expires_at = NULL
  FROM users u WHERE c.id = $1 AND c.status <> 'revoked' AND u.id = c.user_id
  RETURNING c.user_id, u.key AS user_key, c.provider, c.revoked_at`;

interface Revoked {
  readonly user_id: string;
  readonly user_key: number;
  readonly provider: string;
  readonly revoked_at: string;
}

/** Ends a connection, drops its tokens and announces it; false when it was over already. Its data stays. */
export async function revokeConnection(sql: Sql, connectionId: string, reason: RevocationReason): Promise<boolean> {
  const [revoked] = await sql.query<Revoked>(REVOKE, [connectionId]);
  if (!revoked) return false;
  const { user_id, user_key, provider, revoked_at } = revoked;
  // What was still to be pulled is not wanted any more.
  await sql.query(
    `UPDATE pull_run SET state = 'done', finished_at = now() WHERE connection_id = $1 AND state = 'queued'`,
    [connectionId],
  );
  const payload = { provider, connectionId, reason, revokedAt: revoked_at };
  await announce(sql, { id: user_id, key: user_key }, [{ kind: 'connection.revoked', payload }]);
  return true;
}
