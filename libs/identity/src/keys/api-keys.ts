import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { badRequest, notFound, type Failure } from '#libs/model';
import { DEFAULT_SCOPES, type Scope } from '../access/access.js';
import { ApiKeysRepository, type ApiKeyName, type ApiKeyRecord } from './api-keys.repository.js';
import { keyPrefix, newApiKey } from './secret-key.js';
import { secretHash } from './secret-text.js';

/** What may be said about a key; what is left out keeps its default or, on a change, its value. */
export interface ApiKeyFields {
  readonly name?: string | null | undefined;
  readonly scopes?: readonly Scope[] | null | undefined;
  /** Null: it does not expire. */
  readonly expiresAt?: Date | null | undefined;
}

/** A key just made: `key` is readable in this answer only. */
export type ApiKeyWithSecret = ApiKeyRecord & { readonly key: string };

interface Remembered {
  readonly record: ApiKeyRecord;
  readonly untilMs: number;
}

export const DEFAULT_NAME = 'Default';
/** How long a deleted key may still be accepted by another process. */
const REMEMBER_MS = 5_000;
const REMEMBER_AT_MOST = 10_000;
const TOUCH_EVERY_MS = 60_000;
const LONGEST_KEY = 512;
const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Keys of integrators: stored as hashes, the key itself is shown once. */
@Injectable()
export class ApiKeys {
  private readonly logger = new Logger(ApiKeys.name);
  private readonly remembered = new Map<string, Remembered>();
  private readonly touchedMs = new Map<string, number>();

  constructor(private readonly rows: ApiKeysRepository) {}

  /** @throws Failure 400 when it would expire in the past */
  async create(fields: ApiKeyFields, createdBy: string | null, now = new Date()): Promise<ApiKeyWithSecret> {
    const expiresAt = inFuture(fields.expiresAt ?? null, now);
    const key = newApiKey();
    const record = await this.rows.insert({
      id: randomUUID(),
      hash: secretHash(key),
      prefix: keyPrefix(key),
      name: fields.name ?? DEFAULT_NAME,
      scopes: fields.scopes ?? DEFAULT_SCOPES,
      createdBy,
      expiresAt,
    });
    return { ...record, key };
  }

  /** The record of a key, or null when there is none or it has expired. Marks it as used, at most once a minute. */
  async verify(key: string, nowMs = Date.now()): Promise<ApiKeyRecord | null> {
    if (key.length > LONGEST_KEY) return null;
    const hash = secretHash(key);
    const name = hash.toString('base64');
    const known = this.remembered.get(name);
    const record = known && known.untilMs > nowMs ? known.record : await this.rows.byHash(hash);
    if (record === null || isOver(record, nowMs)) {
      this.remembered.delete(name);
      return null;
    }
    if (record !== known?.record) this.remember(name, { record, untilMs: nowMs + REMEMBER_MS });
    this.touch(record.id, nowMs);
    return record;
  }

  /** All keys, newest first. */
  list(): Promise<ApiKeyRecord[]> {
    return this.rows.list();
  }

  /**
   * Changes what is given.
   * @param name the key's id or the key itself
   * @throws Failure 404, or 400 when it would expire in the past
   */
  async update(name: string, fields: ApiKeyFields, now = new Date()): Promise<ApiKeyRecord> {
    const record = await this.rows.update(nameOf(name), {
      name: fields.name ?? null,
      scopes: fields.scopes ?? null,
      expiresAt: fields.expiresAt === undefined ? undefined : inFuture(fields.expiresAt, now),
    });
    return this.changed(name, record);
  }

  /** @throws Failure 404 */
  async delete(name: string): Promise<ApiKeyRecord> {
    return this.changed(name, await this.rows.delete(nameOf(name)));
  }

  /**
   * A new key with the powers of an old one, which ends.
   * @throws Failure 404
   */
  async rotate(name: string, createdBy: string | null): Promise<ApiKeyWithSecret> {
    const key = newApiKey();
    const fresh = { id: randomUUID(), hash: secretHash(key), prefix: keyPrefix(key), name: DEFAULT_NAME, createdBy };
    return { ...this.changed(name, await this.rows.replace(nameOf(name), fresh)), key };
  }

  /** What this process remembers of keys is looked up again. */
  private changed(name: string, record: ApiKeyRecord | null): ApiKeyRecord {
    this.remembered.clear();
    if (!record) throw unknownKey(name);
    return record;
  }

  private remember(name: string, entry: Remembered): void {
    if (this.remembered.size >= REMEMBER_AT_MOST) this.remembered.clear();
    this.remembered.set(name, entry);
  }

  /** Does not hold up the request: a lost mark costs a minute of precision. */
  private touch(id: string, nowMs: number): void {
    if (nowMs - (this.touchedMs.get(id) ?? -Infinity) < TOUCH_EVERY_MS) return;
    this.touchedMs.set(id, nowMs);
    this.rows
      .touch(id, new Date(nowMs))
      .catch((error: unknown) => this.logger.warn(`last use of API key ${id} was not stored: ${String(error)}`));
  }
}

const nameOf = (name: string): ApiKeyName =>
  UUID.test(name) ? { id: name.toLowerCase() } : { hash: secretHash(name) };

const isOver = ({ expiresAt }: ApiKeyRecord, nowMs: number): boolean =>
  expiresAt !== null && Date.parse(expiresAt) <= nowMs;

function inFuture(expiresAt: Date | null, now: Date): Date | null {
  if (expiresAt === null || expiresAt > now) return expiresAt;
  throw badRequest('expires_at must be in the future');
}

/** A key given in place of its id is not repeated. */
const unknownKey = (name: string): Failure =>
  notFound(`Apikey with ID: ${UUID.test(name) ? name.toLowerCase() : '[redacted]'} not found.`);
