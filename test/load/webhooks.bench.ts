/**
 * Webhooks from stored data to a receiver on this machine, delivered by a worker process of its own: how many a second,
 * how soon, and how soon while 10,000 dead endpoints have a backlog.
 * Flags: --deliveries 10000, --events 1000 (for each measurement of time, 100 a second), --dead 10000.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { cpus, loadavg } from 'node:os';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { UserRef } from '#libs/database';
import { HealthWriter } from '#libs/ingest';
import type { HealthBatch, Instant } from '#libs/model';
import { startPlatform, type BenchPlatform } from './bench-platform.js';
import { cpuSeconds, familyCpuSeconds } from './process-usage.js';

const { values: flags } = parseArgs({
  options: {
    deliveries: { type: 'string', default: '10000' },
    events: { type: 'string', default: '1000' },
    dead: { type: 'string', default: '10000' },
    'profile-dir': { type: 'string' },
  },
});
const DELIVERIES = Number(flags.deliveries);
const EVENTS = Number(flags.events);
const DEAD = Number(flags.dead);
const EVERY_MS = 10;
const BACKLOG_EACH = 5;

/** Takes everything, and says when what arrived; `/hang` never answers. */
class BenchSink {
  count = 0;
  readonly arrivals = new Map<string, number>();
  private server!: Server;

  async open(): Promise<void> {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (request.url === '/hang') return;
        this.count++;
        const timestamp = /"timestamp":"([^"]+)"/.exec(Buffer.concat(chunks).toString())?.[1];
        if (timestamp !== undefined) this.arrivals.set(timestamp, performance.now());
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', 4096, resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

