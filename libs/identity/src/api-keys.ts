import { randomUUID, timingSafeEqual } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Database } from '#libs/database';
import { keyHash, keyPrefix, newApiKey } from './secret-key.js';

export interface ApiKeyRecord {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  /** Developer who made it, if known. */
  readonly createdBy: string | null;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
}

interface ApiKeyRow {
  id: string;
  name: string;
  key_hash: Buffer;
  key_prefix: string;
  created_by: string | null;
  created_at: string;
  last_used_at: string | null;
}

interface Remembered {
  readonly record: ApiKeyRecord;
  readonly untilMs: number;
}

const COLUMNS = 'id, name, key_hash, key_prefix, created_by, created_at, last_used_at';
/** How long a deleted key may still be accepted. */
const REMEMBER_MS = 5_000;
const REMEMBER_AT_MOST = 10_000;
const TOUCH_EVERY_MS = 60_000;

/** Keys of integrators: stored as hashes, the key itself is shown once. */
@Injectable()
export class ApiKeys {
  private readonly logger = new Logger(ApiKeys.name);
  private readonly remembered = new Map<string, Remembered>();
  private readonly touchedMs = new Map<string, number>();

  constructor(private readonly db: Database) {}

  /** Makes a key. `key` is in this answer only. */
  async create(name: string, createdBy: string | null): Promise<{ id: string; key: string; prefix: string }> {
    const key = newApiKey();
    const id = randomUUID();
    const prefix = keyPrefix(key);
    await this.db.query(
      'INSERT INTO api_key (id, name, key_hash, key_prefix, created_by) VALUES ($1, $2, $3, $4, $5)',
      [id, name, keyHash(key), prefix, createdBy],
    );
    return { id, key, prefix };
  }

  /** The record of a key, or null when there is no such key. Marks it as used, at most once a minute. */
  async verify(key: string, nowMs = Date.now()): Promise<ApiKeyRecord | null> {
    const hash = keyHash(key);
    const name = hash.toString('base64');
    const known = this.remembered.get(name);
    const record = known && known.untilMs > nowMs ? known.record : await this.find(hash);
    if (record === null) {
      this.remembered.delete(name);
      return null;
    }
    if (record !== known?.record) this.remember(name, { record, untilMs: nowMs + REMEMBER_MS });
    this.touch(record.id, nowMs);
    return record;
  }

  /** All keys, newest first. */
  async list(): Promise<ApiKeyRecord[]> {
    const rows = await this.db.query<ApiKeyRow>(`SELECT ${COLUMNS} FROM api_key ORDER BY created_at DESC, id`);
    return rows.map(toRecord);
  }

  private async find(hash: Buffer): Promise<ApiKeyRecord | null> {
    const [row] = await this.db.query<ApiKeyRow>(`SELECT ${COLUMNS} FROM api_key WHERE key_hash = $1`, [hash]);
    return row && timingSafeEqual(row.key_hash, hash) ? toRecord(row) : null;
  }

  private remember(name: string, entry: Remembered): void {
    if (this.remembered.size >= REMEMBER_AT_MOST) this.remembered.clear();
    this.remembered.set(name, entry);
  }

  /** Does not hold up the request: a lost mark costs a minute of precision. */
  private touch(id: string, nowMs: number): void {
    if (nowMs - (this.touchedMs.get(id) ?? -Infinity) < TOUCH_EVERY_MS) return;
    this.touchedMs.set(id, nowMs);
    this.db
      .query('UPDATE api_key SET last_used_at = to_timestamp($2::double precision / 1000) WHERE id = $1', [id, nowMs])
      .catch((error: unknown) => this.logger.warn(`last use of API key ${id} was not stored: ${String(error)}`));
  }
}

const toRecord = (row: ApiKeyRow): ApiKeyRecord => ({
  id: row.id,
  name: row.name,
  prefix: row.key_prefix,
  createdBy: row.created_by,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
});
