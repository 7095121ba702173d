import { Injectable } from '@nestjs/common';
import { Database, type Sql } from '#libs/database';
import type { DeveloperView } from './developer.js';

const COLUMNS = 'id, first_name, last_name, email, created_at, updated_at';

/** Rows of developers. */
@Injectable()
export class DevelopersRepository {
  constructor(private readonly db: Database) {}

  /** In any case. */
  async login(email: string): Promise<{ id: string; password_hash: string } | null> {
    const [row] = await this.db.query<{ id: string; password_hash: string }>(
      'SELECT id, password_hash FROM developer WHERE lower(email) = lower($1)',
      [email],
    );
    return row ?? null;
  }

  async passwordHash(id: string): Promise<string | null> {
    const [row] = await this.db.query<{ password_hash: string }>('SELECT password_hash FROM developer WHERE id = $1', [
      id,
    ]);
    return row?.password_hash ?? null;
  }

  async byId(id: string): Promise<DeveloperView | null> {
    const [row] = await this.db.query<DeveloperView>(`SELECT ${COLUMNS} FROM developer WHERE id = $1`, [id]);
    return row ?? null;
  }

  /** Oldest first. */
  list(): Promise<DeveloperView[]> {
    return this.db.query<DeveloperView>(`SELECT ${COLUMNS} FROM developer ORDER BY created_at, id`);
  }

  async insert(
    sql: Sql,
    row: { id: string; email: string; passwordHash: string; firstName: string; lastName: string },
  ): Promise<DeveloperView> {
    const [created] = await sql.query<DeveloperView>(
      `INSERT INTO developer (id, email, password_hash, first_name, last_name) VALUES ($1, $2, $3, $4, $5)
       RETURNING ${COLUMNS}`,
      [row.id, row.email, row.passwordHash, row.firstName, row.lastName],
    );
    return created!;
  }

  /**
   * Null keeps a field; `updated_at` is renewed in any case. A link to set a new password ends with the password and the
   * address it was made for.
   */
  async update(
    sql: Sql,
    id: string,
    change: { firstName: string | null; lastName: string | null; email: string | null; passwordHash: string | null },
  ): Promise<DeveloperView | null> {
    const [row] = await sql.query<DeveloperView>(
      `WITH ended AS (
         DELETE FROM password_reset WHERE developer_id = $1 AND ($4::text IS NOT NULL OR $5::text IS NOT NULL)
       )
       UPDATE developer SET first_name = coalesce($2, first_name), last_name = coalesce($3, last_name),
         email = coalesce($4, email), password_hash = coalesce($5, password_hash), updated_at = now()
       WHERE id = $1 RETURNING ${COLUMNS}`,
      [id, change.firstName, change.lastName, change.email, change.passwordHash],
    );
    return row ?? null;
  }

  /** Ids of all developers, locked so that two deletions cannot both leave the other's as the last. */
  async lockAll(sql: Sql): Promise<string[]> {
    const rows = await sql.query<{ id: string }>('SELECT id FROM developer ORDER BY created_at, id FOR UPDATE');
    return rows.map(({ id }) => id);
  }

  /** Deletes a developer; sessions go with them, their applications pass to `heirId`. */
  async delete(sql: Sql, id: string, heirId: string): Promise<DeveloperView | null> {
    await sql.query('UPDATE application SET developer_id = $2 WHERE developer_id = $1', [id, heirId]);
    const [row] = await sql.query<DeveloperView>(`DELETE FROM developer WHERE id = $1 RETURNING ${COLUMNS}`, [id]);
    return row ?? null;
  }
}
