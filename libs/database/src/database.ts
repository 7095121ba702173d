import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient, QueryResultRow } from 'pg';
import { DataSource } from 'typeorm';
import { nameOfPlan, plannedOnce } from './planned-once.js';
import { wireTypes } from './wire-types.js';

/** Anything that runs SQL: the pool or one transaction. */
export interface Sql {
  /**
   * Runs one statement. Values come back as the wire wants them: timestamps as `YYYY-MM-DDTHH:MM:SS[.ffffff]Z` text
   * with all microseconds, dates as `YYYY-MM-DD`, bigint and numeric as numbers, jsonb parsed.
   */
  query<T extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<T[]>;
}

/** Hand-written SQL over the pool that TypeORM owns. */
@Injectable()
export class Database implements Sql {
  constructor(private readonly dataSource: DataSource) {}

  get pool(): Pool {
    return (this.dataSource.driver as unknown as { master: Pool }).master;
  }

  query<T extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<T[]> {
    return run<T>(this.pool, text, values);
  }

  /**
   * The same for a hot statement whose text is constant: a connection parses it once, and plans it once when a plan for
   * all values is as good as one for these. Not for statements over the partitions of points, whose plans live by them.
   */
  prepared<T extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<T[]> {
    return run<T>(this.pool, plannedOnce(text), values);
  }

  /** One transaction on one connection; rolls back and rethrows when `work` throws. */
  async transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return withClient(this.pool, (client) => inTransaction(client, work));
  }

  /**
   * Runs `work` while holding a session lock on (space, key), on a connection that `work` may use for its own
   * transactions. Null when somebody else holds the lock. The lock falls with the connection, so a killed process
   * never leaves one behind.
   */
  async tryExclusive<T>(space: number, key: string, work: (session: Session) => Promise<T>): Promise<T | null> {
    return withClient(this.pool, async (client, markBroken) => {
      const sql = sqlOf(client);
      const [row] = await sql.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1, hashtext($2)) AS locked', [
        space,
        key,
      ]);
      if (!row?.locked) return null;
      try {
        return await work({ ...sql, transaction: (inner) => inTransaction(client, inner) });
      } finally {
        await sql.query('SELECT pg_advisory_unlock($1, hashtext($2))', [space, key]).catch(markBroken);
      }
    });
  }
}

/**
 * SQL that says whether anybody is within `tryExclusive` of a space and key.
 * @param space the parameter with the space
 * @param key an expression of text
 */
export const isExclusivelyHeld = (space: string, key: string): string => `EXISTS (
  SELECT FROM pg_locks
  WHERE locktype = 'advisory' AND granted AND objsubid = 2
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND classid::bigint = ${space} AND objid::bigint = hashtext(${key})::bigint & 4294967295
)`;

export interface Session extends Sql {
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
}

const sqlOf = (client: PoolClient): Sql => ({ query: (text, values = []) => run(client, text, values) });

/**
 * One connection for the time of `work`. A connection that is lost or that `work` marks as broken leaves the pool: its
 * server side, locks included, ends with it.
 */
async function withClient<T>(
  pool: Pool,
  work: (client: PoolClient, markBroken: (error: Error) => void) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const markBroken = (error: Error): void => {
    broken ??= error;
  };
  // Between two statements nobody else listens, and an unheard error would end the process.
  client.on('error', markBroken);
  try {
    return await work(client, markBroken);
  } finally {
    client.off('error', markBroken);
    client.release(broken);
  }
}

async function inTransaction<T>(client: PoolClient, work: (sql: Sql) => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  try {
    const result = await work(sqlOf(client));
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function run<T extends QueryResultRow>(
  runner: Pool | PoolClient,
  text: string,
  values: readonly unknown[],
): Promise<T[]> {
  const name = nameOfPlan(text);
  const result = await runner.query<T>({ text, values: [...values], types: wireTypes, ...(name ? { name } : {}) });
  return result.rows;
}