async function call(platform: BenchPlatform, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${platform.url}/api/v1/webhooks${path}`, {
    method,
    headers: { 'X-API-Key': platform.apiKey, 'Content-Type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
  return response.status === 204 ? null : response.json();
}

const createEndpoint = async (platform: BenchPlatform, url: string, types: string[]): Promise<string> =>
  ((await call(platform, 'POST', '/endpoints', { url, filter_types: types })) as { id: string }).id;

/** Deliveries a second, from the moment the announcements are stored until the last one is taken. */
async function throughput(platform: BenchPlatform, sink: BenchSink, user: UserRef): Promise<void> {
  const id = await createEndpoint(platform, `${sink.url}/many`, ['connection.created']);
  const usage = () => ({
    worker: cpuSeconds(platform.pids.worker),
    postgres: familyCpuSeconds(platform.pids.postgres),
  });
  const before = usage();
  const started = performance.now();
  await platform.db.query(
    `INSERT INTO outbox (user_key, kind, payload)
     SELECT $1, 'connection.created', jsonb_build_object('provider', 'oura', 'connection_id', gen_random_uuid(),
       'connected_at', to_char(now() + n * interval '1 second', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
     FROM generate_series(1, $2::integer) AS n`,
    [user.key, DELIVERIES],
  );
  while (sink.count < DELIVERIES) await pause(10);
  const seconds = (performance.now() - started) / 1000;
  const after = usage();
  const perDelivery = (from: number, to: number): string => `${(((to - from) / DELIVERIES) * 1000).toFixed(2)} ms`;
  console.log(`${DELIVERIES} deliveries to one endpoint: ${Math.round(DELIVERIES / seconds)} a second`);
  console.log(
    `  processor per delivery: worker ${perDelivery(before.worker, after.worker)}, ` +
      `PostgreSQL ${perDelivery(before.postgres, after.postgres)}`,
  );
  await call(platform, 'DELETE', `/endpoints/${id}`);
}

const batchAt = (recordedAt: Instant): HealthBatch => ({
  provider: 'apple',
  sources: [{ source: 'bench', deviceModel: null, deviceType: null, softwareVersion: null, originalSourceName: null }],
  points: [
    {
      sourceIndex: 0,
      series: 'heart_rate',
      recordedAt,
      endedAt: null,
      value: 60,
      isDailyTotal: false,
      externalId: null,
      zoneOffset: null,
      origin: { collection: 'records', index: 0 },
    },
  ],
  workouts: [],
  sleepSegments: [],
  sleepSessions: [],
  cycles: [],
  scores: [],
  activities: [],
});

/** Milliseconds from stored to taken at 100 events a second. */
async function delay(
  platform: BenchPlatform,
  sink: BenchSink,
  user: UserRef,
  base: number,
  name: string,
  meanwhile: () => Promise<void> = async () => undefined,
): Promise<void> {
  const id = await createEndpoint(platform, `${sink.url}/live`, ['series.heart_rate.created']);
  const writer = new HealthWriter();
  const stored = new Map<string, number>();
  const writes: Promise<void>[] = [];
  sink.arrivals.clear();
  for (let n = -50; n < EVENTS; n++) {
    const at = base + (n + 50) * 1000;
    const write = writer.write(platform.db, user, batchAt(at * 1000)).then(() => {
      // The first ones only warm everything up.
      if (n >= 0) stored.set(new Date(at).toISOString().replace('.000Z', '+00:00'), performance.now());
    });
    writes.push(write);
    if (n === -1) {
      await Promise.all(writes);
      while (sink.arrivals.size < writes.length) await pause(10);
      await meanwhile();
    }
    await Promise.all([pause(EVERY_MS), writes.length % 20 === 0 ? write : undefined]);
  }
  await Promise.all(writes);
  const end = performance.now() + 60_000;
  const isThere = (timestamp: string): boolean => sink.arrivals.has(timestamp);
  while (![...stored.keys()].every(isThere) && performance.now() < end) await pause(10);
  const delays = [...stored].map(([timestamp, since]) => (sink.arrivals.get(timestamp) ?? Infinity) - since);
  delays.sort((a, b) => a - b);
  const percentile = (share: number): string => `${Math.round(delays[Math.floor(delays.length * share)]!)} ms`;
  console.log(
    `${name}: ${EVENTS} events at 100 a second, stored to delivered p50 ${percentile(0.5)}, p95 ${percentile(0.95)}`,
  );
  await call(platform, 'DELETE', `/endpoints/${id}`);
}

/** Endpoints that refuse or never answer and are known for it, each with deliveries that are due. */
async function addDeadEndpoints(platform: BenchPlatform, sink: BenchSink): Promise<void> {
  const model = await createEndpoint(platform, `${sink.url}/hang`, ['sync.failed']);
  const developer = randomUUID();
  await platform.db.query(
    `INSERT INTO developer (id, email, password_hash) VALUES ($1::uuid, 'bench@example.com', '')`,
    [developer],
  );
  await platform.db.query(
    `INSERT INTO webhook_endpoint (id, developer_id, url, description, filter_types, consecutive_failures, failing_since)
     SELECT 'ep_dead' || lpad(n::text, 20, '0'), $3, CASE WHEN n % 2 = 0 THEN $1 ELSE 'http://127.0.0.1:9/' END, '',
       ARRAY['sync.failed'], 20, now() - interval '1 hour'
     FROM generate_series(1, $2::integer) AS n`,
    [`${sink.url}/hang`, DEAD, developer],
  );
  await platform.db.query(
    `INSERT INTO webhook_secret (endpoint_id, sealed)
     SELECT e.id, s.sealed FROM webhook_endpoint e, webhook_secret s WHERE s.endpoint_id = $1 AND e.id LIKE 'ep_dead%'`,
    [model],
  );
  await platform.db.query(
    `WITH content AS (
       INSERT INTO webhook_content (data) VALUES ('{}') RETURNING id
     ), messages AS (
       INSERT INTO webhook_message (id, event_type, event_id, content_id, created_at)
       SELECT 'msg_dead' || n, 'sync.failed', 'dead.' || n, content.id, now()
       FROM content, generate_series(1, $1::integer) AS n
       RETURNING id
     )
     INSERT INTO webhook_delivery (message_id, endpoint_id, lane)
     SELECT m.id, e.id, 1 FROM messages m, webhook_endpoint e WHERE e.id LIKE 'ep_dead%'`,
    [BACKLOG_EACH],
  );
}

/** As if they had worked until now. */
async function forgetFailures(platform: BenchPlatform): Promise<void> {
  await platform.db.query(
    `UPDATE webhook_endpoint SET consecutive_failures = 0, failing_since = NULL WHERE id LIKE 'ep_dead%'`,
  );
  await platform.db.query(
    `UPDATE webhook_delivery SET lane = 0, attempts = 0, next_attempt_at = now() WHERE endpoint_id LIKE 'ep_dead%'`,
  );
}

const attemptsAtTheDead = async (platform: BenchPlatform): Promise<number> =>
  (
    await platform.db.query<{ count: number }>(
      `SELECT count(*) AS count FROM webhook_attempt WHERE endpoint_id LIKE 'ep_dead%'`,
    )
  )[0]!.count;

const platform = await startPlatform({
  settings: { OUTGOING_WEBHOOKS_ENABLED: 'true' },
  profileDir: flags['profile-dir'],
});
const sink = new BenchSink();
try {
  await sink.open();
  console.log(`${cpus().length} x ${cpus()[0]?.model}, load ${loadavg()[0]?.toFixed(1)}`);
  const id = randomUUID();
  const [user] = await platform.db.query<{ id: string; key: number }>(
    'INSERT INTO users (id) VALUES ($1) RETURNING id, key',
    [id],
  );
  await throughput(platform, sink, user!);
  await delay(platform, sink, user!, Date.UTC(2026, 0, 1), 'Alone');
  await addDeadEndpoints(platform, sink);
  const many = `${DEAD} dead endpoints with ${DEAD * BACKLOG_EACH} deliveries`;
  await delay(platform, sink, user!, Date.UTC(2026, 1, 1), `Beside ${many}`);
  const before = await attemptsAtTheDead(platform);
  await delay(platform, sink, user!, Date.UTC(2026, 2, 1), `While as many die`, () => forgetFailures(platform));
  console.log(`  attempts at dead endpoints: ${before}, then ${(await attemptsAtTheDead(platform)) - before}`);
} finally {
  sink.close();
  await platform.close();
}
process.exit(0);
