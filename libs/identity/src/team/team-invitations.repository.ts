import { Injectable } from '@nestjs/common';
import { Database, type Sql } from '#libs/database';
import type { InvitationStatus, InvitationView } from './team-invitation.js';

const COLUMNS = `id, email, '' AS token, status, expires_at, created_at, invited_by AS invited_by_id`;
/** What can still be revoked and sent again. */
export const OPEN: readonly InvitationStatus[] = ['pending', 'sent', 'failed'];

/** Rows of team invitations. */
@Injectable()
export class TeamInvitationsRepository {
  constructor(private readonly db: Database) {}

  /** Those that may still be accepted or sent again, newest first. */
  open(): Promise<InvitationView[]> {
    return this.db.query<InvitationView>(
      `SELECT ${COLUMNS} FROM team_invitation WHERE status = ANY ($1) ORDER BY created_at DESC, id`,
      [OPEN],
    );
  }

  async byId(id: string): Promise<InvitationView | null> {
    return first(await this.db.query<InvitationView>(`SELECT ${COLUMNS} FROM team_invitation WHERE id = $1`, [id]));
  }

  async lockByToken(sql: Sql, tokenHash: Buffer): Promise<InvitationView | null> {
    return first(
      await sql.query<InvitationView>(`SELECT ${COLUMNS} FROM team_invitation WHERE token_hash = $1 FOR UPDATE`, [
        tokenHash,
      ]),
    );
  }

  /** Null when the address has an open invitation already. */
  async insert(row: {
    id: string;
    email: string;
    tokenHash: Buffer;
    invitedBy: string;
    expiresAt: Date;
    now: Date;
  }): Promise<InvitationView | null> {
    return first(
      await this.db.query<InvitationView>(
        `INSERT INTO team_invitation (id, email, token_hash, status, invited_by, expires_at, created_at)
         VALUES ($1, $2, $3, 'pending', $4, $5, $6)
         ON CONFLICT (lower(email)) WHERE status IN ('pending', 'sent') DO NOTHING RETURNING ${COLUMNS}`,
        [row.id, row.email, row.tokenHash, row.invitedBy, row.expiresAt.toISOString(), row.now.toISOString()],
      ),
    );
  }

  /** A new token and a new term for an invitation that is still open; null when it is not. */
  async renew(id: string, tokenHash: Buffer, expiresAt: Date): Promise<InvitationView | null> {
    return first(
      await this.db.query<InvitationView>(
        `UPDATE team_invitation SET token_hash = $2, expires_at = $3, status = 'pending'
         WHERE id = $1 AND status = ANY ($4) RETURNING ${COLUMNS}`,
        [id, tokenHash, expiresAt.toISOString(), OPEN],
      ),
    );
  }

  /** A new token for an invitation that is about to be mailed; null when it is no longer to be sent. */
  async giveToken(id: string, tokenHash: Buffer): Promise<InvitationView | null> {
    return first(
      await this.db.query<InvitationView>(
        `UPDATE team_invitation SET token_hash = $2 WHERE id = $1 AND status = 'pending' RETURNING ${COLUMNS}`,
        [id, tokenHash],
      ),
    );
  }

  /** Changes the status of one that has another of `from`; null when it has none of them. */
  async move(
    sql: Sql,
    id: string,
    from: readonly InvitationStatus[],
    to: InvitationStatus,
  ): Promise<InvitationView | null> {
    return first(
      await sql.query<InvitationView>(
        `UPDATE team_invitation SET status = $3 WHERE id = $1 AND status = ANY ($2) RETURNING ${COLUMNS}`,
        [id, from, to],
      ),
    );
  }
}

const first = (rows: InvitationView[]): InvitationView | null => rows[0] ?? null;
