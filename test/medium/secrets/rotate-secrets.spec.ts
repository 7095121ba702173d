import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Database } from '#libs/database';
import { rotateSecrets, SEALED_COLUMNS, SecretBox } from '#libs/secrets';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given } from '../../support/given.js';

const older = { id: 'older', key: randomBytes(32) };
const newer = { id: 'newer', key: randomBytes(32) };
const before = new SecretBox([older]);
const after = new SecretBox([newer, older]);
const ACCESS = 'connection.access-token';
const PROVIDERS = ['garmin', 'oura', 'polar', 'strava', 'whoop'];

describe('rotateSecrets', () => {
  let test: TestDatabase;
  let ids: string[];

  beforeAll(async () => {
    test = await openTestDatabase();
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    await test.db.query('DELETE FROM users');
    const user = await given(test.db).user();
    ids = [];
    for (const provider of PROVIDERS) {
      const { id } = await given(test.db).connection(user, provider);
      ids.push(id);
      await setToken(id, before.seal(provider, ACCESS));
    }
  });

  const setToken = (id: string, sealed: string): Promise<unknown> =>
    test.db.query('UPDATE connection SET access_token_encrypted = $2 WHERE id = $1', [id, sealed]);
  const tokens = async (): Promise<string[]> =>
    (
      await test.db.query<{ sealed: string }>(
        'SELECT access_token_encrypted AS sealed FROM connection WHERE access_token_encrypted IS NOT NULL ORDER BY provider',
      )
    ).map(({ sealed }) => sealed);

  it('seals every value under the first key, in batches, and is done when run again', async () => {
    expect(await rotateSecrets(test.db, after, SEALED_COLUMNS, 2)).toEqual({ resealed: 5, problems: [] });
    const sealed = await tokens();
    expect(sealed.map((value) => new SecretBox([newer]).open(value, ACCESS))).toEqual(PROVIDERS);
    expect(await rotateSecrets(test.db, after, SEALED_COLUMNS, 2)).toEqual({ resealed: 0, problems: [] });
    expect(await tokens()).toEqual(sealed);
  });

  it('goes on where it was stopped', async () => {
    let batches = 0;
    const stopping = {
      query: (text: string, values: unknown[]) => {
        if (text.startsWith('UPDATE') && ++batches === 2) throw new Error('stopped');
        return test.db.query(text, values);
      },
    } as unknown as Database;
    await expect(rotateSecrets(stopping, after, SEALED_COLUMNS, 2)).rejects.toThrow('stopped');
    expect(await rotateSecrets(test.db, after, SEALED_COLUMNS, 2)).toMatchObject({ resealed: 3 });
    expect((await tokens()).every((value) => value.startsWith(after.currentPrefix))).toBe(true);
  });

  it('leaves a value that the platform changes meanwhile', async () => {
    const racing = {
      query: async (text: string, values: unknown[]) => {
        if (text.startsWith('UPDATE')) await setToken(ids[0]!, before.seal('renewed', ACCESS));
        return test.db.query(text, values);
      },
    } as unknown as Database;
    expect(await rotateSecrets(racing, after, SEALED_COLUMNS)).toEqual({ resealed: 4, problems: [] });
    expect(after.open((await tokens())[0]!, ACCESS)).toBe('renewed');
  });

  it('names values that do not open, without showing them, and rotates the rest', async () => {
    await setToken(ids[1]!, 'plain text');
    const { resealed, problems } = await rotateSecrets(test.db, after, SEALED_COLUMNS, 1);
    expect(resealed).toBe(4);
    expect(problems).toEqual([expect.stringContaining(`connection.access_token_encrypted of ${ids[1]!}`)]);
    expect(problems.join()).not.toContain('plain text');
  });

  it('knows every column whose name says that it is sealed', async () => {
    const columns = await test.db.query<{ name: string }>(
      `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
       WHERE table_schema = 'public' AND column_name ~ '(^|_)(encrypted|sealed)$'`,
    );
    const known = SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`);
    expect(columns.map(({ name }) => name).sort()).toEqual([...known].sort());
  });
});
