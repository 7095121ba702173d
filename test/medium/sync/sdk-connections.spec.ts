import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given, type GivenUser } from '../../support/given.js';
import { Digesting } from './digesting.js';
import { heartRates, upload } from './uploads.js';

let database: TestDatabase;
let digesting: Digesting;
let user: GivenUser;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  digesting = new Digesting(database.db);
  user = await given(database.db).user();
});

const connection = async () => {
  const [row] = await database.db.query(
    `SELECT provider, status, revoked_at, last_synced_at IS NOT NULL AS synced, access_token_encrypted AS token
     FROM connection WHERE user_id = $1`,
    [user.id],
  );
  return row;
};
const announced = () =>
  database.db.query<{ payload: Record<string, unknown> }>(
    `SELECT payload FROM outbox WHERE user_key = $1 AND kind = 'connection.created'`,
    [user.key],
  );
const digest = async (context: { loginAt?: string | null } = {}) => {
  const { batchId } = await digesting.accept(user, upload({ records: heartRates(1) }), { context });
  await digesting.digester.digest(batchId);
  return digesting.taskOf(batchId);
};
const disconnect = (at: string) =>
  database.db.query(`UPDATE connection SET status = 'revoked', revoked_at = $2 WHERE user_id = $1`, [user.id, at]);

const OPEN = { provider: 'apple', status: 'active', revoked_at: null, synced: true, token: null };

describe('the connection of a phone', () => {
  it('comes to be with the first upload, is announced once and knows its last sync', async () => {
    await digest();
    await digest();
    expect(await connection()).toEqual(OPEN);
    expect(await announced()).toEqual([
      {
        payload: {
          provider: 'apple',
          connectionId: expect.any(String),
          connectedAt: expect.stringMatching(/^20\d\d-.*Z$/),
        },
      },
    ]);
  });

  it('is opened again by an API key after the user ended it', async () => {
    await digest();
    await disconnect('2025-05-01T00:00:00Z');
    expect(await digest()).toMatchObject({ state: 'succeeded' });
    expect(await connection()).toEqual(OPEN);
    expect(await announced()).toHaveLength(2);
  });

  it('is opened again by a login after its end', async () => {
    await digest({ loginAt: '2025-04-01T00:00:00Z' });
    await disconnect('2025-05-01T00:00:00Z');
    expect(await digest({ loginAt: '2025-05-01T00:00:01Z' })).toMatchObject({ state: 'succeeded' });
    expect(await connection()).toEqual(OPEN);
  });

  it.each([
    ['an older login', '2025-04-30T23:59:59Z'],
    ['an unknown login', null],
  ])('stays closed for %s, and nothing is stored', async (_name, loginAt) => {
    await digest({ loginAt });
    const points = await digesting.pointCount(user);
    await disconnect('2025-05-01T00:00:00Z');
    expect(await digest({ loginAt })).toMatchObject({
      state: 'cancelled',
      result: { message: 'Connection was disconnected' },
    });
    expect(await connection()).toMatchObject({ status: 'revoked' });
    expect(await digesting.pointCount(user)).toBe(points);
  });

  it('does not come to be through an upload that fails', async () => {
    const { batchId } = await digesting.accept(user, upload({}, { sdkVersion: 7 }));
    await digesting.digester.digest(batchId);
    expect(await connection()).toBeUndefined();
  });
});
