import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { SCOPES, type Scope } from '../access/access.js';

/** What is known of a key; the key itself is stored nowhere. */
export interface ApiKeyRecord {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: readonly Scope[];
  /** Developer who made it, if known. */
  readonly createdBy: string | null;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  /** Null: it does not expire. */
  readonly expiresAt: string | null;
}

interface ApiKeyRow {
  id: string;
  name: string;
  key_prefix: string;
  scopes: string[];
  created_by: string | null;
  created_at: string;
  last_used_at: string | null;
  expires_at: string | null;
}

/** A key as a caller names it: by its id, or by the hash of the key itself. */
export type ApiKeyName = { readonly id: string } | { readonly hash: Buffer };

export interface NewApiKey {
  readonly id: string;
  readonly hash: Buffer;
  readonly prefix: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdBy: string | null;
  readonly expiresAt: Date | null;
}

const COLUMNS = 'id, name, key_prefix, scopes, created_by, created_at, last_used_at, expires_at';

/** Rows of API keys. */
@Injectable()
export class ApiKeysRepository {
  constructor(private readonly db: Database) {}

  async insert(key: NewApiKey): Promise<ApiKeyRecord> {
    const [row] = await this.db.query<ApiKeyRow>(
      `INSERT INTO api_key (id, name, key_hash, key_prefix, scopes, created_by, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${COLUMNS}`,
      [key.id, key.name, key.hash, key.prefix, key.scopes, key.createdBy, key.expiresAt?.toISOString() ?? null],
    );
    return toRecord(row!);
  }

  async byHash(hash: Buffer): Promise<ApiKeyRecord | null> {
    return first(await this.db.query<ApiKeyRow>(`SELECT ${COLUMNS} FROM api_key WHERE key_hash = $1`, [hash]));
  }

  /** All keys, newest first. */
  async list(): Promise<ApiKeyRecord[]> {
    const rows = await this.db.query<ApiKeyRow>(`SELECT ${COLUMNS} FROM api_key ORDER BY created_at DESC, id`);
    return rows.map(toRecord);
  }

  /** Changes what is given. @returns null when there is no such key */
  async update(
    name: ApiKeyName,
    change: { name: string | null; scopes: readonly Scope[] | null; expiresAt: Date | null | undefined },
  ): Promise<ApiKeyRecord | null> {
    const expiresAt = change.expiresAt?.toISOString() ?? null;
    return first(
      await this.db.query<ApiKeyRow>(
        `UPDATE api_key SET name = coalesce($2, name), scopes = coalesce($3, scopes),
           expires_at = CASE WHEN $4 THEN $5::timestamptz ELSE expires_at END
         WHERE ${column(name)} = $1 RETURNING ${COLUMNS}`,
        [value(name), change.name, change.scopes, change.expiresAt !== undefined, expiresAt],
      ),
    );
  }

  /** @returns the deleted key, null when there was none */
  async delete(name: ApiKeyName): Promise<ApiKeyRecord | null> {
    return first(
      await this.db.query<ApiKeyRow>(`DELETE FROM api_key WHERE ${column(name)} = $1 RETURNING ${COLUMNS}`, [
        value(name),
      ]),
    );
  }

  /** Replaces a key by one with another id, hash and name; what it may do stays. In one statement: never none of both. */
  async replace(name: ApiKeyName, key: Omit<NewApiKey, 'scopes' | 'expiresAt'>): Promise<ApiKeyRecord | null> {
    return first(
      await this.db.query<ApiKeyRow>(
        `WITH old AS (DELETE FROM api_key WHERE ${column(name)} = $1 RETURNING scopes, expires_at)
         INSERT INTO api_key (id, name, key_hash, key_prefix, scopes, created_by, expires_at)
         SELECT $2, $3, $4, $5, scopes, $6, expires_at FROM old RETURNING ${COLUMNS}`,
        [value(name), key.id, key.name, key.hash, key.prefix, key.createdBy],
      ),
    );
  }

  async touch(id: string, now: Date): Promise<void> {
    await this.db.query('UPDATE api_key SET last_used_at = $2 WHERE id = $1', [id, now.toISOString()]);
  }
}

const column = (name: ApiKeyName): string => ('id' in name ? 'id' : 'key_hash');
const value = (name: ApiKeyName): string | Buffer => ('id' in name ? name.id : name.hash);
const first = (rows: ApiKeyRow[]): ApiKeyRecord | null => (rows[0] ? toRecord(rows[0]) : null);

const toRecord = (row: ApiKeyRow): ApiKeyRecord => ({
  id: row.id,
  name: row.name,
  prefix: row.key_prefix,
  scopes: SCOPES.filter((scope) => row.scopes.includes(scope)),
  createdBy: row.created_by,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
  expiresAt: row.expires_at,
});
