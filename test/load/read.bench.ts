import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { connectionOptions, Database, migrate } from '#libs/database';
import { EmbeddedDatabase } from '#libs/embedded-postgres';
import { parseQueryInstant, type SeriesCode, seriesTypeByCode } from '#libs/model';
import { encodeCursor, TimeseriesReader } from '#libs/read';
import { SEED_END, SEED_START } from './read-seed-plan.js';
import { cpuSecondsOrNone } from './process-usage.js';
import { type ReadSeed, readSeed } from './read-seed.js';
import { summaryCases } from './read-summaries.js';

const POINTS = 30_000_000;
const LIMIT = 100;
const DEEP_PAGE = 10_000;
const ROUNDS = 300;
const WARM_UP = 30;
const TARGET_MS = 10;
/** Sorts behind every stream of the instant, so that a page starts at the next one. */
const BEHIND_ALL = '00000000-0000-4000-8000-00007fffffff';

const TYPES: readonly [string, readonly SeriesCode[] | null][] = [
  ['one type', ['heart_rate']],
  ['five types', ['heart_rate', 'steps', 'energy', 'distance_walking_running', 'oxygen_saturation']],
  ['all types', null],
];

/** The whole of the data, and half of it cut inside of a day at both ends, where no counter alone gives the total. */
const RANGES: readonly [string, string, string][] = [
  ['all five years', SEED_START, SEED_END],
  ['cut range', '2021-03-17T10:07:11Z', '2023-10-09T15:41:59Z'],
];

interface Measured {
  readonly name: string;
  readonly p50: number;
  readonly p95: number;
}

/**
 * Summaries, aggregation and dashboard, and pages of 100 samples at the first page and at page 10,000, for one, five and
 * all types, of a user with five years among 2,000 with 30 million samples.
 * `--url postgres://...` uses that database (empty, or seeded by an earlier run), otherwise a server is started in
 * `--data-dir` or a temporary directory. `--points 3000000` seeds less: fewer users, fewer samples a day.
 * `--only summaries` leaves the pages out and `--only pages` the summaries.
 * `--api http://host:port --key sk-...` measures the same pages through an API on that database.
 */
