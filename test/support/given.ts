import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Sql } from '#libs/database';
import { DEFAULT_SCOPES } from '#libs/identity';

export interface GivenUser {
  id: string;
  key: number;
}

export interface UserOverrides {
  id?: string;
  firstName?: string | null;
  lastName?: string | null;
  email?: string | null;
  externalUserId?: string | null;
  birthDate?: string | null;
  sex?: string | null;
  gender?: string | null;
  createdAt?: string;
}

export interface ConnectionOverrides {
  providerUserId?: string | null;
  status?: 'active' | 'revoked' | 'expired';
  lastSyncedAt?: string | null;
  scope?: string | null;
}

export interface Given {
  /** A user with nothing but ids, or with what `overrides` says. */
  user(overrides?: UserOverrides): Promise<GivenUser>;
  /** An active connection of `user` to `provider`. */
  connection(user: GivenUser, provider: string, overrides?: ConnectionOverrides): Promise<{ id: string }>;
  /** An API key; `key` is what a client sends. Without `scopes` it has those a new key has. */
  apiKey(name?: string, scopes?: readonly string[]): Promise<{ id: string; key: string }>;
  /** A developer who has no password to log in with. */
  developer(email?: string): Promise<{ id: string; email: string }>;
}

/** Builders of the rows a test starts from. */
export function given(db: Sql): Given {
  return {
    user: (overrides = {}) => insertUser(db, overrides),
    connection: (user, provider, overrides = {}) => insertConnection(db, user, provider, overrides),
    apiKey: (name = 'test', scopes) => insertApiKey(db, name, scopes),
    developer: (email = `${randomUUID()}@example.com`) => insertDeveloper(db, email),
  };
}

async function insertUser(db: Sql, overrides: UserOverrides): Promise<GivenUser> {
  const [user] = await db.query<GivenUser>(
    `INSERT INTO users (id, first_name, last_name, email, external_user_id, birth_date, sex, gender, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, coalesce($9::timestamptz, now()))
     RETURNING id, key`,
    [
      overrides.id ?? randomUUID(),
      overrides.firstName ?? null,
      overrides.lastName ?? null,
      overrides.email ?? null,
      overrides.externalUserId ?? null,
      overrides.birthDate ?? null,
      overrides.sex ?? null,
      overrides.gender ?? null,
      overrides.createdAt ?? null,
    ],
  );
  return user!;
}

async function insertConnection(
  db: Sql,
  user: GivenUser,
  provider: string,
  overrides: ConnectionOverrides,
): Promise<{ id: string }> {
  const id = randomUUID();
  await db.query(
    `INSERT INTO connection (id, user_id, provider, provider_user_id, status, last_synced_at, scope)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      id,
      user.id,
      provider,
      overrides.providerUserId ?? null,
      overrides.status ?? 'active',
      overrides.lastSyncedAt ?? null,
      overrides.scope ?? null,
    ],
  );
  return { id };
}

async function insertDeveloper(db: Sql, email: string): Promise<{ id: string; email: string }> {
  const id = randomUUID();
  await db.query(`INSERT INTO developer (id, email, password_hash) VALUES ($1, $2, '')`, [id, email]);
  return { id, email };
}

async function insertApiKey(
  db: Sql,
  name: string,
  scopes: readonly string[] = DEFAULT_SCOPES,
): Promise<{ id: string; key: string }> {
  const id = randomUUID();
  const key = `sk-${randomBytes(16).toString('hex')}`;
  await db.query('INSERT INTO api_key (id, name, key_hash, key_prefix, scopes) VALUES ($1, $2, $3, $4, $5)', [
    id,
    name,
    createHash('sha256').update(key).digest(),
    key.slice(0, 8),
    scopes,
  ]);
  return { id, key };
}
