import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { given } from '../../support/given.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { identityOn, SETTINGS, type IdentityWorld } from './identity-world.js';

const NOON = new Date('2031-05-02T12:00:00Z');
const WEEK_LATER = new Date('2031-05-09T12:00:00Z');
const NOT_FOUND = { status: 404, detail: 'Invalid or expired invitation code' };

describe('invitation codes', () => {
  let database: TestDatabase;
  let world: IdentityWorld;
  let developerId: string;
  let userId: string;

  beforeAll(async () => {
    database = await openTestDatabase();
    world = identityOn(database.db);
    developerId = (await given(database.db).developer()).id;
  });

  afterAll(() => database.close());

  beforeEach(async () => {
    userId = (await given(database.db).user()).id;
  });

  it('are eight readable characters, stored as a keyed hash', async () => {
    const made = await world.codes.generate(userId, developerId, NOON);
    expect(made).toMatchObject({
      user_id: userId,
      expires_at: '2031-05-09T12:00:00Z',
      created_at: '2031-05-02T12:00:00Z',
    });
    expect(made.code).toMatch(/^[A-HJ-NP-Z2-9]{8}$/);
    const [row] = await database.db.query<{ text: string }>(
      'SELECT c::text AS text FROM user_invitation_code c WHERE id = $1',
      [made.id],
    );
    expect(row!.text).not.toContain(made.code);
  });

  it('open a session of their user, in any case, once', async () => {
    const { code } = await world.codes.generate(userId, developerId, NOON);
    const pair = await world.codes.redeem(code.toLowerCase(), NOON);
    expect(pair).toMatchObject({ user_id: userId, token_type: 'bearer' });
    await expect(world.codes.redeem(code, NOON)).rejects.toMatchObject(NOT_FOUND);
  });

  it('redeemed by twenty at once give one token', async () => {
    const { code } = await world.codes.generate(userId, developerId, NOON);
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => world.codes.redeem(code, NOON)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const sessions = await database.db.query('SELECT FROM token_family WHERE user_id = $1', [userId]);
    expect(sessions).toHaveLength(1);
  });

  it('end with time and with the next one', async () => {
    const first = await world.codes.generate(userId, developerId, NOON);
    const second = await world.codes.generate(userId, developerId, NOON);
    await expect(world.codes.redeem(first.code, NOON)).rejects.toMatchObject(NOT_FOUND);
    await expect(world.codes.redeem(second.code, WEEK_LATER)).rejects.toMatchObject(NOT_FOUND);
    await expect(world.codes.redeem('AAAAAAAA', NOON)).rejects.toMatchObject(NOT_FOUND);
  });

  it('made twenty at once leave one that works', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => world.codes.generate(userId, developerId, NOON)));
    const outcomes = await Promise.allSettled(made.map(({ code }) => world.codes.redeem(code, NOON)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('shown before the secret key was changed still work while the old one is known', async () => {
    const { code } = await world.codes.generate(userId, developerId, NOON);
    const lost = identityOn(database.db, { secretKey: 'another' });
    await expect(lost.codes.redeem(code, NOON)).rejects.toMatchObject(NOT_FOUND);
    const changed = identityOn(database.db, { secretKey: 'another', secretKeyPrevious: SETTINGS.secretKey });
    await expect(changed.codes.redeem(code, NOON)).resolves.toMatchObject({ user_id: userId });
  });

  it('need a user', async () => {
    const nobody = '00000000-0000-4000-8000-000000000000';
    await expect(world.codes.generate(nobody, developerId, NOON)).rejects.toMatchObject({
      status: 404,
      detail: `User with ID: ${nobody} not found.`,
    });
  });
});