async function run(args: string[]): Promise<void> {
  const option = (name: string): string | undefined => args[args.indexOf(`--${name}`) + 1 || args.length];
  const url = option('url');
  const temporary = url || option('data-dir') ? null : await mkdtemp(join(tmpdir(), 'read-bench-'));
  const server = url
    ? null
    : new EmbeddedDatabase({ dataDir: option('data-dir') ?? temporary!, onLog: () => undefined });
  try {
    const address = url ?? (await server!.start());
    await migrate(address);
    const settings = { url: address, poolSize: 5, applicationName: 'read-bench', statementSeconds: 3600 };
    const dataSource = await new DataSource(connectionOptions(settings)).initialize();
    try {
      const db = new Database(dataSource);
      const seed = await readSeed(db, Number(option('points') ?? POINTS), (line) => console.log(line));
      await describeSetting(db, seed);
      if (option('only') !== 'pages') await measureSummaries(db, seed);
      if (option('only') !== 'summaries') await measurePages(db, seed, option('api'), option('key'));
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await server?.stop();
    if (temporary) await rm(temporary, { recursive: true, force: true });
  }
}

async function measureSummaries(db: Database, seed: ReadSeed): Promise<void> {
  for (const { name, targetMs, items, ask } of await summaryCases(db, seed.heavy, SEED_START, SEED_END)) {
    const { p95 } = await timed(db, name, ask, items);
    if (p95 >= targetMs) console.log(`  not below ${targetMs} ms at p95`);
  }
}

async function measurePages(db: Database, seed: ReadSeed, api?: string, key?: string): Promise<void> {
  const reader = new TimeseriesReader(db);
  const ways: [string, Ask][] = [
    ['reader', (page) => readPage(reader, seed, page)],
    ['reader, total counted anew', (page) => readPage(new TimeseriesReader(db), seed, page)],
  ];
  if (api) ways.push(['HTTP', (page) => fetchPage(api, key ?? '', seed, page)]);
  const results: Measured[] = [];
  for (const [rangeName, start, end] of RANGES) {
    for (const [typesName, types] of TYPES) {
      const places: [string, readonly (string | null)[]][] = [
        ['page 1', [null]],
        [`page ${DEEP_PAGE}`, await deepCursors(db, seed, types, start)],
      ];
      for (const [way, ask] of ways) {
        for (const [place, cursors] of places) {
          const name = `${way}, ${rangeName}, ${typesName}, ${place}`;
          results.push(await timed(db, name, (n) => ask({ start, end, types, cursor: cursors[n % cursors.length]! })));
        }
      }
    }
  }
  const slow = results.filter(({ p95 }) => p95 >= TARGET_MS);
  console.log(
    slow.length === 0 ? `all below ${TARGET_MS} ms at p95` : `${slow.length} not below ${TARGET_MS} ms at p95`,
  );
}

interface Page {
  readonly start: string;
  readonly end: string;
  readonly types: readonly SeriesCode[] | null;
  readonly cursor: string | null;
}

/** Fetches one page and answers how many items it had. */
type Ask = (page: Page) => Promise<number>;

async function readPage(
  reader: TimeseriesReader,
  { heavy }: ReadSeed,
  { start, end, types, cursor }: Page,
): Promise<number> {
  const range = { start: parseQueryInstant(start)!, end: parseQueryInstant(end)! };
  const page = await reader.page(heavy.id, { range, types, resolution: 'raw', cursor, limit: LIMIT });
  return page.data.length;
}

async function fetchPage(
  api: string,
  key: string,
  { heavy }: ReadSeed,
  { start, end, types, cursor }: Page,
): Promise<number> {
  const query = new URLSearchParams({ start_time: start, end_time: end, limit: String(LIMIT) });
  for (const type of types ?? []) query.append('types', type);
  if (cursor) query.set('cursor', cursor);
  const answer = await fetch(`${api}/api/v1/users/${heavy.id}/timeseries?${query.toString()}`, {
    headers: { 'X-API-Key': key },
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { data: unknown[] }).data.length;
}

/** Cursors of page 10,000 and of twenty more places behind it. */
async function deepCursors(
  db: Database,
  { heavy }: ReadSeed,
  types: readonly SeriesCode[] | null,
  start: string,
): Promise<string[]> {
  const rows = await db.query<{ recorded_at: string }>(
    `SELECT recorded_at FROM (
       SELECT p.recorded_at, row_number() OVER (ORDER BY p.recorded_at, p.stream_id) AS place
       FROM point p
       WHERE p.user_key = $1 AND p.recorded_at >= $2
         AND ($3::int[] IS NULL OR p.stream_id IN (
           SELECT id FROM stream WHERE user_key = $1 AND series_type = ANY ($3)))
     ) n WHERE place >= $4 AND (place - $4) % 1117 = 0 AND place < $4 + 21 * 1117`,
    [heavy.key, start, types?.map((code) => seriesTypeByCode(code)!.id) ?? null, DEEP_PAGE * LIMIT],
  );
  return rows.map((row) => encodeCursor([row.recorded_at.replace('Z', '+00:00'), BEHIND_ALL], false));
}

async function describeSetting(db: Database, seed: ReadSeed): Promise<void> {
  const [server] = await db.query<{ version: string; partitions: number; bytes: string; buffers: string }>(`
    SELECT version(), (SELECT count(*) FROM pg_inherits WHERE inhparent = 'point'::regclass) AS partitions,
           pg_size_pretty(pg_database_size(current_database())) AS bytes,
           current_setting('shared_buffers') AS buffers`);
  const memory = Math.round(totalmem() / 2 ** 30);
  const { version, partitions, bytes, buffers } = server!;
  console.log(
    `machine: ${cpus().length} x ${cpus()[0]?.model.trim()}, ${memory} GiB, load ${loadavg()[0]!.toFixed(1)}`,
  );
  console.log(`versions: Node ${process.version}, ${version.split(',')[0]}, shared_buffers ${buffers}`);
  console.log(
    `data: ${seed.points.toLocaleString('en')} points of ${seed.users} users in ${partitions} partitions (${bytes}); ` +
      `the user read has ${seed.heavyPoints.toLocaleString('en')}`,
  );
}

async function timed(
  db: Database,
  name: string,
  ask: (n: number) => Promise<number>,
  expected = LIMIT,
): Promise<Measured> {
  const times: number[] = [];
  for (let n = 0; n < WARM_UP; n++) await ask(n);
  const servers = await db.query<{ pid: number }>(
    'SELECT pid FROM pg_stat_activity WHERE application_name = current_setting($1)',
    ['application_name'],
  );
  const processes = [process.pid, ...servers.map(({ pid }) => pid)].map((pid) => ({
    pid,
    before: cpuSecondsOrNone(pid),
  }));
  for (let n = WARM_UP; n < WARM_UP + ROUNDS; n++) {
    const started = performance.now();
    const items = await ask(n);
    times.push(performance.now() - started);
    if (items !== expected) throw new Error(`${name}: ${items} items`);
  }
  const seconds = processes.reduce((sum, { pid, before }) => sum + Math.max(0, cpuSecondsOrNone(pid) - before), 0);
  const processor = (1000 * seconds) / ROUNDS;
  times.sort((a, b) => a - b);
  const at = (part: number): number => times[Math.floor(times.length * part)]!;
  const measured = { name, p50: at(0.5), p95: at(0.95) };
  const [p50, p95] = [measured.p50, measured.p95].map((ms) => ms.toFixed(1));
  console.log(`${name}: p50 ${p50} ms, p95 ${p95} ms, processor of both sides ${processor.toFixed(1)} ms`);
  return measured;
}

await run(process.argv.slice(2));
