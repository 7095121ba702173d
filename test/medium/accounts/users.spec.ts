import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { JobQueue } from '#libs/queue';
import type { UserListQuery } from '../../../libs/accounts/src/users/user.js';
import { Users } from '../../../libs/accounts/src/users/users.service.js';
import { UsersRepository } from '../../../libs/accounts/src/users/users.repository.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given, type Given } from '../../support/given.js';

const FIRST_PAGE: UserListQuery = { page: 1, limit: 20, sortBy: 'created_at', sortOrder: 'desc' };

const NO_QUEUE = { add: () => Promise.resolve() } as unknown as JobQueue;

describe('users', () => {
  let database: TestDatabase;
  let users: Users;
  let build: Given;

  beforeAll(async () => {
    database = await openTestDatabase();
    users = new Users(database.db, new UsersRepository(database.db), NO_QUEUE);
    build = given(database.db);
  });

  afterAll(() => database.close());

  beforeEach(async () => {
    await database.db.query('DELETE FROM users');
  });

  const names = async (query: Partial<UserListQuery>): Promise<(string | null)[]> =>
    (await users.list({ ...FIRST_PAGE, ...query })).items.map(({ first_name }) => first_name);

  it('say when and where they were synced last, over all connections', async () => {
    const user = await build.user();
    await build.connection(user, 'garmin', { status: 'revoked', lastSyncedAt: '2031-05-02T08:00:00Z' });
    await build.connection(user, 'oura', { status: 'active', lastSyncedAt: '2031-05-01T08:00:00Z' });
    await build.connection(user, 'whoop', { status: 'revoked', lastSyncedAt: null });
    const expected = {
      id: user.id,
      last_synced_at: '2031-05-02T08:00:00Z',
      last_synced_provider: 'garmin',
      has_active_connection: true,
    };
    expect(await users.get(user.id)).toMatchObject(expected);
    expect((await users.list(FIRST_PAGE)).items).toMatchObject([expected]);
    expect(await users.update(user.id, { firstName: 'Ann' })).toMatchObject(expected);
    expect(await users.delete(user.id)).toMatchObject(expected);
  });

  it('without connections are neither synced nor connected', async () => {
    const { id } = await users.create({});
    expect(await users.get(id)).toMatchObject({
      last_synced_at: null,
      last_synced_provider: null,
      has_active_connection: false,
    });
  });

  it('come in pages that know their neighbours', async () => {
    for (let index = 0; index < 5; index++) {
      await build.user({ firstName: String(index), createdAt: `2031-05-0${index + 1}T00:00:00Z` });
    }
    expect(await users.list({ ...FIRST_PAGE, limit: 2 })).toMatchObject({
      items: [{ first_name: '4' }, { first_name: '3' }],
      total: 5,
      page: 1,
      limit: 2,
      pages: 3,
      has_next: true,
      has_prev: false,
    });
    const last = await users.list({ ...FIRST_PAGE, limit: 2, page: 3 });
    expect(last).toMatchObject({ items: [{ first_name: '0' }], has_next: false, has_prev: true });
    const beyond = await users.list({ ...FIRST_PAGE, limit: 2, page: 9 });
    expect(beyond).toMatchObject({ items: [], total: 5, pages: 3, has_next: false, has_prev: true });
  });

  it('are no page at all when there are none', async () => {
    expect(await users.list(FIRST_PAGE)).toMatchObject({ items: [], total: 0, pages: 0, has_next: false });
  });

  it('survive the largest page number', async () => {
    await build.user();
    expect((await users.list({ ...FIRST_PAGE, page: Number.MAX_SAFE_INTEGER, limit: 100 })).items).toEqual([]);
  });

  it('sort a missing name as the largest, ties by id ascending in both directions', async () => {
    const low = '00000000-0000-4000-8000-000000000001';
    const high = '00000000-0000-4000-8000-000000000002';
    await build.user({ id: high, firstName: 'a', lastName: 'x' });
    await build.user({ id: low, firstName: 'b', lastName: 'x' });
    await build.user({ firstName: null, lastName: null });
    expect(await names({ sortBy: 'first_name', sortOrder: 'asc' })).toEqual(['a', 'b', null]);
    expect(await names({ sortBy: 'first_name', sortOrder: 'desc' })).toEqual([null, 'b', 'a']);
    expect(await names({ sortBy: 'last_name', sortOrder: 'asc' })).toEqual(['b', 'a', null]);
    expect(await names({ sortBy: 'last_name', sortOrder: 'desc' })).toEqual([null, 'b', 'a']);
  });

  it('sort never synced as the oldest', async () => {
    const early = await build.user({ firstName: 'early' });
    const late = await build.user({ firstName: 'late' });
    await build.user({ firstName: 'never' });
    await build.connection(early, 'oura', { lastSyncedAt: '2031-05-01T00:00:00Z' });
    await build.connection(late, 'garmin', { lastSyncedAt: '2031-05-03T00:00:00Z' });
    await build.connection(late, 'oura', { lastSyncedAt: '2031-04-01T00:00:00Z' });
    expect(await names({ sortBy: 'last_synced_at', sortOrder: 'asc' })).toEqual(['never', 'early', 'late']);
    expect(await names({ sortBy: 'last_synced_at', sortOrder: 'desc' })).toEqual(['late', 'early', 'never']);
    expect(await names({ sortBy: 'last_synced_at', sortOrder: 'desc', limit: 1, page: 2 })).toEqual(['early']);
  });

  it('are found by a part of their names or email, wildcards taken literally', async () => {
    await build.user({ firstName: 'Ann_a', email: 'ann@example.com' });
    await build.user({ firstName: 'Bob', lastName: '100%' });
    await build.user({ firstName: 'Cid', lastName: 'back\\slash' });
    expect(await names({ search: 'ANN' })).toEqual(['Ann_a']);
    expect(await names({ search: 'example' })).toEqual(['Ann_a']);
    expect(await names({ search: '_' })).toEqual(['Ann_a']);
    expect(await names({ search: '%' })).toEqual(['Bob']);
    expect(await names({ search: '\\' })).toEqual(['Cid']);
    expect(await names({ search: 'nobody' })).toEqual([]);
    expect(await names({ search: '' })).toHaveLength(3);
  });

  it('are filtered by exact email and external id, both at once', async () => {
    await build.user({ firstName: 'Ann', email: 'Ann@example.com', externalUserId: 'x-1' });
    await build.user({ firstName: 'Bob', email: 'bob@example.com', externalUserId: 'x-2' });
    expect(await names({ email: 'Ann@example.com' })).toEqual(['Ann']);
    expect(await names({ email: 'ann@example.com' })).toEqual([]);
    expect(await names({ externalUserId: 'x-2' })).toEqual(['Bob']);
    expect(await names({ externalUserId: '' })).toHaveLength(2);
    expect(await names({ email: 'Ann@example.com', externalUserId: 'x-2' })).toEqual([]);
  });

  it('are created once per external id, whatever else is said', async () => {
    const first = await users.create({ externalUserId: 'x-1', firstName: 'Ann', email: 'ann@example.com' });
    const again = await users.create({ externalUserId: 'x-1', firstName: 'Other', email: 'ann@example.com' });
    expect(again).toEqual(first);
  });

  it('without an external id are not taken for one another', async () => {
    const one = await users.create({ externalUserId: '' });
    const two = await users.create({ externalUserId: '' });
    expect(one.id).not.toBe(two.id);
    expect(one.external_user_id).toBeNull();
  });

  it('have an email of their own, in any case', async () => {
    await users.create({ email: 'ann@example.com' });
    await expect(users.create({ email: 'Ann@example.com', externalUserId: 'free' })).rejects.toMatchObject({
      status: 409,
      detail: 'User with this email already exists.',
    });
  });

  it('created in parallel with one email are one', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => users.create({ email: 'race@example.com' })),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await users.list(FIRST_PAGE)).total).toBe(1);
  });

  it('created in parallel with one external id are one, and every caller gets it', async () => {
    const created = await Promise.all(Array.from({ length: 20 }, () => users.create({ externalUserId: 'race' })));
    expect(new Set(created.map(({ id }) => id)).size).toBe(1);
  });

  it('change only what is given; null clears', async () => {
    const { id } = await users.create({ firstName: 'Ann', lastName: 'Lee', birthDate: '1980-02-29', sex: 'female' });
    expect(await users.update(id, { lastName: null, gender: 'other' })).toMatchObject({
      first_name: 'Ann',
      last_name: null,
      birth_date: '1980-02-29',
      sex: 'female',
      gender: 'other',
    });
    expect(await users.update(id, {})).toMatchObject({ first_name: 'Ann' });
  });

  it('may not take what belongs to somebody else', async () => {
    await users.create({ email: 'ann@example.com', externalUserId: 'x-1' });
    const { id } = await users.create({ email: 'bob@example.com' });
    await expect(users.update(id, { email: 'ANN@example.com' })).rejects.toMatchObject({ status: 409 });
    await expect(users.update(id, { externalUserId: 'x-1' })).rejects.toMatchObject({ status: 409 });
    expect(await users.update(id, { email: 'bob@example.com' })).toMatchObject({ email: 'bob@example.com' });
  });

  it('that do not exist are 404 everywhere', async () => {
    const id = randomUUID();
    const missing = { status: 404, detail: `User with ID: ${id} not found.` };
    await expect(users.get(id)).rejects.toMatchObject(missing);
    await expect(users.update(id, { firstName: 'x' })).rejects.toMatchObject(missing);
    await expect(users.update(id, {})).rejects.toMatchObject(missing);
    await expect(users.delete(id)).rejects.toMatchObject(missing);
  });
});
