import { Injectable } from '@nestjs/common';
import { Database, type Sql, type UserRef } from '#libs/database';
import type { UserFields, UserListQuery, UserView } from './user.js';
import {
  COUNT_USERS,
  filterValues,
  INSERT_USER,
  insertValues,
  listUsers,
  updateUser,
  USER_BY_EXTERNAL_ID,
  USER_BY_ID,
} from './users.sql.js';

/** The users table. */
@Injectable()
export class UsersRepository {
  constructor(private readonly db: Database) {}

  async byId(id: string, sql: Sql = this.db): Promise<UserView | null> {
    const [user] = await sql.query<UserView>(USER_BY_ID, [id]);
    return user ?? null;
  }

  async byExternalId(externalUserId: string): Promise<UserView | null> {
    const [user] = await this.db.query<UserView>(USER_BY_EXTERNAL_ID, [externalUserId]);
    return user ?? null;
  }

  async page(query: UserListQuery): Promise<{ items: UserView[]; total: number }> {
    const filter = filterValues(query);
    const paging = [query.limit, (query.page - 1) * query.limit];
    const [items, [count]] = await Promise.all([
      this.db.query<UserView>(listUsers(query.sortBy, query.sortOrder), [...filter, ...paging]),
      this.db.query<{ total: number }>(COUNT_USERS, filter),
    ]);
    return { items, total: count?.total ?? 0 };
  }

  /** False when the email or external id is taken. */
  async insert(id: string, fields: UserFields): Promise<boolean> {
    const rows = await this.db.query(INSERT_USER, insertValues(id, fields));
    return rows.length > 0;
  }

  /** False when there is no such user. Unique keys throw. */
  async update(id: string, fields: UserFields): Promise<boolean> {
    const statement = updateUser(id, fields);
    if (statement === null) return true;
    const rows = await this.db.query(statement.text, statement.values);
    return rows.length > 0;
  }

  /** The user's row locked against every writer of its data; null when there is none. */
  async lock(sql: Sql, id: string): Promise<UserRef | null> {
    const [user] = await sql.query<UserRef>('SELECT id, key FROM users WHERE id = $1 FOR UPDATE', [id]);
    return user ?? null;
  }
}
