import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { conflict, notFound, type Failure } from '#libs/model';
import { logger } from '#libs/observability';
import { JobQueue } from '#libs/queue';
import { startErasure } from '../erasure/start-erasure.js';
import type { UserFields, UserListQuery, UserPage, UserView } from './user.js';
import { UsersRepository } from './users.repository.js';

const UNIQUE_VIOLATION = '23505';
const EMAIL_TAKEN = 'User with this email already exists.';
const EXTERNAL_ID_TAKEN = 'User with this external_user_id already exists.';

/** Rules about users. Unique keys of the table decide every race. */
@Injectable()
export class Users {
  constructor(
    private readonly db: Database,
    private readonly users: UsersRepository,
    private readonly queue: JobQueue,
  ) {}

  /** @throws Failure 404 */
  async get(id: string): Promise<UserView> {
    const user = await this.users.byId(id);
    if (!user) throw unknownUser(id);
    return user;
  }

  async list(query: UserListQuery): Promise<UserPage> {
    const { items, total } = await this.users.page(query);
    const pages = Math.ceil(total / query.limit);
    const { page, limit } = query;
    return { items, total, page, limit, pages, has_next: page < pages, has_prev: page > 1 };
  }

  /**
   * Creates a user. A known external id answers the user that has it, so that a create can be repeated.
   * @throws Failure 409 when the email belongs to somebody else
   */
  async create(given: UserFields): Promise<UserView> {
    const fields = withoutBlankExternalId(given);
    const existing = await this.byExternalId(fields);
    if (existing) return existing;
    const id = randomUUID();
    if (await this.users.insert(id, fields)) return this.get(id);
    const winner = await this.byExternalId(fields);
    if (winner) return winner;
    throw conflict(EMAIL_TAKEN);
  }

  /**
   * Changes the given fields; null clears one.
   * @throws Failure 404, or 409 when the email or external id belongs to somebody else
   */
  async update(id: string, given: UserFields): Promise<UserView> {
    try {
      if (!(await this.users.update(id, withoutBlankExternalId(given)))) throw unknownUser(id);
    } catch (error) {
      throw takenKey(error) ?? error;
    }
    return this.get(id);
  }

  /**
   * Removes a user: from now on nobody finds them, and a job empties what is left of their data. Answers the user as
   * they were.
   * @throws Failure 404
   */
  async delete(id: string): Promise<UserView> {
    const user = await this.db.transaction(async (sql) => {
      const locked = await this.users.lock(sql, id);
      const view = locked && (await this.users.byId(id, sql));
      if (!locked || !view) throw unknownUser(id);
      await startErasure(sql, locked);
      return view;
    });
    // The job also comes by itself, so a queue that is away only makes it later.
    await this.queue
      .add('users.erase', {})
      .catch((error: unknown) => logger().warn({ error, user_id: id }, 'erasure_not_queued'));
    return user;
  }

  private async byExternalId({ externalUserId }: UserFields): Promise<UserView | null> {
    return externalUserId ? this.users.byExternalId(externalUserId) : null;
  }
}

const unknownUser = (id: string): Failure => notFound(`User with ID: ${id} not found.`);

/** Empty text is no id: two users without one must not be taken for the same. */
const withoutBlankExternalId = (fields: UserFields): UserFields =>
  fields.externalUserId === '' ? { ...fields, externalUserId: null } : fields;

function takenKey(error: unknown): Failure | null {
  if (!(error instanceof Error) || !('code' in error) || error.code !== UNIQUE_VIOLATION) return null;
  const constraint = 'constraint' in error ? String(error.constraint) : '';
  if (constraint === 'users_email_key') return conflict(EMAIL_TAKEN);
  return constraint === 'users_external_user_id_key' ? conflict(EXTERNAL_ID_TAKEN) : null;
}
