import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiKeys, ApiKeysRepository } from '#libs/identity';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

const NOON_MS = Date.UTC(2031, 4, 2, 12);

describe('API keys', () => {
  let database: TestDatabase;
  let keys: ApiKeys;

  beforeAll(async () => {
    database = await openTestDatabase();
  });

  afterAll(() => database.close());

  beforeEach(async () => {
    await database.db.query('DELETE FROM api_key');
    keys = new ApiKeys(new ApiKeysRepository(database.db));
  });

  /** The mark is written beside the request; the pool runs statements of one connection in order. */
  async function lastUsedAt(id: string): Promise<string | null> {
    for (let tries = 0; tries < 50; tries++) {
      const [row] = await database.db.query<{ last_used_at: string | null }>(
        'SELECT last_used_at FROM api_key WHERE id = $1',
        [id],
      );
      if (row?.last_used_at) return row.last_used_at;
    }
    return null;
  }

  it('are `sk-` and 32 hex digits, shown once and stored as a hash', async () => {
    const { id, key, prefix } = await keys.create({ name: 'Portal' }, null);
    expect(key).toMatch(/^sk-[0-9a-f]{32}$/);
    expect(prefix).toBe(key.slice(0, 8));
    const [row] = await database.db.query<{ text: string }>('SELECT k::text AS text FROM api_key k WHERE id = $1', [
      id,
    ]);
    expect(row!.text).not.toContain(key.slice(8));
  });

  it('are recognised, and nothing else is', async () => {
    const { id, key } = await keys.create({ name: 'Portal' }, null);
    expect(await keys.verify(key)).toMatchObject({ id, name: 'Portal', createdBy: null });
    expect(await keys.verify(key.toUpperCase())).toBeNull();
    expect(await keys.verify('3f1c2d1e-0a4b-4f6e-9a55-3b1d7c2e9f10')).toBeNull();
    expect(await keys.verify('')).toBeNull();
  });

  it('are remembered for a few seconds, so that a burst costs one query', async () => {
    const { id, key } = await keys.create({ name: 'Portal' }, null);
    await keys.verify(key, NOON_MS);
    await lastUsedAt(id);
    await database.db.query('DELETE FROM api_key');
    expect(await keys.verify(key, NOON_MS + 4_999)).not.toBeNull();
    expect(await keys.verify(key, NOON_MS + 5_000)).toBeNull();
    expect(await keys.verify(key, NOON_MS + 1)).toBeNull();
  });

  it('are marked as used at most once a minute', async () => {
    const { id, key } = await keys.create({ name: 'Portal' }, null);
    await keys.verify(key, NOON_MS);
    expect(await lastUsedAt(id)).toBe('2031-05-02T12:00:00Z');
    await database.db.query('UPDATE api_key SET last_used_at = NULL');
    await keys.verify(key, NOON_MS + 59_999);
    expect(await lastUsedAt(id)).toBeNull();
    await keys.verify(key, NOON_MS + 60_000);
    expect(await lastUsedAt(id)).toBe('2031-05-02T12:01:00Z');
  });

  it('are listed newest first', async () => {
    const first = await keys.create({ name: 'first' }, null);
    await database.db.query(`UPDATE api_key SET created_at = created_at - interval '1 minute'`);
    const second = await keys.create({ name: 'second' }, null);
    expect((await keys.list()).map(({ id }) => id)).toEqual([second.id, first.id]);
  });
});
