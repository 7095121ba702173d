import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestApi, type TestApi } from '../../support/api.js';

const PATH = '/api/v1/users';

interface User {
  id: string;
  created_at: string;
  [field: string]: unknown;
}

describe('users', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await openTestApi();
  });

  afterAll(() => api.close());

  beforeEach(async () => {
    await api.database.db.query('DELETE FROM users');
  });

  const create = async (body: object = {}): Promise<User> =>
    (await api.client.post(PATH, body).expect(201)).body as User;

  it('are created with nothing', async () => {
    const user = await create();
    expect(user).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/),
      first_name: null,
      last_name: null,
      email: null,
      external_user_id: null,
      last_synced_at: null,
      last_synced_provider: null,
      has_active_connection: false,
      birth_date: null,
      sex: null,
      gender: null,
    });
  });

  it('are created with everything, and read back as they were answered', async () => {
    const user = await create({
      first_name: '  ',
      last_name: 'Lee',
      email: 'Ann Lee <Ann@Example.COM>',
      external_user_id: 'x-1',
      birth_date: '1980-02-29',
      sex: 'female',
      gender: 'nonbinary',
      id: randomUUID(),
      unknown: 1,
    });
    expect(user).toMatchObject({ first_name: '  ', email: 'Ann@example.com', birth_date: '1980-02-29' });
    const { body } = await api.client.get(`${PATH}/${user.id}`).expect(200);
    expect(body).toEqual(user);
  });

  it('created again under their external id are the same', async () => {
    const first = await create({ external_user_id: 'x-1', email: 'ann@example.com' });
    expect(await create({ external_user_id: 'x-1', email: 'ann@example.com', first_name: 'Other' })).toEqual(first);
    expect(await create({ external_user_id: 'x-1' })).toEqual(first);
  });

  it('do not share an email', async () => {
    await create({ email: 'ann@example.com' });
    const taken = { detail: 'User with this email already exists.' };
    await api.client.post(PATH, { email: 'ANN@example.com' }).expect(409, taken);
    const bob = await create({ email: 'bob@example.com' });
    await api.developer.patch(`${PATH}/${bob.id}`, { email: 'ann@example.com' }).expect(409, taken);
  });

  it('created by twenty callers at once with one email are one', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => api.client.post(PATH, { email: 'race@example.com' })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
  });

  it('created by twenty callers at once with one external id are one, for all of them', async () => {
    const created = await Promise.all(Array.from({ length: 20 }, () => create({ external_user_id: 'race' })));
    expect(new Set(created.map(({ id }) => id)).size).toBe(1);
  });

  it('are changed field by field, null clears', async () => {
    const { id } = await create({ first_name: 'Ann', last_name: 'Lee', email: 'ann@example.com' });
    const { body } = await api.developer.patch(`${PATH}/${id}`, { first_name: null, last_name: 'Li' }).expect(200);
    expect(body).toMatchObject({ first_name: null, last_name: 'Li', email: 'ann@example.com' });
    await api.developer.patch(`${PATH}/${id}`, {}).expect(200, body as object);
  });

  it('are deleted and gone', async () => {
    const user = await create({ email: 'ann@example.com' });
    await api.developer.delete(`${PATH}/${user.id}`).expect(200, user);
    const missing = { detail: `User with ID: ${user.id} not found.` };
    await api.client.get(`${PATH}/${user.id}`).expect(404, missing);
    await api.developer.patch(`${PATH}/${user.id}`, {}).expect(404, missing);
    await api.developer.delete(`${PATH}/${user.id}`).expect(404, missing);
    await create({ email: 'ann@example.com' });
  });

  it('come in pages', async () => {
    for (const name of ['a', 'b', 'c']) await create({ first_name: name });
    const { body } = await api.client.get(`${PATH}?limit=2&page=2&sort_by=first_name&sort_order=asc`).expect(200);
    expect(body).toMatchObject({
      items: [{ first_name: 'c' }],
      total: 3,
      page: 2,
      limit: 2,
      pages: 2,
      has_next: false,
      has_prev: true,
    });
  });

  it('are searched and filtered', async () => {
    await create({ first_name: 'Ann', email: 'Ann@example.com', external_user_id: 'x-1' });
    await create({ first_name: 'Bob_', external_user_id: 'x-2' });
    const total = async (query: string): Promise<number> =>
      ((await api.client.get(`${PATH}?${query}`).expect(200)).body as { total: number }).total;
    expect(await total('search=aNN')).toBe(1);
    expect(await total('search=_')).toBe(1);
    expect(await total('search=%25')).toBe(0);
    expect(await total('search=')).toBe(2);
    expect(await total('external_user_id=x-2')).toBe(1);
    expect(await total('external_user_id=')).toBe(2);
    expect(await total('email=Ann@EXAMPLE.com')).toBe(1);
    expect(await total('email=ann@example.com')).toBe(0);
    expect(await total('search=ann&external_user_id=x-2')).toBe(0);
    expect(await total('unknown=1&limit=5&limit=7')).toBe(2);
  });

  it('of a repeated parameter the last one counts', async () => {
    const { body } = await api.client.get(`${PATH}?limit=nonsense&limit=7`).expect(200);
    expect(body).toMatchObject({ limit: 7 });
  });

  const UNPARSABLE = 'Input should be a valid integer, unable to parse string as an integer';

  it.each([
    ['limit=0', 'limit', 'Input should be greater than or equal to 1'],
    ['limit=101', 'limit', 'Input should be less than or equal to 100'],
    ['limit=', 'limit', UNPARSABLE],
    ['limit=5.5', 'limit', UNPARSABLE],
    ['page=0', 'page', 'Input should be greater than or equal to 1'],
    ['page=x&limit=x', 'page', UNPARSABLE],
    ['sort_by=age', 'sort_by', "Input should be 'created_at', 'email', 'first_name', 'last_name' or 'last_synced_at'"],
    ['sort_order=up', 'sort_order', "Input should be 'asc' or 'desc'"],
    ['email=x', 'email', 'value is not a valid email address: An email address must have an @-sign.'],
    ['search=%00', 'search', 'Value error, text must not contain U+0000'],
  ])('refuse the query %s', async (query, field, message) => {
    const { body } = await api.client.get(`${PATH}?${query}`).expect(400);
    expect(body).toMatchObject({ detail: message, errors: [{ loc: ['query', field], msg: message }] });
  });

  it.each<[object, string, string]>([
    [{ first_name: 'x'.repeat(101) }, 'first_name', 'String should have at most 100 characters'],
    [{ first_name: 5 }, 'first_name', 'Input should be a valid string'],
    [{ first_name: { constructor: 1 } }, 'first_name', 'Input should be a valid string'],
    [{ last_name: ['x'] }, 'last_name', 'Input should be a valid string'],
    [{ email: 'a@localhost' }, 'email', expect.stringMatching(/^value is not a valid email address: /) as never],
    [{ external_user_id: 'x'.repeat(256) }, 'external_user_id', 'String should have at most 255 characters'],
    [{ external_user_id: 'a\u0000b' }, 'external_user_id', 'Value error, text must not contain U+0000'],
    [{ birth_date: '1980-02-30' }, 'birth_date', 'Input should be a valid date in the format YYYY-MM-DD'],
    [{ birth_date: '0000-01-01' }, 'birth_date', 'Input should be a valid date in the format YYYY-MM-DD'],
    [{ sex: 'x' }, 'sex', "Input should be 'female', 'male' or 'other'"],
    [{ gender: 1 }, 'gender', "Input should be 'female', 'male', 'nonbinary' or 'other'"],
  ])('refuse the body %j', async (given, field, message) => {
    const { id } = await create();
    for (const request of [api.client.post(PATH, given), api.developer.patch(`${PATH}/${id}`, given)]) {
      const { body } = await request.expect(400);
      expect(body).toMatchObject({ detail: message, errors: [{ loc: ['body', field] }] });
    }
  });

  it('report the path before the body', async () => {
    const { body } = await api.developer.patch(`${PATH}/nonsense`, { first_name: 5 }).expect(400);
    expect(body).toMatchObject({
      detail: expect.stringMatching(/^Input should be a valid UUID, /),
      errors: [{ loc: ['path', 'user_id'], type: 'uuid_parsing' }],
    });
  });
});
