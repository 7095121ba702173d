import { Injectable } from '@nestjs/common';
import { Database, type Sql } from '#libs/database';
import type { SessionOwner } from './session.js';

/** A session's row. */
export interface SessionRow {
  id: string;
  kind: 'developer' | 'sdk';
  developer_id: string | null;
  user_id: string | null;
  application_id: string | null;
  app_id: string | null;
  expires_at: string | null;
  revoked_at: string | null;
}

/** One refresh token with what has become of it. */
export interface RefreshRow extends SessionRow {
  token_expires_at: string | null;
  rotated_at: string | null;
  repeated_at: string | null;
}

const SESSION = 'f.id, f.kind, f.developer_id, f.user_id, f.application_id, f.app_id, f.expires_at, f.revoked_at';

/** Rows of sessions and of their refresh tokens. */
@Injectable()
export class SessionsRepository {
  constructor(private readonly db: Database) {}

  /** The session if it is still running at `now`. */
  async running(id: string, now: Date): Promise<SessionRow | null> {
    const [row] = await this.db.query<SessionRow>(
      `SELECT ${SESSION} FROM token_family f
       WHERE f.id = $1 AND f.revoked_at IS NULL AND (f.expires_at IS NULL OR f.expires_at > $2)`,
      [id, now.toISOString()],
    );
    return row ?? null;
  }

  async insert(sql: Sql, id: string, owner: SessionOwner, now: Date, expiresAt: Date | null): Promise<void> {
    const sdk = owner.kind === 'sdk' ? owner : null;
    await sql.query(
      `INSERT INTO token_family
         (id, kind, developer_id, user_id, application_id, app_id, expires_at, last_used_at, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)`,
      [
        id,
        owner.kind,
        owner.developerId,
        sdk?.userId ?? null,
        sdk?.applicationId ?? null,
        sdk?.appId ?? null,
        expiresAt?.toISOString() ?? null,
        now.toISOString(),
      ],
    );
  }

  async insertToken(sql: Sql, hash: Buffer, sessionId: string, now: Date, expiresAt: Date | null): Promise<void> {
    await sql.query('INSERT INTO refresh_token (hash, family_id, expires_at, created_at) VALUES ($1, $2, $3, $4)', [
      hash,
      sessionId,
      expiresAt?.toISOString() ?? null,
      now.toISOString(),
    ]);
  }

  /** A token with its session, both locked: of several who refresh at once, each sees what the one before did. */
  async lockToken(sql: Sql, hash: Buffer): Promise<RefreshRow | null> {
    const [row] = await sql.query<RefreshRow>(
      `SELECT ${SESSION}, t.expires_at AS token_expires_at, t.rotated_at, t.repeated_at
       FROM refresh_token t JOIN token_family f ON f.id = t.family_id WHERE t.hash = $1 FOR UPDATE OF t, f`,
      [hash],
    );
    return row ?? null;
  }

  async mark(sql: Sql, hash: Buffer, what: 'rotated_at' | 'repeated_at', at: Date): Promise<void> {
    await sql.query(`UPDATE refresh_token SET ${what} = $2 WHERE hash = $1`, [hash, at.toISOString()]);
  }

  async touch(sql: Sql, id: string, now: Date): Promise<void> {
    await sql.query('UPDATE token_family SET last_used_at = $2 WHERE id = $1', [id, now.toISOString()]);
  }

  /** Ends one session. */
  async revoke(sql: Sql, id: string, now: Date): Promise<void> {
    await sql.query('UPDATE token_family SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL', [
      id,
      now.toISOString(),
    ]);
  }

  /** Ends all sessions in which a developer is logged in. */
  async revokeOfDeveloper(sql: Sql, developerId: string, now: Date): Promise<void> {
    await sql.query(
      `UPDATE token_family SET revoked_at = $2
       WHERE developer_id = $1 AND kind = 'developer' AND revoked_at IS NULL`,
      [developerId, now.toISOString()],
    );
  }

  /** Ends all sessions that an application minted. */
  async revokeOfApplication(sql: Sql, applicationId: string, now: Date): Promise<void> {
    await sql.query('UPDATE token_family SET revoked_at = $2 WHERE application_id = $1 AND revoked_at IS NULL', [
      applicationId,
      now.toISOString(),
    ]);
  }
}
