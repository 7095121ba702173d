import { Injectable } from '@nestjs/common';
import type { CloudConnection } from '#libs/cloud';
import { Database, plannedOnce, type Sql } from '#libs/database';
import { counter } from '#libs/observability';
import { VendorError } from '#libs/providers/kit';

/** How much of each connection was stored when a fetch began, by the connection's id; follows what the fetch stores. */
export type FetchBase = Map<string, number>;

/** Somebody else stored data of the connection after the fetch began: what it brought may be older than that. */
export class Overtaken extends Error {
  constructor() {
    super('The answer is older than what was stored meanwhile');
    this.name = 'Overtaken';
  }
}

const MOST_FETCHES = 5;

const overtaken = counter({
  name: 'vendor_answers_overtaken_total',
  help: 'Answers of vendors that were fetched again because newer ones were stored meanwhile',
  labels: ['provider'],
});

/**
 * Keeps the order in which a vendor said things: what is stored last was fetched last. Within a process whoever fetches
 * and stores for an account waits for the one before. Between processes nobody waits: an answer that was overtaken is
 * refused by the transaction that would store it, and fetched again.
 */
@Injectable()
export class FetchTurns {
  private readonly last = new Map<string, Promise<unknown>>();

  constructor(private readonly db: Database) {}

  /** `account`: one name for all connections to it. */
  async take<T>(provider: string, account: string, work: () => Promise<T>): Promise<T> {
    const name = `${provider}:${account}`;
    const before = this.last.get(name);
    const turn = before ? before.then(work, work) : work();
    this.last.set(name, turn);
    try {
      return await turn;
    } finally {
      if (this.last.get(name) === turn) this.last.delete(name);
    }
  }

  /** To be asked for before the vendor is. */
  async base(connections: readonly Pick<CloudConnection, 'id'>[]): Promise<FetchBase> {
    const rows = await this.db.query<{ connection_id: string; stored_version: number }>(
      plannedOnce(`SELECT s.connection_id, s.stored_version FROM unnest($1::uuid[]) AS c (id)
        JOIN connection_sync s ON s.connection_id = c.id`),
      [connections.map(({ id }) => id)],
    );
    return new Map(rows.map(({ connection_id, stored_version }) => [connection_id, stored_version]));
  }

  /**
   * Belongs into the transaction that stores, or removes. Without `base`: what is stored was not fetched.
   * @returns what the base is once the transaction is committed
   * @throws Overtaken
   */
  async advance(sql: Sql, { id }: Pick<CloudConnection, 'id'>, base?: FetchBase): Promise<number | null> {
    const expected = base?.get(id) ?? null;
    const [row] = await sql.query<{ stored_version: number }>(
      plannedOnce(`UPDATE connection_sync SET stored_version = stored_version + 1
        WHERE connection_id = $1 AND ($2::bigint IS NULL OR stored_version = $2) RETURNING stored_version`),
      [id, expected],
    );
    if (!row && expected !== null) throw new Overtaken();
    return row?.stored_version ?? null;
  }

  /**
   * Fetches and stores, and again when that was overtaken.
   * @throws VendorError when it always is, and what `fetchAndStore` throws
   */
  async inOrder<T>(provider: string, fetchAndStore: () => Promise<T>): Promise<T> {
    for (let fetches = 1; fetches <= MOST_FETCHES; fetches++) {
      try {
        return await fetchAndStore();
      } catch (error) {
        if (!(error instanceof Overtaken)) throw error;
        overtaken.inc({ provider });
      }
    }
    throw new VendorError('unreadable', 'What was fetched changed again and again meanwhile');
  }
}
