/**
 * How fast one connection stores heart rate through the batch writer, and what a stored point costs in bytes.
 * Runs against an empty database that it fills: `DATABASE_URL=postgres://... node dist/test/load/ingest-writer.bench.js`
 */
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { Database, type UserRef } from '#libs/database';
import { PointPartitions, resolveSources, writePoints, type WriteContext } from '#libs/ingest';
import { instantFromDate, SECOND, type PointInput } from '#libs/model';

const BATCHES = Number(process.env['BATCHES'] ?? 60);
const BATCH_SIZE = Number(process.env['BATCH_SIZE'] ?? 5000);
const START = instantFromDate(new Date('2026-01-01T00:00:00Z'));
const NOW = instantFromDate(new Date('2027-01-01T00:00:00Z'));

interface Scenario {
  readonly name: string;
  /** The place in time of the batch that is sent as the n-th. */
  readonly place: (n: number) => number;
  readonly spacingSeconds: number;
  readonly series: string;
  readonly sampleSeconds: number | null;
  readonly repeats: number;
}

const heartRate = { series: 'heart_rate', sampleSeconds: null, repeats: 1, place: (n: number): number => n };
const SCENARIOS: readonly Scenario[] = [
  { ...heartRate, name: 'heart rate every 5 s, ascending', spacingSeconds: 5, repeats: 2 },
  { ...heartRate, name: 'heart rate every 1 s, ascending', spacingSeconds: 1 },
  { ...heartRate, name: 'heart rate every 60 s, ascending', spacingSeconds: 60 },
  { ...heartRate, name: 'heart rate every 5 s, newest first', spacingSeconds: 5, place: (n) => BATCHES - 1 - n },
  { ...heartRate, name: 'heart rate every 5 s, shuffled', spacingSeconds: 5, place: (n) => (n * 17) % BATCHES },
  { ...heartRate, name: 'steps every 60 s with end', spacingSeconds: 60, series: 'steps', sampleSeconds: 60 },
];

function pointsOf(scenario: Scenario, place: number): PointInput[] {
  return Array.from({ length: BATCH_SIZE }, (_, index) => {
    const k = place * BATCH_SIZE + index;
    const recordedAt = START + k * scenario.spacingSeconds * SECOND;
    return {
      sourceIndex: 0,
      series: scenario.series,
      recordedAt,
      endedAt: scenario.sampleSeconds === null ? null : recordedAt + scenario.sampleSeconds * SECOND,
      value: 55 + ((k * 7919) % 97),
      isDailyTotal: false,
      externalId: `5A0B1C2D-${place}-${index}`,
      zoneOffset: 60,
      origin: { collection: 'records', index },
    };
  });
}

async function givenUser(db: Database): Promise<UserRef> {
  const [user] = await db.query<{ id: string; key: number }>('INSERT INTO users (id) VALUES ($1) RETURNING id, key', [
    randomUUID(),
  ]);
  return user!;
}

async function run(db: Database, scenario: Scenario): Promise<void> {
  await db.query('TRUNCATE point, stream, stream_day, rollup, outbox');
  const user = await givenUser(db);
  const partitions = new PointPartitions();
  for (let round = 1; round <= scenario.repeats; round++) {
    const times: number[] = [];
    const begin = performance.now();
    for (let n = 0; n < BATCHES; n++) {
      const points = pointsOf(scenario, scenario.place(n));
      const start = performance.now();
      await partitions.ensure(db, points, NOW);
      await db.transaction(async (sql) => {
        await sql.query(`SELECT set_config('jit', 'off', true) FROM users WHERE key = $1 FOR NO KEY UPDATE`, [
          user.key,
        ]);
        const source = { source: 'bench', deviceModel: 'Watch6,1', deviceType: null };
        const sourceIds = await resolveSources(sql, user, 'apple', [
          { ...source, softwareVersion: null, originalSourceName: null },
        ]);
        const context: WriteContext = { sourceIds, provider: 'apple', now: NOW };
        await writePoints(sql, user, context, points);
      });
      times.push(performance.now() - start);
    }
    const seconds = (performance.now() - begin) / 1000;
    const sorted = times.toSorted((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)]!;
    const rate = Math.round((BATCHES * BATCH_SIZE) / seconds).toLocaleString('en');
    console.log(
      `${scenario.name}, round ${round}: ${rate} points/s, ${median.toFixed(1)} ms per batch (median), ` +
        `${sorted.at(-1)!.toFixed(1)} ms (slowest)`,
    );
  }
  const [size] = await db.query<{ bytes: number }>(
    `SELECT sum(pg_total_relation_size(inhrelid)) / (SELECT count(*) FROM point) AS bytes
     FROM pg_inherits WHERE inhparent = 'point'::regclass`,
  );
  console.log(`${scenario.name}: ${size!.bytes.toFixed(1)} bytes per point with indexes`);
}

const url = process.env['DATABASE_URL'];
if (!url) throw new Error('DATABASE_URL is missing');
const extra = { options: '-c TimeZone=UTC' };
const dataSource = await new DataSource({ type: 'postgres', url, poolSize: 1, extra }).initialize();
const only = process.env['SCENARIO'];
for (const scenario of SCENARIOS) {
  if (only === undefined || scenario.name.includes(only)) await run(new Database(dataSource), scenario);
}
await dataSource.destroy();
