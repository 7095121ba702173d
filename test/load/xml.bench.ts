/**
 * `npm run bench -- xml [--mb 300] [--file export.xml] [--once] [--profile dir]`: imports a generated Apple Health export
 * through the API, then the same file again. Rates are over the time of the import alone, upload apart.
 */
import { spawnSync } from 'node:child_process';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { startPlatform, type BenchPlatform } from './bench-platform.js';
import { cpuSeconds, familyCpuSeconds, peakResidentBytes } from './process-usage.js';

const TARGET_RATE = 45_000;
const MIB = 1024 * 1024;
const STEP_MS = 500;

interface Task {
  readonly state: string;
  readonly error: string | null;
  readonly result: Readonly<Record<'read' | 'stored' | 'updated' | 'unchanged' | 'skipped', number>> | null;
}

interface Usage {
  readonly seconds: number;
  readonly cpu: { readonly worker: number; readonly postgres: number };
  /** Resident memory of the worker over the run, in MiB. */
  readonly resident: readonly number[];
}

async function residentMib(pid: number): Promise<number> {
  const match = /^VmRSS:\s+(\d+) kB/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'));
  return Math.round(Number(match?.[1] ?? 0) / 1024);
}

async function upload(platform: BenchPlatform, userId: string, file: string): Promise<string> {
  const sending = request(`${platform.url}/api/v1/users/${userId}/import/apple/xml/direct`, {
    method: 'POST',
    headers: {
      'X-Open-Wearables-API-Key': platform.apiKey,
      'Content-Type': 'application/xml',
      'Content-Length': statSync(file).size,
    },
  });
  const answered = new Promise<string>((resolve, reject) => {
    sending.on('error', reject);
    sending.on('response', (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve(text));
    });
  });
  await pipeline(createReadStream(file), sending);
  const { task_id: taskId } = JSON.parse(await answered) as { task_id: string };
  return taskId;
}

async function wait(platform: BenchPlatform, taskId: string, resident: number[]): Promise<Task> {
  for (;;) {
    const [task] = await platform.db.query<Task & { id: string }>(
      'SELECT state, error, result FROM task WHERE id = $1',
      [taskId],
    );
    if (task && !['queued', 'running'].includes(task.state)) return task;
    resident.push(await residentMib(platform.pids.worker));
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
}

async function runOnce(platform: BenchPlatform, userId: string, file: string, name: string): Promise<void> {
  const begun = performance.now();
  const taskId = await upload(platform, userId, file);
  const uploaded = (performance.now() - begun) / 1000;
  const before = { worker: cpuSeconds(platform.pids.worker), postgres: familyCpuSeconds(platform.pids.postgres) };
  const resident: number[] = [];
  const task = await wait(platform, taskId, resident);
  if (task.result === null) throw new Error(task.error ?? task.state);
  const [{ seconds }] = (await platform.db.query<{ seconds: number }>(
    `SELECT extract(epoch FROM ended_at - started_at)::float8 AS seconds FROM sync_run
     WHERE run_id = (SELECT run_id FROM task WHERE id = $1)`,
    [taskId],
  )) as [{ seconds: number }];
  report(name, uploaded, task.result, {
    seconds,
    cpu: {
      worker: cpuSeconds(platform.pids.worker) - before.worker,
      postgres: familyCpuSeconds(platform.pids.postgres) - before.postgres,
    },
    resident,
  });
}

function report(name: string, uploaded: number, result: NonNullable<Task['result']>, usage: Usage): void {
  const { seconds, cpu, resident } = usage;
  const rate = Math.round(result.read / seconds);
  const mostIn = (tenth: number): number =>
    Math.max(
      0,
      ...resident.slice(Math.floor((tenth * resident.length) / 10), Math.ceil(((tenth + 1) * resident.length) / 10)),
    );
  console.log(
    `${name}: ${result.read} records in ${seconds.toFixed(1)} s = ${rate} records/s (target ${TARGET_RATE}), ` +
      `upload ${uploaded.toFixed(1)} s; stored ${result.stored}, updated ${result.updated}, ` +
      `unchanged ${result.unchanged}, skipped ${result.skipped}`,
  );
  console.log(
    `${name}: processor seconds: worker ${cpu.worker.toFixed(1)}, PostgreSQL ${cpu.postgres.toFixed(1)}; ` +
      `worker resident at most in each tenth of the run: ${Array.from({ length: 10 }, (_, n) => mostIn(n)).join(', ')} MiB`,
  );
}

const { values: flags } = parseArgs({
  args: process.argv.slice(2),
  options: {
    mb: { type: 'string', default: '300' },
    file: { type: 'string' },
    once: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
});
const scratch = await mkdtemp(join(tmpdir(), 'xml-bench-'));
const file = flags.file ?? join(scratch, 'export.xml');
if (!existsSync(file)) {
  spawnSync(process.execPath, ['test/load/generate-apple-xml.mjs', '--mb', flags.mb, '--out', file], {
    stdio: 'inherit',
  });
}
console.log(`${(statSync(file).size / MIB).toFixed(0)} MiB`);
const platform = await startPlatform({
  settings: { IMPORT_MAX_BYTES: String(16 * 1024 * MIB) },
  profileDir: flags.profile,
});
try {
  const userId = (
    await platform.db.query<{ id: string }>('INSERT INTO users (id) VALUES (gen_random_uuid()) RETURNING id')
  )[0]!.id;
  await runOnce(platform, userId, file, 'first import');
  if (!flags.once) await runOnce(platform, userId, file, 'same file again');
  console.log(`worker resident at its peak: ${Math.round(peakResidentBytes(platform.pids.worker) / MIB)} MiB`);
} finally {
  await platform.close();
  await rm(scratch, { recursive: true, force: true });
}
