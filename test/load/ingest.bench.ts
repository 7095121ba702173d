/**
 * From a phone's POST to data that can be read: heart rate of some users, uploaded over HTTP to an API process, stored
 * by a worker process, in an embedded PostgreSQL with its default settings.
 * Flags: --records 1000000 (in all), --users 10, --per-upload 5000, --gzip, --profile-dir <directory>, --node-options <text>.
 */
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { cpus, loadavg, totalmem } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { startPlatform, type BenchPlatform } from './bench-platform.js';
import { heartRateUploads } from './heart-rate-uploads.js';
import { cpuSeconds, familyBytes, familyCpuSeconds, peakResidentBytes } from './process-usage.js';

const { values: flags } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    users: { type: 'string', default: '10' },
    'per-upload': { type: 'string', default: '5000' },
    gzip: { type: 'boolean', default: false },
    'profile-dir': { type: 'string' },
    'node-options': { type: 'string', default: '' },
  },
});
const USERS = Number(flags.users);
const RECORDS_PER_USER = Math.floor(Number(flags.records) / USERS);
const RECORDS = RECORDS_PER_USER * USERS;
const PER_UPLOAD = Number(flags['per-upload']);
const MIB = 1024 * 1024;

interface BenchUser {
  readonly id: string;
  readonly bodies: readonly Buffer[];
}

async function prepareUsers(platform: BenchPlatform): Promise<BenchUser[]> {
  const users: BenchUser[] = [];
  for (let user = 0; user < USERS; user++) {
    const id = randomUUID();
    await platform.db.query('INSERT INTO users (id) VALUES ($1)', [id]);
    const plan = { records: RECORDS_PER_USER, recordsPerUpload: PER_UPLOAD, now: Date.now(), user };
    const bodies = [...heartRateUploads(plan)];
    const packed = flags.gzip ? await Promise.all(bodies.map((body) => promisify(gzip)(body))) : bodies;
    users.push({ id, bodies: packed });
  }
  return users;
}

const agent = new Agent({ keepAlive: true, maxSockets: USERS });

/** Milliseconds until the answer was read. A busy API is asked again, as the phones do. */
async function upload(platform: BenchPlatform, userId: string, body: Buffer): Promise<number> {
  const started = performance.now();
  for (;;) {
    const status = await post(`${platform.url}/api/v1/sdk/users/${userId}/sync`, platform.apiKey, body);
    if (status === 202) return performance.now() - started;
    if (status !== 429) throw new Error(`Upload answered ${status}`);
    await pause(500);
  }
}

