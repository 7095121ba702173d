import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { badRequest, conflict, Failure, notFound } from '#libs/model';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import type { DeveloperChange, DeveloperView } from './developer.js';
import { DevelopersRepository } from './developers.repository.js';
import { checkedPassword, PasswordHasher } from './passwords.js';

const UNIQUE_VIOLATION = '23505';
export const EMAIL_TAKEN = 'A developer with this email already exists';

/** The people who administer the installation. */
@Injectable()
export class Developers {
  constructor(
    private readonly db: Database,
    private readonly rows: DevelopersRepository,
    private readonly sessions: SessionsRepository,
    private readonly hasher: PasswordHasher,
  ) {}

  /** Oldest first. */
  list(): Promise<DeveloperView[]> {
    return this.rows.list();
  }

  /** @throws Failure 404 */
  async get(id: string): Promise<DeveloperView> {
    const developer = await this.rows.byId(id);
    if (!developer) throw unknownDeveloper(id);
    return developer;
  }

  /**
   * Changes what is given. Of others only the names may be changed: whoever could change their address or password
   * could become them. A new password ends all sessions.
   * @throws Failure 400 `Incorrect current password`, 403, 404, 409
   */
  async update(id: string, change: DeveloperChange, actorId: string, now: Date): Promise<DeveloperView> {
    if (id !== actorId && (change.email || change.password)) {
      throw new Failure(403, 'Only developers themselves can change their email and password');
    }
    const passwordHash = change.password ? await this.newHash(id, change.currentPassword ?? '', change.password) : null;
    const { firstName = null, lastName = null, email = null } = change;
    try {
      return await this.db.transaction(async (sql) => {
        const developer = await this.rows.update(sql, id, { firstName, lastName, email, passwordHash });
        if (!developer) throw unknownDeveloper(id);
        if (passwordHash) await this.sessions.revokeOfDeveloper(sql, id, now);
        return developer;
      });
    } catch (error) {
      throw emailTaken(error) ?? error;
    }
  }

  /**
   * Sets a new password and ends all sessions, the caller's own too.
   * @throws Failure 400 `Incorrect current password`
   */
  async changePassword(id: string, currentPassword: string, newPassword: string, now: Date): Promise<void> {
    const passwordHash = await this.newHash(id, currentPassword, newPassword);
    await this.setPassword(id, passwordHash, now);
  }

  /**
   * Deletes a developer with their sessions. Their applications pass to the one who deletes, or of those who delete
   * themselves to the oldest other developer.
   * @throws Failure 404, or 409 for the last developer
   */
  async delete(id: string, actorId: string): Promise<DeveloperView> {
    return this.db.transaction(async (sql) => {
      const ids = await this.rows.lockAll(sql);
      if (!ids.includes(id)) throw unknownDeveloper(id);
      const others = ids.filter((other) => other !== id);
      const heir = others.find((other) => other === actorId) ?? others[0];
      if (heir === undefined) throw conflict('The last developer cannot be deleted');
      return (await this.rows.delete(sql, id, heir))!;
    });
  }

  private async newHash(id: string, currentPassword: string, newPassword: string): Promise<string> {
    checkedPassword(newPassword);
    if (!(await this.hasher.verify(await this.rows.passwordHash(id), currentPassword))) {
      throw badRequest('Incorrect current password');
    }
    return this.hasher.hash(newPassword);
  }

  private async setPassword(id: string, passwordHash: string, now: Date): Promise<void> {
    await this.db.transaction(async (sql) => {
      await this.rows.update(sql, id, { firstName: null, lastName: null, email: null, passwordHash });
      await this.sessions.revokeOfDeveloper(sql, id, now);
    });
  }
}

/** The failure behind a violated unique key of an email; undefined for any other error. */
export function emailTaken(error: unknown): Failure | undefined {
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  return code === UNIQUE_VIOLATION && constraint === 'developer_email_key' ? conflict(EMAIL_TAKEN) : undefined;
}

const unknownDeveloper = (id: string): Failure => notFound(`Developer with ID: ${id} not found.`);
