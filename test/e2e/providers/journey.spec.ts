import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { GivenUser } from '../../support/given.js';
import { openCloudApi, type CloudApi } from './cloud.js';

describe('a user of a cloud', () => {
  let api: CloudApi;
  let user: GivenUser;

  beforeAll(async () => {
    api = await openCloudApi();
    user = await api.given.user();
  });

  afterAll(() => api.close());

  it('connects, and the history comes', async () => {
    const location = await api.connect(user, 'whoop', 1, 'myapp://connected');
    expect(location).toBe('myapp://connected');
    await api.settle();
    const runs = await api.database.db.query('SELECT source, status, message, error, items_processed FROM sync_run');
    expect(runs).toEqual([]);
  });
});
