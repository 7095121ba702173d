/** What the statements of some work read, by the plans that PostgreSQL chooses for them. */
import type { QueryResultRow } from 'pg';
import { Database } from '#libs/database';

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  Plans?: PlanNode[];
}

export interface Scan {
  readonly type: string;
  readonly relation: string;
  /** Over all loops. */
  readonly rows: number;
}

/** Remembers the statements that went through it. */
export class RecordingDatabase extends Database {
  private readonly statements: { text: string; values: readonly unknown[] }[] = [];

  override query<T extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<T[]> {
    this.statements.push({ text, values });
    return super.query<T>(text, values);
  }

  override prepared<T extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<T[]> {
    this.statements.push({ text, values });
    return super.prepared<T>(text, values);
  }

  /** Every scan of a table by the statements that `work` runs, with the rows it really read. */
  async scansOf(work: () => Promise<unknown>): Promise<Scan[]> {
    this.statements.length = 0;
    await work();
    const scans: Scan[] = [];
    for (const { text, values } of [...this.statements]) {
      const [row] = await super.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(
        `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
        values,
      );
      collect(row!['QUERY PLAN'][0]!.Plan, scans);
    }
    return scans;
  }
}

function collect(node: PlanNode, scans: Scan[]): void {
  const relation = node['Relation Name'];
  if (relation) scans.push({ type: node['Node Type'], relation, rows: node['Actual Rows'] * node['Actual Loops'] });
  for (const child of node.Plans ?? []) collect(child, scans);
}
