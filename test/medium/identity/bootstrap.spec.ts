import { verify } from '@node-rs/argon2';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiKeys, ApiKeysRepository, bootstrapIdentity } from '#libs/identity';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

const GIVEN = { adminEmail: 'admin@example.com', adminPassword: 'correct horse', bootstrapApiKey: null };

describe('bootstrapIdentity', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await openTestDatabase();
  });

  afterAll(() => database.close());

  beforeEach(async () => {
    await database.db.query('DELETE FROM api_key');
    await database.db.query('DELETE FROM developer');
  });

  const developers = (): Promise<{ email: string; password_hash: string }[]> =>
    database.db.query('SELECT email, password_hash FROM developer');

  it('makes the first developer and a first key', async () => {
    const result = await bootstrapIdentity(database.db, GIVEN);
    expect(result).toEqual({ created: true, adminEmail: 'admin@example.com', apiKey: result.apiKey });
    expect(await new ApiKeys(new ApiKeysRepository(database.db)).verify(result.apiKey!)).toMatchObject({
      name: 'Bootstrap',
    });
    const [developer] = await developers();
    expect(developer!.password_hash).toMatch(/^\$argon2id\$/);
    expect(await verify(developer!.password_hash, 'correct horse')).toBe(true);
  });

  it('makes up a password when none is configured and tells it once', async () => {
    const first = await bootstrapIdentity(database.db, { ...GIVEN, adminPassword: null });
    expect(first.adminPassword!.length).toBeGreaterThanOrEqual(20);
    expect(await verify((await developers())[0]!.password_hash, first.adminPassword!)).toBe(true);
    const second = await bootstrapIdentity(database.db, { ...GIVEN, adminPassword: null });
    expect(second).toEqual({ created: false, adminEmail: 'admin@example.com' });
  });

  it('changes nothing when run again, even with another password', async () => {
    await bootstrapIdentity(database.db, GIVEN);
    const before = await developers();
    await bootstrapIdentity(database.db, { ...GIVEN, adminEmail: 'other@example.com', adminPassword: 'other' });
    expect(await developers()).toEqual(before);
    expect(await new ApiKeys(new ApiKeysRepository(database.db)).list()).toHaveLength(1);
  });

  it('adds a configured key whenever it is missing, and never tells it', async () => {
    await bootstrapIdentity(database.db, GIVEN);
    const configured = { ...GIVEN, bootstrapApiKey: 'sk-0123456789abcdef0123456789abcdef' };
    expect(await bootstrapIdentity(database.db, configured)).not.toHaveProperty('apiKey');
    await bootstrapIdentity(database.db, configured);
    const keys = new ApiKeys(new ApiKeysRepository(database.db));
    expect(await keys.verify(configured.bootstrapApiKey)).not.toBeNull();
    expect(await keys.list()).toHaveLength(2);
  });

  it('creates once when processes start together', async () => {
    const results = await Promise.all(Array.from({ length: 4 }, () => bootstrapIdentity(database.db, GIVEN)));
    expect(results.filter(({ created }) => created)).toHaveLength(1);
    expect(results.filter(({ apiKey }) => apiKey !== undefined)).toHaveLength(1);
    expect(await developers()).toHaveLength(1);
  });
});