function post(url: string, apiKey: string, body: Buffer): Promise<number | undefined> {
  const encoding = flags.gzip ? { 'Content-Encoding': 'gzip' } : {};
  const headers = {
    'X-API-Key': apiKey,
    'Content-Type': 'application/json',
    'Content-Length': body.length,
    ...encoding,
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

async function untilStored(platform: BenchPlatform): Promise<void> {
  for (;;) {
    const [row] = await platform.db.query<{ pending: boolean }>(
      `SELECT EXISTS (SELECT FROM inbox WHERE state = 'pending') AS pending`,
    );
    if (!row!.pending) return;
    await pause(25);
  }
}

/** Reads every user's total through the API, and fails unless all of it is there. */
async function verify(platform: BenchPlatform, users: readonly BenchUser[]): Promise<void> {
  for (const { id } of users) {
    const query = 'types=heart_rate&start_time=2000-01-01T00:00:00Z&end_time=2100-01-01T00:00:00Z&limit=1';
    const response = await fetch(`${platform.url}/api/v1/users/${id}/timeseries?${query}`, {
      headers: { 'X-API-Key': platform.apiKey },
    });
    const page = (await response.json()) as { pagination?: { total_count: number } };
    if (page.pagination?.total_count !== RECORDS_PER_USER) throw new Error(`User ${id}: ${JSON.stringify(page)}`);
  }
  const [task] = await platform.db.query<{ bad: number }>(
    `SELECT count(*) AS bad FROM task WHERE state <> 'succeeded'`,
  );
  if (task!.bad > 0) throw new Error(`${task!.bad} tasks did not succeed`);
}

interface Watch {
  readonly postgresPeak: () => number;
  stop(): void;
}

function watchMemory({ postgres }: BenchPlatform['pids']): Watch {
  let peak = 0;
  const look = (): void => {
    peak = Math.max(peak, familyBytes(postgres));
  };
  const timer = setInterval(look, 1000);
  return { postgresPeak: () => peak, stop: () => clearInterval(timer) };
}

const cpuOf = ({ api, worker, postgres }: BenchPlatform['pids']): Record<string, number> => ({
  api: cpuSeconds(api),
  worker: cpuSeconds(worker),
  postgres: familyCpuSeconds(postgres),
  client: process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6,
});

async function run(platform: BenchPlatform): Promise<void> {
  const users = await prepareUsers(platform);
  const bytes = users.flatMap(({ bodies }) => bodies).reduce((sum, body) => sum + body.length, 0);
  const uploads = users.reduce((sum, { bodies }) => sum + bodies.length, 0);
  console.log(
    `dataset: ${RECORDS.toLocaleString('en')} heart-rate records of ${USERS} users, 5 s apart, in ${uploads} uploads of ` +
      `${PER_UPLOAD} (${(bytes / MIB).toFixed(0)} MiB${flags.gzip ? ' gzip' : ''}, ${USERS} phones at once)`,
  );
  const memory = watchMemory(platform.pids);
  const before = cpuOf(platform.pids);
  const started = performance.now();
  const latencies = await Promise.all(
    users.map(async ({ id, bodies }) => {
      const times: number[] = [];
      for (const body of bodies) times.push(await upload(platform, id, body));
      return times;
    }),
  );
  const acceptedSeconds = (performance.now() - started) / 1000;
  await untilStored(platform);
  const seconds = (performance.now() - started) / 1000;
  const after = cpuOf(platform.pids);
  memory.stop();
  await verify(platform, users);
  report({ seconds, acceptedSeconds, latencies: latencies.flat(), before, after });
  const { api, worker } = platform.pids;
  const peaks = { api: peakResidentBytes(api), worker: peakResidentBytes(worker), postgres: memory.postgresPeak() };
  console.log(`peak memory: ${list(peaks, (value) => `${(value / MIB).toFixed(0)} MiB`)}`);
  await reportStorage(platform);
}

interface Run {
  readonly seconds: number;
  readonly acceptedSeconds: number;
  readonly latencies: number[];
  readonly before: Record<string, number>;
  readonly after: Record<string, number>;
}

function report({ seconds, acceptedSeconds, latencies, before, after }: Run): void {
  latencies.sort((a, b) => a - b);
  const at = (share: number): string => latencies[Math.floor((latencies.length - 1) * share)]!.toFixed(0);
  const used = Object.fromEntries(Object.keys(after).map((name) => [name, after[name]! - before[name]!]));
  console.log(
    `stored and readable: ${Math.round(RECORDS / seconds).toLocaleString('en')} points/s (${seconds.toFixed(1)} s)`,
  );
  console.log(
    `accepted: all after ${acceptedSeconds.toFixed(1)} s, p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${at(1)} ms`,
  );
  console.log(
    `processor: ${list(used, (value) => `${value.toFixed(1)} s (${((value / RECORDS) * 1e6).toFixed(1)} µs/point)`)}`,
  );
}

async function reportStorage(platform: BenchPlatform): Promise<void> {
  await platform.db.query('VACUUM');
  const [size] = await platform.db.query<{ points: number; all: number }>(
    `SELECT sum(pg_total_relation_size(inhrelid)) AS points,
       sum(pg_total_relation_size(inhrelid)) + pg_total_relation_size('stream_day') + pg_total_relation_size('rollup')
         + pg_total_relation_size('outbox') + pg_total_relation_size('inbox') AS all
     FROM pg_inherits WHERE inhparent = 'point'::regclass`,
  );
  const perPoint = (value: number): string => (value / RECORDS).toFixed(1);
  console.log(
    `storage: ${perPoint(size!.points)} bytes per point with indexes, ` +
      `${perPoint(size!.all)} with day counts, rollups, outbox and what is left of the inbox`,
  );
}

const list = (values: Record<string, number>, show: (value: number) => string): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${show(value)}`)
    .join(', ');

async function describeMachine({ db }: BenchPlatform): Promise<void> {
  const [server] = await db.query<{ version: string }>('SELECT version()');
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = Math.round(totalmem() / 1024 ** 3);
  console.log(`machine: ${cpus().length} x ${model}, ${memory} GiB, load ${loadavg()[0]!.toFixed(1)} before the run`);
  console.log(`versions: Node ${process.version}, ${server!.version.split(',')[0]}`);
}

const platform = await startPlatform({
  profileDir: flags['profile-dir'],
  settings: { NODE_OPTIONS: flags['node-options'] },
});
try {
  await describeMachine(platform);
  await run(platform);
} finally {
  agent.destroy();
  await platform.close();
}
