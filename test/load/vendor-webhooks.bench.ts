/**
 * How fast vendors' deliveries are answered, how soon what they announce can be read, and how many connections are
 * pulled per minute. With a limit the vendor answers 429 beyond it, and the platform must never hear that.
 * `npm run bench -- vendor-webhooks [--connections 200] [--deliveries 500] [--rate 50] [--days 7] [--limit 100/3]`
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startPlatform } from './bench-platform.js';
import { BenchVendor } from './bench-vendor.js';
import { cpuSeconds, familyCpuSeconds } from './process-usage.js';

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    connections: { type: 'string', default: '200' },
    deliveries: { type: 'string', default: '500' },
    rate: { type: 'string', default: '50' },
    days: { type: 'string', default: '7' },
    limit: { type: 'string' },
    'profile-dir': { type: 'string' },
  },
});
const count = { connections: Number(values.connections), deliveries: Number(values.deliveries) };

const [calls, perSeconds] = (values.limit ?? '').split('/').map(Number);
const vendor = await BenchVendor.start(calls && perSeconds ? { calls, perSeconds } : null);
const platform = await startPlatform({
  settings: { ...vendor.settings, OAUTH_REDIRECT_ALLOWLIST: '[]' },
  profileDir: values['profile-dir'],
});
try {
  await connectAll();
  vendor.isLimited = values.limit !== undefined;
  await measurePulls();
  if (count.deliveries > 0) await measureDeliveries();
  if (vendor.refused > 0) process.exitCode = 1;
} finally {
  await platform.close();
  await vendor.stop();
}

async function connectAll(): Promise<void> {
  for (let person = 1; person <= count.connections; person++) {
    const headers = { 'X-Open-Wearables-API-Key': platform.apiKey, 'Content-Type': 'application/json' };
    const created = await fetch(`${platform.url}/api/v1/users`, { method: 'POST', headers, body: '{}' });
    const { id } = (await created.json()) as { id: string };
    const begun = await fetch(`${platform.url}/api/v1/oauth/whoop/authorize?user_id=${id}`);
    const { state } = (await begun.json()) as { state: string };
    const done = await fetch(`${platform.url}/api/v1/oauth/whoop/callback?code=${person}&state=${state}`, {
      redirect: 'manual',
    });
    if (!done.headers.get('location')?.includes('success')) throw new Error('The login failed');
  }
}

async function measurePulls(): Promise<void> {
  const { db } = platform;
  await db.query(`UPDATE connection_sync SET live_from = now() - $1 * interval '1 day'`, [Number(values.days)]);
  const before = vendor.calls;
  const began = performance.now();
  await db.query('UPDATE connection_sync SET next_pull_at = now()');
  for (;;) {
    const [row] = await db.query<{ done: number }>(`SELECT count(*) AS done FROM pull_run WHERE state = 'done'`);
    if ((row?.done ?? 0) >= count.connections) break;
    await pause(100);
  }
  const minutes = (performance.now() - began) / 60_000;
  const [held] = await db.query<{ points: number; events: number }>(
    'SELECT (SELECT sum(point_count)::int FROM stream) AS points, (SELECT count(*) FROM event) AS events',
  );
  console.log(
    `${count.connections} connections, ${values.days} days each: ${Math.round(count.connections / minutes)} runs/min ` +
      `(${vendor.calls - before} vendor calls, ${vendor.refused} answered 429, ${held?.points} points, ${held?.events} events)`,
  );
}

async function measureDeliveries(): Promise<void> {
  const answered: number[] = [];
  const sentAt = new Map<string, number>();
  const pending: Promise<void>[] = [];
  const before = usage();
  for (let index = 0; index < count.deliveries; index++) {
    const id = randomUUID();
    const body = JSON.stringify({ user_id: 1 + (index % count.connections), id, type: 'workout.updated' });
    pending.push(deliver(id, body, answered, sentAt));
    await pause(1000 / Number(values.rate));
  }
  await Promise.all(pending);
  const readable = await readableAfter(sentAt);
  const used = usage().map((seconds, at) => (((seconds - before[at]!) * 1000) / count.deliveries).toFixed(1));
  console.log(
    `processor ms per delivery: API ${used[0]}, worker ${used[1]}, PostgreSQL ${used[2]}, this program ${used[3]}`,
  );
  console.log(`webhook in -> 200: ${told(answered)}`);
  console.log(`webhook in -> readable: ${told(readable)}`);
}

/** Processor seconds used so far. */
function usage(): number[] {
  const { api, worker, postgres } = platform.pids;
  return [cpuSeconds(api), cpuSeconds(worker), familyCpuSeconds(postgres), cpuSeconds(process.pid)];
}

async function deliver(id: string, body: string, answered: number[], sentAt: Map<string, number>): Promise<void> {
  const headers = { 'Content-Type': 'application/json', ...vendor.sign(body) };
  const began = performance.now();
  sentAt.set(id, Date.now());
  const answer = await fetch(`${platform.url}/api/v1/providers/whoop/webhooks`, { method: 'POST', headers, body });
  await answer.arrayBuffer();
  if (answer.status !== 200) throw new Error(`The delivery was answered ${answer.status}`);
  answered.push(performance.now() - began);
}

/** Milliseconds from sending a delivery to the commit that stored the workout it announced. */
async function readableAfter(sentAt: ReadonlyMap<string, number>): Promise<number[]> {
  for (;;) {
    const rows = await platform.db.query<{ external_id: string; at: number }>(
      `SELECT external_id, extract(epoch FROM created_at)::float8 * 1000 AS at FROM event
       WHERE external_id = ANY ($1::text[])`,
      [[...sentAt.keys()]],
    );
    if (rows.length === sentAt.size) return rows.map(({ external_id, at }) => at - (sentAt.get(external_id) ?? 0));
    await pause(100);
  }
}

function told(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms of ${times.length}`;
}
