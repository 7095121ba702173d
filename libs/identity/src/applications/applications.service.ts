import { randomUUID, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { notFound } from '#libs/model';
import { newAppId, newAppSecret, secretHash } from '../keys/secret-text.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';

/** An application that mints tokens for an integrator's phones, as the API shows it. */
export interface ApplicationView {
  id: string;
  app_id: string;
  name: string;
  created_at: string;
}

/** One just made or given a new secret: the secret is readable in this answer only. */
export type ApplicationWithSecret = ApplicationView & { app_secret: string };

const COLUMNS = 'id, app_id, name, created_at';

/** SDK applications of developers. Each sees and changes only their own. */
@Injectable()
export class Applications {
  constructor(
    private readonly db: Database,
    private readonly sessions: SessionsRepository,
  ) {}

  /** Newest first. */
  list(developerId: string): Promise<ApplicationView[]> {
    return this.db.query<ApplicationView>(
      `SELECT ${COLUMNS} FROM application WHERE developer_id = $1 ORDER BY created_at DESC, id`,
      [developerId],
    );
  }

  async create(name: string, developerId: string): Promise<ApplicationWithSecret> {
    const secret = newAppSecret();
    const [row] = await this.db.query<ApplicationView>(
      `INSERT INTO application (id, app_id, secret_hash, name, developer_id) VALUES ($1, $2, $3, $4, $5)
       RETURNING ${COLUMNS}`,
      [randomUUID(), newAppId(), secretHash(secret), name, developerId],
    );
    return { ...row!, app_secret: secret };
  }

  /**
   * A new secret; the old one and all phones it was used for end at once.
   * @throws Failure 404
   */
  async rotateSecret(appId: string, developerId: string, now: Date): Promise<ApplicationWithSecret> {
    const secret = newAppSecret();
    return this.db.transaction(async (sql) => {
      const [row] = await sql.query<ApplicationView>(
        `UPDATE application SET secret_hash = $3 WHERE app_id = $1 AND developer_id = $2 RETURNING ${COLUMNS}`,
        [appId, developerId, secretHash(secret)],
      );
      if (!row) throw notFound('Application not found');
      await this.sessions.revokeOfApplication(sql, row.id, now);
      return { ...row, app_secret: secret };
    });
  }

  /**
   * Deletes an application; the phones it minted tokens for are logged out.
   * @throws Failure 404
   */
  async delete(appId: string, developerId: string): Promise<void> {
    const [row] = await this.db.query(
      'DELETE FROM application WHERE app_id = $1 AND developer_id = $2 RETURNING app_id',
      [appId, developerId],
    );
    if (!row) throw notFound('Application not found');
  }

  /** The application whose id and secret these are; null when they are nobody's. */
  async recognise(appId: string, secret: string): Promise<{ id: string; app_id: string } | null> {
    const [row] = await this.db.query<{ id: string; app_id: string; secret_hash: Buffer }>(
      'SELECT id, app_id, secret_hash FROM application WHERE app_id = $1',
      [appId],
    );
    return row && timingSafeEqual(row.secret_hash, secretHash(secret)) ? row : null;
  }
}
