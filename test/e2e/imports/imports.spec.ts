import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Response } from 'supertest';
import { openTestApi, type TestApi } from '../../support/api.js';
import { documentOf, SAME_DATA } from './same-data.js';

jest.setTimeout(60_000);

const EXPORT = readFileSync('libs/providers/apple/src/xml/fixtures/export.xml');
let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ worker: true, config: { maxImportBytes: 200_000 } });
});
afterAll(() => api.close());

interface Task {
  readonly state: string;
  readonly result: Record<string, unknown>;
  readonly run_id: string;
}
const path = (user: { id: string }): string => `/api/v1/users/${user.id}/import/apple/xml`;
const attach = (user: { id: string }, content: Buffer, name = 'export.xml'): Promise<Response> =>
  api.client.post(`${path(user)}/direct`).attach('file', content, name);

async function ended(taskId: string): Promise<Task> {
  for (;;) {
    const { body } = await api.client.get(`/api/v1/tasks/${taskId}`);
    const task = body as Task;
    if (!['queued', 'running'].includes(task.state)) return task;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const taskOf = (response: Response): Promise<Task> => ended((response.body as { task_id: string }).task_id);

describe('POST /users/{user_id}/import/apple/xml/direct', () => {
  it('imports a form and shows the run', async () => {
    const user = await api.given.user();
    const accepted = await attach(user, EXPORT, '../../etc/export.xml');
    expect(accepted.status).toBe(200);
    expect(accepted.body).toEqual({ status: 'processing', task_id: expect.any(String), user_id: user.id });
    const task = await taskOf(accepted);
    expect(task).toMatchObject({ state: 'succeeded', result: { status: 'success', stored: 20 } });
    const runs = await api.client.get(`/api/v1/users/${user.id}/sync/runs`);
    expect(runs.body).toMatchObject([
      {
        run_id: task.run_id,
        source: 'xml_import',
        provider: 'apple',
        status: 'success',
        progress: 1,
        items_processed: 22,
      },
    ]);
  });

  it('keeps the totals of the activity rings apart from what devices measured', async () => {
    const user = await api.given.user();
    await taskOf(await attach(user, EXPORT));
    const times = 'start_time=2026-10-30&end_time=2026-10-31&types=energy&types=heart_rate_variability_rmssd';
    const { body } = await api.client.get(`/api/v1/users/${user.id}/timeseries?${times}`);
    const { data } = body as { data: { type: string; value: number; is_daily_total: boolean; source: object }[] };
    expect(data.map(({ type, value, is_daily_total: isTotal }) => [type, value, isTotal])).toEqual([
      ['energy', 512.3, true],
      ['heart_rate_variability_rmssd', 35.788, null],
      ['energy', 10, false],
    ]);
    const days = await api.client.get(
      `/api/v1/users/${user.id}/summaries/activity?start_date=2026-10-30&end_date=2026-10-31`,
    );
    expect((days.body as { data: object[] }).data).toMatchObject([{ date: '2026-10-30', active_calories_kcal: 10 }]);
  });

  it('imports a plain body', async () => {
    const user = await api.given.user();
    const accepted = await api.client
      .post(`${path(user)}/direct`)
      .set('Content-Type', 'application/xml')
      .send(EXPORT.toString());
    expect(accepted.status).toBe(200);
    expect(await taskOf(accepted)).toMatchObject({ state: 'succeeded', result: { stored: 20 } });
  });

  it('does not mix two users who send export.xml at the same time', async () => {
    const users = [await api.given.user(), await api.given.user()] as const;
    const content = (value: number): Buffer =>
      documentOf([{ ...SAME_DATA.records[0]!, exported: { unit: 'count/min', value } }]);
    const accepted = await Promise.all(users.map((user, n) => attach(user, content(60 + n))));
    await Promise.all(accepted.map(taskOf));
    for (const [n, user] of users.entries()) {
      const query = 'start_time=2026-10-01&end_time=2026-11-01&types=heart_rate';
      const { body } = await api.client.get(`/api/v1/users/${user.id}/timeseries?${query}`);
      expect((body as { data: { value: number }[] }).data.map(({ value }) => value)).toEqual([60 + n]);
    }
  });

  it.each<[string, (user: { id: string }) => PromiseLike<Response>, number, string]>([
    ['no file', (user) => api.client.post(`${path(user)}/direct`).field('name', 'x'), 400, 'Field required'],
    ['an empty body', (user) => api.client.post(`${path(user)}/direct`), 400, 'Field required'],
    ['another content', (user) => attach(user, Buffer.from('%PDF')), 400, 'The file is neither XML nor a ZIP archive'],
    [
      'too much',
      (user) => attach(user, Buffer.from(`<HealthData>${' '.repeat(300_000)}`)),
      413,
      'Request body too large: at most 200000 bytes',
    ],
    [
      'a form without a boundary',
      (user) =>
        api.client
          .post(`${path(user)}/direct`)
          .set('Content-Type', 'multipart/form-data')
          .send('x'),
      400,
      'There was an error parsing the body',
    ],
  ])('refuses %s', async (_name, send, status, detail) => {
    const { id } = await api.given.user();
    const response = await send({ id });
    expect([response.status, (response.body as { detail: string }).detail]).toEqual([status, detail]);
    expect(await api.database.db.query('SELECT FROM file_import WHERE user_id = $1', [id])).toEqual([]);
  });

  it.each(['nobody', '0b7d1a52-8a0e-4a63-9a0c-4f1f1f0a7a11'])('knows no user %s', async (id) => {
    const response = await attach({ id }, EXPORT);
    expect([response.status, response.body]).toEqual([404, { detail: 'User not found' }]);
  });

  it('needs credentials', async () => {
    const user = await api.given.user();
    expect((await api.anonymous.post(`${path(user)}/direct`).attach('file', EXPORT, 'a.xml')).status).toBe(401);
    expect((await api.anonymous.post(`${path(user)}/s3`, {})).status).toBe(401);
  });
});

describe('POST /users/{user_id}/import/apple/xml/s3 without a bucket', () => {
  const offer = async (user: { id: string }, body: object = {}): Promise<Response> =>
    api.client.post(`${path(user)}/s3`, body);
  interface Offer {
    readonly upload_url: string;
    readonly form_fields: Record<string, string>;
    readonly file_key: string;
  }
  const upload = (
    { upload_url: url, form_fields: fields }: Offer,
    content: Buffer,
    changes: Record<string, string> = {},
  ): Promise<Response> => {
    const request = api.anonymous.post(new URL(url).pathname);
    for (const [name, value] of Object.entries({ ...fields, ...changes })) void request.field(name, value);
    return request.attach('file', content, 'export.xml');
  };

  it('offers a form of our own whose upload is imported, once', async () => {
    const user = await api.given.user();
    const answer = await offer(user, { filename: 'my export.xml' });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ expires_in: 300, max_file_size: 52_428_800, bucket: 'local' });
    const form = answer.body as Offer;
    expect(form.file_key).toMatch(new RegExp(`^${user.id}/raw/[0-9a-f-]{36}-myexport.xml$`));
    expect((await upload(form, EXPORT, { 'x-upload-token': 'guessed' })).status).toBe(403);
    expect((await upload(form, Buffer.from('%PDF'))).status).toBe(400);
    expect((await upload(form, EXPORT)).status).toBe(204);
    expect((await upload(form, EXPORT)).status).toBe(403);
    const completed = await api.client.post(`${path(user)}/s3/complete`, { file_key: form.file_key });
    expect(completed.status).toBe(200);
    expect(await taskOf(completed)).toMatchObject({ state: 'succeeded', result: { stored: 20 } });
  });

  it('holds the form to its limits', async () => {
    const user = await api.given.user();
    const form = (await offer(user, { max_file_size: 1024 })).body as Offer;
    expect((await upload(form, EXPORT)).status).toBe(413);
    await api.database.db.query(`UPDATE file_import SET expires_at = now() WHERE upload_key = $1`, [form.file_key]);
    expect((await upload(form, EXPORT.subarray(0, 1000))).status).toBe(403);
    expect((await api.anonymous.post('/api/v1/uploads/nothing').attach('file', EXPORT, 'a')).status).toBe(403);
    const early = await api.client.post(`${path(user)}/s3/complete`, { file_key: form.file_key });
    expect([early.status, early.body]).toEqual([409, { detail: 'The file has not been uploaded' }]);
    const unknown = await api.client.post(`${path(user)}/s3/complete`, { file_key: 'a/b' });
    expect([unknown.status, unknown.body]).toEqual([404, { detail: 'Upload not found' }]);
  });

  it.each([{ filename: 'x'.repeat(201) }, { expiration_seconds: 59 }, { max_file_size: 1_073_741_825 }])(
    'refuses %j',
    async (body) => expect((await offer(await api.given.user(), body)).status).toBe(400),
  );
  it('knows no stranger', async () =>
    expect((await offer({ id: 'nobody' })).body).toEqual({ detail: 'User not found' }));
});

