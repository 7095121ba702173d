/**
 * Many open streams of sync events on one API process: its memory and database connections, and how long after the
 * commit an event arrives. `npm run bench -- sse [--streams 1000] [--users 1000] [--rate 100] [--seconds 10]`
 */
import { randomUUID } from 'node:crypto';
import { Agent, get, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { newRunId, SyncRuns } from '#libs/sync';
import { startPlatform, type BenchPlatform } from './bench-platform.js';
import { peakResidentBytes, residentBytes } from './process-usage.js';

const { values } = parseArgs({
  options: {
    streams: { type: 'string', default: '1000' },
    users: { type: 'string', default: '1000' },
    rate: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '10' },
  },
});
const [streams, users, rate, seconds] = [values.streams, values.users, values.rate, values.seconds].map(Number) as [
  number,
  number,
  number,
  number,
];
const OPENED_AT_ONCE = 50;
const MIB = 1024 * 1024;

const writtenAt = new Map<string, number>();
const delaysMs: number[] = [];

const platform = await startPlatform({ settings: { LOG_LEVEL: 'error' } });
try {
  await measure(platform);
} finally {
  await platform.close();
}

async function measure({ db, url, apiKey, pids }: BenchPlatform): Promise<void> {
  const ids = Array.from({ length: users }, () => randomUUID());
  await db.query('INSERT INTO users (id) SELECT unnest($1::uuid[])', [ids]);
  const before = residentBytes(pids.api);
  const agent = new Agent({ maxSockets: Infinity });
  const open: IncomingMessage[] = [];
  const startedMs = performance.now();
  while (open.length < streams) {
    const batch = Array.from({ length: Math.min(OPENED_AT_ONCE, streams - open.length) }, (_, n) =>
      follow(agent, `${url}/api/v1/users/${ids[(open.length + n) % users]}/sync/stream`, apiKey),
    );
    open.push(...(await Promise.all(batch)));
  }
  const openedMs = performance.now() - startedMs;
  await pause(2_000);
  const after = residentBytes(pids.api);
  // What opening them left behind is collected when the process comes to rest.
  await pause(30_000);
  const rested = residentBytes(pids.api);
  const connections = await db.query<{ name: string; state: string; n: number }>(
    `SELECT application_name AS name, state, count(*) AS n FROM pg_stat_activity
     WHERE datname = current_database() AND application_name IN ('api', 'listener') GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  await write(new SyncRuns(db), ids);
  await pause(2_000);
  report({ openedMs, before, after, rested, peak: peakResidentBytes(pids.api), connections });
  for (const stream of open) stream.destroy();
}

function follow(agent: Agent, url: string, apiKey: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers: { 'X-API-Key': apiKey } }, (response) => {
      response.setEncoding('utf8').on('data', (text: string) => arrived(text));
      response.on('error', () => undefined);
      if (response.statusCode === 200) resolve(response);
      else reject(new Error(`answered ${response.statusCode}`));
    });
    request.once('error', reject);
  });
}

function arrived(text: string): void {
  for (const [, runId] of text.matchAll(/"run_id":"(\w+)"/g)) {
    const at = writtenAt.get(runId!);
    if (at !== undefined) delaysMs.push(performance.now() - at);
  }
}

async function write(runs: SyncRuns, ids: readonly string[]): Promise<void> {
  const startMs = performance.now();
  for (let n = 0; n < rate * seconds; n++) {
    const waitMs = startMs + (n * 1_000) / rate - performance.now();
    if (waitMs > 0) await pause(waitMs);
    const runId = newRunId('run');
    await runs.start({ runId, userId: ids[n % ids.length]!, provider: 'oura', source: 'pull', message: 'bench' });
    writtenAt.set(runId, performance.now());
  }
}

interface Measured {
  readonly openedMs: number;
  readonly before: number;
  readonly after: number;
  readonly rested: number;
  readonly peak: number;
  readonly connections: readonly { name: string; state: string; n: number }[];
}

function report({ openedMs, before, after, rested, peak, connections }: Measured): void {
  delaysMs.sort((a, b) => a - b);
  const at = (share: number): string => `${(delaysMs[Math.floor(delaysMs.length * share)] ?? NaN).toFixed(1)} ms`;
  const mib = (bytes: number): string => `${(bytes / MIB).toFixed(0)} MiB`;
  console.table({
    'open streams': streams,
    'opened in': `${(openedMs / 1_000).toFixed(1)} s`,
    'resident before': mib(before),
    'resident with all open': mib(after),
    'half a minute later': mib(rested),
    'resident at most': mib(peak),
    'per stream': `${((rested - before) / streams / 1024).toFixed(1)} KiB`,
    'events written': writtenAt.size,
    'events received': delaysMs.length,
    'commit to reader, p50': at(0.5),
    'commit to reader, p95': at(0.95),
    'commit to reader, p99': at(0.99),
  });
  console.log('connections of the API with all streams open:');
  console.table(connections);
}
