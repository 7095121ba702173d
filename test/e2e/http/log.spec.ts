import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { configureLogging } from '#libs/observability';
import { openTestApi, type TestApi } from '../../support/api.js';

interface Line {
  message: string;
  path?: string;
  [key: string]: unknown;
}

describe('the log', () => {
  let api: TestApi;
  let lines: Line[] = [];

  beforeAll(async () => {
    api = await openTestApi({ config: { accessLogLevel: 'all' } });
    configureLogging({ level: 'info', service: 'api' }, { write: (text) => lines.push(JSON.parse(text) as Line) });
  });

  afterAll(() => api.close());

  beforeEach(() => {
    lines = [];
  });

  /** The line is written when the answer is through, which the client may learn a moment earlier. */
  async function lineOf(path: string): Promise<Line> {
    for (let turns = 0; turns < 100; turns++) {
      const line = lines.find((candidate) => candidate.path?.startsWith(path));
      if (line) return line;
      await new Promise((resolve) => setImmediate(resolve));
    }
    throw new Error(`nothing logged for ${path}: ${JSON.stringify(lines)}`);
  }

  it('has one line per request, with its id, without names searched for and without the key', async () => {
    await api.client.get('/api/v1/users?search=Ann&limit=3').set('X-Request-Id', 'trace-1').expect(200);
    expect(await lineOf('/api/v1/users')).toMatchObject({
      level: 'info',
      message: 'http_request',
      provider: null,
      request_id: 'trace-1',
      method: 'GET',
      path: '/api/v1/users?search=[redacted]&limit=3',
      status: 200,
      duration_ms: expect.any(Number),
    });
    expect(JSON.stringify(lines)).not.toContain(api.apiKey);
  });

  it('takes failed requests for errors and says what was sent', async () => {
    await api.client.post('/api/v1/users', { first_name: 5 }).expect(400);
    expect(await lineOf('/api/v1/users')).toMatchObject({
      level: 'error',
      status: 400,
      content_type: 'application/json',
      request_bytes: 16,
    });
  });

  it('keeps what went wrong, the client learns the request id alone', async () => {
    const { db } = api.database;
    await db.query('ALTER TABLE users RENAME TO people');
    try {
      const response = await api.client.unchecked().get('/api/v1/users');
      expect([response.status, response.body]).toEqual([500, { detail: 'Internal server error' }]);
      const failed = lines.find(({ message }) => message === 'request_failed')!;
      expect(failed['request_id']).toBe(response.headers['x-request-id']);
      expect(JSON.stringify(failed)).toContain('relation \\"users\\" does not exist');
    } finally {
      await db.query('ALTER TABLE people RENAME TO users');
    }
  });
});
