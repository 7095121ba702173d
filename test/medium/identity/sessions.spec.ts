import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { TokenPair } from '#libs/identity';
import { given } from '../../support/given.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { identityOn, type IdentityWorld } from './identity-world.js';

const NOON = new Date('2031-05-02T12:00:00Z');
const after = (seconds: number): Date => new Date(NOON.getTime() + seconds * 1000);
const DAY = 86_400;

describe('sessions', () => {
  let database: TestDatabase;
  let world: IdentityWorld;
  let developerId: string;
  let userId: string;

  beforeAll(async () => {
    database = await openTestDatabase();
    world = identityOn(database.db);
  });

  afterAll(() => database.close());

  beforeEach(async () => {
    developerId = (await given(database.db).developer()).id;
    userId = (await given(database.db).user()).id;
  });

  const login = (): Promise<TokenPair> => world.sessions.open({ kind: 'developer', developerId }, NOON);
  const pair = (): Promise<TokenPair> =>
    world.sessions.open({ kind: 'sdk', userId, appId: 'app_x', applicationId: null, developerId: null }, NOON);
  const refresh = ({ refresh_token: token }: TokenPair, at: Date): Promise<TokenPair> =>
    world.sessions.refresh(token, at);
  const refused = { status: 401, detail: 'Invalid or revoked refresh token' };
  const sessionOf = ({ access_token: token }: TokenPair): string =>
    (JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { sid: string }).sid;

  it('go on from refresh to refresh, each token once', async () => {
    const first = await pair();
    expect(first).toMatchObject({ token_type: 'bearer', expires_in: 3600 });
    expect(first.refresh_token).toMatch(/^rt-[0-9a-f]{32}$/);
    const second = await refresh(first, after(3600));
    const third = await refresh(second, after(7200));
    expect(new Set([first, second, third].map(({ refresh_token: token }) => token)).size).toBe(3);
    expect(new Set([first, second, third].map(sessionOf)).size).toBe(1);
  });

  it('of twenty who refresh at once one succeeds, and the session goes on', async () => {
    const first = await pair();
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => refresh(first, NOON)));
    const winners = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(19);
    await expect(refresh((winners[0] as PromiseFulfilledResult<TokenPair>).value, after(60))).resolves.toBeDefined();
  });

  it('a straggler of such a race gets nothing either', async () => {
    const first = await pair();
    await Promise.allSettled([refresh(first, NOON), refresh(first, NOON)]);
    await expect(refresh(first, after(1))).rejects.toMatchObject(refused);
    await expect(refresh(first, after(10))).resolves.toBeDefined();
  });

  it('who lost the answer may ask once more within a minute', async () => {
    const first = await pair();
    const lost = await refresh(first, NOON);
    const again = await refresh(first, after(50));
    expect(again.refresh_token).not.toBe(lost.refresh_token);
    await expect(refresh(again, after(3600))).resolves.toBeDefined();
  });

  it.each([
    ['a second time within the minute', 30, 40],
    ['later', 61, 62],
  ])('a token used again %s ends the whole session', async (_when, once, twice) => {
    const first = await login();
    const second = await refresh(first, NOON);
    if (once < 60) await refresh(first, after(once));
    await expect(refresh(first, after(twice))).rejects.toMatchObject(refused);
    await expect(refresh(second, after(twice))).rejects.toMatchObject(refused);
    expect(await world.rows.running(sessionOf(second), after(twice))).toBeNull();
  });

  it('end when nobody refreshes them, and in any case after a while', async () => {
    await expect(refresh(await login(), after(30 * DAY))).rejects.toMatchObject(refused);
    let current = await login();
    for (const days of [25, 50, 75, 89]) current = await refresh(current, after(days * DAY));
    await expect(refresh(current, after(90 * DAY))).rejects.toMatchObject(refused);
    expect(await world.rows.running(sessionOf(current), after(90 * DAY - 1))).not.toBeNull();
    expect(await world.rows.running(sessionOf(current), after(90 * DAY))).toBeNull();
  });

  it('of phones last as long as they are used, unless settings say otherwise', async () => {
    await expect(refresh(await pair(), after(3650 * DAY))).resolves.toBeDefined();
    const strict = identityOn(database.db, { sdkIdleDays: 7 }).sessions;
    const owner = { kind: 'sdk', userId, appId: 'app_x', applicationId: null, developerId: null } as const;
    const short = await strict.open(owner, NOON);
    await expect(strict.refresh(short.refresh_token, after(7 * DAY))).rejects.toMatchObject(refused);
  });

  it('end when their refresh token is revoked, once', async () => {
    const first = await pair();
    await world.sessions.revoke(first.refresh_token, NOON);
    expect(await world.rows.running(sessionOf(first), NOON)).toBeNull();
    await expect(refresh(first, NOON)).rejects.toMatchObject(refused);
    const gone = { status: 404, detail: 'Refresh token not found' };
    await expect(world.sessions.revoke(first.refresh_token, NOON)).rejects.toMatchObject(gone);
    await expect(world.sessions.revoke('rt-nothing', NOON)).rejects.toMatchObject(gone);
  });

  it('end with their user, their developer and the developer who minted them', async () => {
    const ofPhone = await pair();
    await database.db.query('DELETE FROM users WHERE id = $1', [userId]);
    await expect(refresh(ofPhone, NOON)).rejects.toMatchObject(refused);
    const ofDeveloper = await login();
    const other = await given(database.db).user();
    const minted = await world.sessions.open(
      { kind: 'sdk', userId: other.id, appId: `admin:${developerId}`, applicationId: null, developerId },
      NOON,
    );
    await database.db.query('DELETE FROM developer WHERE id = $1', [developerId]);
    await expect(refresh(ofDeveloper, NOON)).rejects.toMatchObject(refused);
    await expect(refresh(minted, NOON)).rejects.toMatchObject(refused);
  });

  it('hold no token that could be read', async () => {
    const { refresh_token: token } = await pair();
    const [row] = await database.db.query<{ text: string }>(
      `SELECT string_agg(t::text, ' ') AS text FROM refresh_token t`,
    );
    expect(row!.text).not.toContain(token.slice(3));
  });
});
