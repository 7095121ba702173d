import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Database, nameOfPlan, type Sql } from '#libs/database';
import { HealthWriter, type WriteOptions } from '#libs/ingest';
import { HOUR, MINUTE, type HealthBatch, type PointInput } from '#libs/model';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given } from '../../support/given.js';
import { at, batchOf, NOW, point } from './batches.js';

jest.setTimeout(120_000);

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Cond'?: string;
  'Recheck Cond'?: string;
  Plans?: PlanNode[];
}

type ExplainRow = { 'QUERY PLAN': { Plan: PlanNode }[] };

/** Tables, and of points the months, that the seed fills. */
const BIG_TABLES = /^(point_2026_0[123]|rollup|stream_day)$/;

let test: TestDatabase;
let user: { id: string; key: number };
const writer = new HealthWriter();
const options: WriteOptions = { now: NOW };

/** A quarter of heart rate every 20 minutes and steps every two hours. */
const quarter = (): PointInput[] =>
  Array.from({ length: 6_500 }, (_, i) => at('2026-01-01T00:00:00Z') + i * 20 * MINUTE).flatMap((recordedAt, i) => [
    point(recordedAt, { value: 50 + (i % 40) }),
    ...(i % 6 === 0 ? [point(recordedAt, { series: 'steps', value: i % 100, endedAt: recordedAt + HOUR })] : []),
  ]);

beforeAll(async () => {
  test = await openTestDatabase();
  for (let users = 0; users < 4; users++) {
    user = await given(test.db).user();
    await writer.write(test.db, user, batchOf(quarter()), options);
  }
});
afterAll(() => test.close());

/** Runs statements and keeps the plans of all their parts. */
function planning(db: Database, nodes: PlanNode[]): Pick<Database, 'query' | 'transaction'> {
  const explained = (sql: Sql): Sql => ({
    query: async (text, values = []) => {
      if (/^\s*(WITH|INSERT|UPDATE|DELETE)/.test(text)) {
        const explain = async (options: string, given?: readonly unknown[]): Promise<void> => {
          const [row] = await sql.query<ExplainRow>(`EXPLAIN (FORMAT JSON${options}) ${text}`, given);
          collect(row!['QUERY PLAN'][0]!.Plan, nodes);
        };
        await explain('', values);
        // A statement that is planned once may get its plan for all values.
        if (nameOfPlan(text)) await explain(', GENERIC_PLAN');
      }
      return sql.query(text, values);
    },
  });
  return { query: db.query.bind(db), transaction: (work) => db.transaction((sql) => work(explained(sql))) };
}

function collect(node: PlanNode, nodes: PlanNode[]): void {
  nodes.push(node);
  for (const child of node.Plans ?? []) collect(child, nodes);
}

const BATCHES: [string, HealthBatch][] = [
  [
    'new data',
    batchOf(
      quarter()
        .slice(0, 1000)
        .map((p) => ({ ...p, recordedAt: p.recordedAt + 90 * 24 * HOUR })),
    ),
  ],
  [
    'data in between',
    batchOf(
      quarter()
        .slice(0, 1000)
        .map((p) => ({ ...p, recordedAt: p.recordedAt + 1, endedAt: null })),
    ),
  ],
  ['data again', batchOf(quarter().slice(2500, 3500))],
  [
    'changed zones',
    batchOf(
      quarter()
        .slice(2500, 2600)
        .map((p) => ({ ...p, zoneOffset: 600 })),
    ),
  ],
];

describe.each(['fresh tables', 'analyzed tables'])('on %s', (kind) => {
  beforeAll(async () => {
    if (kind === 'analyzed tables') await test.db.query('ANALYZE');
  });

  it.each(BATCHES)('the writer finds the rows of %s by index', async (_, batch) => {
    const nodes: PlanNode[] = [];
    await writer.write(planning(test.db, nodes), user, batch, options);
    const onBigTables = nodes.filter((node) => BIG_TABLES.test(node['Relation Name'] ?? ''));
    const scans = onBigTables
      .filter((node) => node['Node Type'].includes('Scan'))
      .map(
        (node) =>
          `${node['Node Type']} of ${node['Relation Name']}: ${node['Index Cond'] ?? node['Recheck Cond'] ?? ''}`,
      );
    expect(scans.length).toBeGreaterThan(0);
    expect(scans.filter((scan) => !/user_key.*stream_id.*(recorded_at|local_date|day)/.test(scan))).toEqual([]);
  });
});