describe('POST .../{task_id}/cancel', () => {
  it('stops what waits and refuses what is over', async () => {
    const user = await api.given.user();
    const accepted = await attach(user, EXPORT);
    const { task_id: taskId } = accepted.body as { task_id: string };
    await taskOf(accepted);
    const over = await api.client.post(`${path(user)}/${taskId}/cancel`);
    expect([over.status, over.body]).toEqual([409, { detail: 'The import is over' }]);
    await api.database.db.query(`UPDATE file_import SET state = 'pending' WHERE id = $1`, [taskId]);
    const stopped = await api.client.post(`${path(user)}/${taskId}/cancel`);
    expect([stopped.status, stopped.body]).toEqual([200, { status: 'cancelling', task_id: taskId, user_id: user.id }]);
    for (const [owner, id] of [
      [await api.given.user(), taskId],
      [user, 'nothing'],
    ] as const) {
      const response = await api.client.post(`${path(owner)}/${id}/cancel`);
      expect([response.status, response.body]).toEqual([404, { detail: 'Task not found' }]);
    }
  });
});

describe('POST /sns/notification', () => {
  const message = {
    ...{ Type: 'Notification', MessageId: 'm', TopicArn: 't', Message: '{}', Timestamp: '2026-11-01T10:00:00Z' },
    ...{ Signature: 's', SignatureVersion: '1', SigningCertURL: 'https://example.org/a.pem' },
  };
  it('is of no use without a bucket', async () => {
    const response = await api.anonymous
      .post('/api/v1/sns/notification')
      .set('Content-Type', 'text/plain')
      .send(JSON.stringify(message));
    expect([response.status, response.body]).toEqual([503, { detail: 'SNS client not configured' }]);
  });
  it.each(['{', '[]', '{}'])('refuses %s', async (body) => {
    const response = await api.anonymous.post('/api/v1/sns/notification').set('Content-Type', 'text/plain').send(body);
    expect(response.status).toBe(400);
  });
});

