import { randomBytes, randomUUID } from 'node:crypto';
import type { Database, Sql } from '#libs/database';
import { hashPassword } from './developers/passwords.js';
import { keyPrefix, newApiKey } from './keys/secret-key.js';
import { secretHash } from './keys/secret-text.js';

export interface BootstrapSettings {
  readonly adminEmail: string;
  /** Null or empty: one is made up. */
  readonly adminPassword: string | null;
  /** Null or empty: one is made up when there is no key at all. */
  readonly bootstrapApiKey: string | null;
}

export interface BootstrapResult {
  /** True when this call made the first developer. */
  readonly created: boolean;
  readonly adminEmail: string;
  /** Only when it was made up by this call: it is readable nowhere else. */
  readonly adminPassword?: string;
  /** Only when it was made up by this call: it is readable nowhere else. */
  readonly apiKey?: string;
}

const BOOTSTRAP_LOCK = 1_764_000_000;

/**
 * Makes a fresh installation usable: the first developer and an API key, unless they exist. A configured key is added
 * whenever it is missing. Processes that start together take turns, so that exactly one of them creates.
 */
export function bootstrapIdentity(db: Database, settings: BootstrapSettings): Promise<BootstrapResult> {
  return db.transaction(async (sql) => {
    await sql.query('SELECT pg_advisory_xact_lock($1)', [BOOTSTRAP_LOCK]);
    const developer = await firstDeveloper(sql, settings);
    const apiKey = await firstApiKey(sql, settings.bootstrapApiKey || null, developer.id);
    return {
      created: developer.created,
      adminEmail: settings.adminEmail,
      ...(developer.password === undefined ? {} : { adminPassword: developer.password }),
      ...(apiKey === undefined ? {} : { apiKey }),
    };
  });
}

async function firstDeveloper(
  sql: Sql,
  { adminEmail, adminPassword }: BootstrapSettings,
): Promise<{ id: string; created: boolean; password?: string }> {
  const [existing] = await sql.query<{ id: string }>('SELECT id FROM developer ORDER BY created_at, id LIMIT 1');
  if (existing) return { id: existing.id, created: false };
  const id = randomUUID();
  const password = adminPassword || randomBytes(18).toString('base64url');
  await sql.query('INSERT INTO developer (id, email, password_hash) VALUES ($1, $2, $3)', [
    id,
    adminEmail,
    await hashPassword(password),
  ]);
  return { id, created: true, ...(adminPassword ? {} : { password }) };
}

async function firstApiKey(sql: Sql, configured: string | null, createdBy: string): Promise<string | undefined> {
  if (configured !== null) {
    await insertKey(sql, configured, createdBy);
    return undefined;
  }
  const [any] = await sql.query('SELECT FROM api_key LIMIT 1');
  if (any) return undefined;
  const key = newApiKey();
  await insertKey(sql, key, createdBy);
  return key;
}

async function insertKey(sql: Sql, key: string, createdBy: string): Promise<void> {
  await sql.query(
    `INSERT INTO api_key (id, name, key_hash, key_prefix, created_by) VALUES ($1, 'Bootstrap', $2, $3, $4)
     ON CONFLICT (key_hash) DO NOTHING`,
    [randomUUID(), secretHash(key), keyPrefix(key), createdBy],
  );
}
