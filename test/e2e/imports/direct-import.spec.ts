import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openTestApi, type TestApi } from '../../support/api.js';

const EXPORT = readFileSync('libs/providers/apple/src/xml/fixtures/export.xml');
let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ worker: true });
});
afterAll(() => api.close());

it('imports', async () => {
  const user = await api.given.user();
  const answer = await api.client
    .post(`/api/v1/users/${user.id}/import/apple/xml/direct`)
    .attach('file', EXPORT, '../../export.xml');
  console.log(answer.status, answer.body);
  for (let i = 0; i < 200; i++) {
    const t = await api.client.get(`/api/v1/tasks/${answer.body.task_id}`);
    if (!['queued', 'running'].includes(t.body.state)) {
      console.log(JSON.stringify(t.body, null, 1));
      break;
    }
    await new Promise((r) => setTimeout(r, 50));
  }
  const runs = await api.client.get(`/api/v1/users/${user.id}/sync/runs`);
  console.log(JSON.stringify(runs.body));
});