describe('the same person by phone and by file', () => {
  const everything = async (user: { id: string }): Promise<unknown> => {
    const range = 'start_date=2026-10-01&end_date=2026-11-02';
    const times = 'start_time=2026-10-01&end_time=2026-11-02';
    const types = 'types=heart_rate,steps,energy,weight,oxygen_saturation,distance_walking_running';
    const answers: unknown[] = [];
    for (const route of [
      `timeseries?${times}&${types.replaceAll(',', '&types=')}&limit=100`,
      `events/workouts?${range}`,
      `events/sleep?${range}`,
      `summaries/activity?${range}`,
      `summaries/sleep?${range}`,
      'data-sources',
    ]) {
      const response = await api.client.get(`/api/v1/users/${user.id}/${route}`);
      if (response.status !== 200 && route !== 'data-sources') throw new Error(`${route}: ${response.status}`);
      answers.push(response.status === 200 ? response.body : null);
    }
    return JSON.parse(JSON.stringify(answers), (key, value: unknown) =>
      ['id', 'created_at', 'updated_at', 'user_id', 'user_connection_id', 'original_source_name'].includes(key)
        ? null
        : value,
    ) as unknown;
  };
  const byPhone = async (user: { id: string }): Promise<void> => {
    const response = await api.client.unchecked().post(`/api/v1/sdk/users/${user.id}/sync`, SAME_DATA.upload);
    expect(response.status).toBe(202);
    await api.drain();
  };
  const byFile = async (user: { id: string }): Promise<Task> => taskOf(await attach(user, SAME_DATA.file));

  it('gives the same answers, whichever comes first, and doubles nothing', async () => {
    const [phone, file] = [await api.given.user(), await api.given.user()];
    await byPhone(phone);
    await byFile(file);
    const expected = await everything(phone);
    expect(JSON.stringify(expected).length).toBeGreaterThan(2000);
    expect(await everything(file)).toEqual(expected);

    // The phone has ids that the file lacks; nothing else may change.
    expect((await byFile(phone)).result).toMatchObject({ stored: 0, updated: 0 });
    expect(await everything(phone)).toEqual(expected);
    await byPhone(file);
    expect(await everything(file)).toEqual(expected);
  });
});
