/** What the statements of some work read, by the plans that PostgreSQL chooses for them. */
import type { QueryResultRow } from 'pg';
import { Database, nameOfPlan } from '#libs/database';

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
  /** True for a statement that each connection plans once, so that its plan may be one for all values. */
  readonly isPlannedOnce: boolean;
}

/** Whether statements that are planned once get the plan for their values, or the one for all values. */
export type PlanKind = 'plans for the values' | 'plans for all values';

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

type ExplainRow = { 'QUERY PLAN': { Plan: PlanNode }[] };

/** Remembers the statements that went through it. */
export class RecordingDatabase extends Database {
  private readonly statements: Statement[] = [];

  override query<T extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<T[]> {
    this.statements.push({ text, values });
    return super.query<T>(text, values);
  }

  override prepared<T extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<T[]> {
    this.statements.push({ text, values });
    return super.prepared<T>(text, values);
  }

  /** Every scan of a table by the statements that `work` runs, with the rows it really read. */
  async scansOf(work: () => Promise<unknown>, plans: PlanKind = 'plans for the values'): Promise<Scan[]> {
    this.statements.length = 0;
    await work();
    const scans: Scan[] = [];
    for (const statement of [...this.statements]) {
      const isPlannedOnce = nameOfPlan(statement.text) !== undefined;
      const isForAll = isPlannedOnce && plans === 'plans for all values';
      const [row] = await (isForAll ? this.explainForAll(statement) : this.explain(statement));
      collect(row!['QUERY PLAN'][0]!.Plan, isPlannedOnce, scans);
    }
    return scans;
  }

  private explain({ text, values }: Statement): Promise<ExplainRow[]> {
    return super.query<ExplainRow>(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values);
  }

  private explainForAll({ text, values }: Statement): Promise<ExplainRow[]> {
    return this.transaction(async (sql) => {
      await sql.query('SET LOCAL plan_cache_mode = force_generic_plan');
      await sql.query(`PREPARE probe AS ${text}`);
      const given = values.length > 0 ? `(${values.map(literal).join(', ')})` : '';
      const rows = await sql.query<ExplainRow>(`EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE probe${given}`);
      await sql.query('DEALLOCATE probe');
      return rows;
    });
  }
}

/** A value as SQL text; lists as those of PostgreSQL. */
function literal(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  const text = Array.isArray(value) ? `{${value.map((item) => JSON.stringify(item)).join(',')}}` : String(value);
  return `'${text.replaceAll("'", "''")}'`;
}

function collect(node: PlanNode, isPlannedOnce: boolean, scans: Scan[]): void {
  const relation = node['Relation Name'];
  const rows = node['Actual Rows'] * node['Actual Loops'];
  if (relation) scans.push({ type: node['Node Type'], relation, rows, isPlannedOnce });
  for (const child of node.Plans ?? []) collect(child, isPlannedOnce, scans);
}
