import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Priorities, UserPriorities } from '#libs/accounts';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given } from '../../support/given.js';

let test: TestDatabase;
let priorities: Priorities;
let own: UserPriorities;

beforeAll(async () => {
  test = await openTestDatabase();
  priorities = new Priorities(test.db);
  own = new UserPriorities(test.db);
});
afterAll(() => test.close());

describe('priorities of all users', () => {
  it('start with the seeds, by number', async () => {
    const providers = await priorities.providers();
    expect(providers.map(({ provider }) => provider)).toEqual(
      'apple garmin polar suunto whoop samsung google strava oura fitbit ultrahuman sensorbio'.split(' '),
    );
    expect((await priorities.deviceTypes()).map(({ device_type, priority }) => [device_type, priority])).toEqual([
      ['watch', 1],
      ['band', 2],
      ['ring', 3],
      ['phone', 4],
      ['scale', 5],
      ['other', 6],
      ['unknown', 99],
    ]);
  });

  it('keep the row of a provider that gets another number, and make a new one', async () => {
    const [before] = await priorities.providers();
    const after = await priorities.setProvider('apple', 100);
    expect(after).toMatchObject({ id: before!.id, provider: 'apple', priority: 100, created_at: before!.created_at });
    expect((await priorities.providers()).at(-1)).toEqual(after);
    expect(await priorities.setProvider('internal', 1)).toMatchObject({ provider: 'internal', priority: 1 });
    expect(await priorities.setDeviceType('ring', 1)).toMatchObject({ device_type: 'ring', priority: 1 });
  });

  it('change together, the last of repeated entries counts, the others stay, equal numbers go by code', async () => {
    const all = await priorities.setProviders([
      { key: 'whoop', priority: 50 },
      { key: 'garmin', priority: 1 },
      { key: 'whoop', priority: 1 },
    ]);
    expect(all.slice(0, 4).map(({ provider, priority }) => [provider, priority])).toEqual([
      ['garmin', 1],
      ['internal', 1],
      ['whoop', 1],
      ['polar', 3],
    ]);
    expect(all).toHaveLength(13);
    expect(await priorities.setProviders([])).toEqual(all);
    expect(
      (await priorities.setDeviceTypes([{ key: 'phone', priority: 1 }])).slice(0, 3).map((row) => row.device_type),
    ).toEqual(['phone', 'ring', 'watch']);
  });
});

describe('priorities of one user', () => {
  it('are replaced as a whole and keep their order', async () => {
    const user = await given(test.db).user();
    const other = await given(test.db).user();
    expect(await own.list(user.id)).toEqual([]);
    const entries = [
      { provider: 'oura', device_type: null },
      { provider: null, device_type: 'watch' },
      { provider: 'apple', device_type: 'phone' },
    ] as const;
    expect(await own.replace(user.id, entries)).toEqual(entries);
    expect(await own.list(user.id)).toEqual(entries);
    expect(await own.list(other.id)).toEqual([]);
    await Promise.all([own.replace(user.id, entries.slice(0, 2)), own.replace(user.id, entries.slice(0, 2))]);
    expect(await own.list(user.id)).toEqual(entries.slice(0, 2));
    expect(await own.replace(user.id, [])).toEqual([]);
    expect(await own.list(user.id)).toEqual([]);
  });

  it('of nobody are not found', async () => {
    const nobody = '00000000-0000-4000-8000-000000000000';
    const refusal = { status: 404, detail: 'User not found' };
    await expect(own.list(nobody)).rejects.toMatchObject(refusal);
    await expect(own.replace(nobody, [])).rejects.toMatchObject(refusal);
  });
});
