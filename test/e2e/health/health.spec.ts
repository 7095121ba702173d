import { rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApi, type TestApi } from '../../support/api.js';

interface Ready {
  status: string;
  error?: Record<string, unknown>;
  details: Record<string, { status: string }>;
}

describe('operations', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await openTestApi();
  });

  afterAll(() => api.close());

  const beat = (ageSeconds: number): Promise<unknown> =>
    api.database.db.query(
      `INSERT INTO worker_heartbeat VALUES ('w', now() - $1 * interval '1 second')
       ON CONFLICT (worker_id) DO UPDATE SET beat_at = excluded.beat_at`,
      [ageSeconds],
    );

  const ready = async (status: number): Promise<Ready> =>
    (await api.anonymous.get('/health/ready').expect(status)).body as Ready;

  it('is alive', async () => {
    await api.anonymous.get('/health/live').expect(200, { status: 'ok' });
  });

  it('is ready when every part works', async () => {
    await beat(0);
    expect(await ready(200)).toMatchObject({
      status: 'ok',
      details: {
        database: { status: 'up' },
        migrations: { status: 'up' },
        queue: { status: 'up' },
        worker: { status: 'up' },
        storage: { status: 'up' },
      },
    });
  });

  it('names the worker when no heartbeat is younger than half a minute', async () => {
    await beat(31);
    expect(Object.keys((await ready(503)).error!)).toEqual(['worker']);
    await beat(28);
    await ready(200);
  });

  it('names the migrations when one is missing', async () => {
    await beat(0);
    const removed = await api.database.db.query<{ timestamp: number; name: string }>(
      'DELETE FROM migrations WHERE id = (SELECT max(id) FROM migrations) RETURNING timestamp, name',
    );
    expect(Object.keys((await ready(503)).error!)).toEqual(['migrations']);
    const { timestamp, name } = removed[0]!;
    await api.database.db.query('INSERT INTO migrations (timestamp, name) VALUES ($1, $2)', [timestamp, name]);
    await ready(200);
  });

  it('names the storage when it cannot be written', async () => {
    await beat(0);
    const { storage } = api.config;
    const directory = storage.kind === 'local' ? storage.directory : storage.scratchDirectory;
    await rm(directory, { recursive: true, force: true });
    await writeFile(directory, 'in the way');
    expect(Object.keys((await ready(503)).error!)).toEqual(['storage']);
    await rm(directory);
    await ready(200);
  });

  it('measures requests by route template and status, never by path', async () => {
    const { id } = await api.given.user();
    await api.client.get(`/api/v1/users/${id}`).expect(200);
    await api.anonymous.unchecked().get(`/api/v1/secret-${id}`).expect(404);
    await api.database.db.query(`INSERT INTO vendor_inbox (provider, digest, is_trusted, due_at)
      VALUES ('whoop', 'a', true, now() - interval '90 seconds'), ('whoop', 'b', true, now() + interval '1 hour')`);
    const response = await fetch(`${api.url}/metrics`);
    const text = await response.text();
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(text).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/users\/:user_id",status="200"\} [1-9]/,
    );
    expect(text).toMatch(/route="unmatched",status="404"/);
    expect(text).not.toContain(id);
    expect(text).toMatch(/platform_database_connections\{state="idle"\} \d/);
    expect(text).toMatch(/platform_queue_jobs\{queue="ingest",state="waiting"\} 0/);
    expect(text).toMatch(/platform_backlog_rows\{table="vendor_inbox"\} 1\n/);
    expect(text).toMatch(/platform_backlog_seconds\{table="vendor_inbox"\} 9\d/);
    expect(text).toMatch(/platform_backlog_rows\{table="inbox"\} 0\n/);
  });

  it('lists what it covers: providers, series and fields', async () => {
    const { body } = await api.anonymous.get('/api/v1/meta/coverage').expect(200);
    const coverage = body as { providers: string[]; timeseries: { metrics: { code: string }[] }[] };
    expect(coverage.providers).toEqual([...coverage.providers].sort());
    expect(coverage.providers).toContain('apple');
    const codes = coverage.timeseries.flatMap(({ metrics }) => metrics.map(({ code }) => code));
    expect(codes).toContain('heart_rate');
    expect(new Set(codes).size).toBe(codes.length);
  });
});
