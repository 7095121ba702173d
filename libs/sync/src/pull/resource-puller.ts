import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { formatInstant } from '#libs/model';
import {
  fetchRecords,
  VendorError,
  type CloudResource,
  type SyncWindow,
  type VendorSession,
} from '#libs/providers/kit';
import { FetchTurns } from './fetch-turns.js';
import { HealthStore, type StoredRecords } from './health-store.js';
import type { AccountConnections } from './linked-connections.js';
import { NOTHING_YET, type ResourceTally } from './pull-run.js';
import { NONE_SKIPPED, withSkipped } from './skipped-rows.js';

export interface PullTask {
  readonly resource: CloudResource;
  readonly session: VendorSession;
  readonly window: SyncWindow;
  /** Users of the account; the first is the one whose token is used and whose counts are told. */
  readonly connections: AccountConnections;
  /** Whether the cursors follow. */
  readonly movesCursor: boolean;
  /** Hears the vendor's error behind an incomplete answer. */
  readonly onTrouble?: (error: VendorError) => void;
}

interface StoredPage extends Pick<StoredRecords, 'inserted' | 'updated' | 'dropped' | 'skipped'> {
  readonly records: number;
}

const MOVE_CURSOR = `
  INSERT INTO sync_cursor AS s (connection_id, resource, fetched_to)
  SELECT c.id, $2, $3 FROM connection c WHERE c.id = ANY ($1::uuid[])
  ON CONFLICT (connection_id, resource) DO UPDATE SET fetched_to = greatest(s.fetched_to, excluded.fetched_to)`;

/** Fetches one resource to the end and stores it for all users of the account, page by page. */
@Injectable()
export class ResourcePuller {
  constructor(
    private readonly db: Database,
    private readonly store: HealthStore,
    private readonly turns: FetchTurns,
  ) {}

  /**
   * What came of it; an error of the vendor is part of the answer. Pages that were stored before it stay, the cursor
   * does not move.
   * @throws VendorError when nothing else of this connection can be fetched either: no token, used-up budget
   */
  async pull(task: PullTask): Promise<ResourceTally> {
    const [{ provider }] = task.connections;
    let tally = NOTHING_YET;
    try {
      await this.turns.inOrder(provider, async () => {
        // From the first page again; what is stored stays counted.
        tally = { ...NOTHING_YET, inserted: tally.inserted, updated: tally.updated };
        for await (const page of this.storedPages(task)) tally = withPage(tally, page);
      });
    } catch (error) {
      if (!(error instanceof VendorError) || concernsAll(error)) throw error;
      task.onTrouble?.(error);
      return { ...tally, error: error.message, isPassing: isPassing(error), isDone: true };
    }
    if (task.movesCursor) await this.moveCursor(task);
    return { ...tally, isDone: true };
  }

  /** Page by page: others of the account have their turns between two. */
  private async *storedPages({ resource, session, window, connections }: PullTask): AsyncGenerator<StoredPage> {
    const pages = fetchRecords(resource, session, window)[Symbol.asyncIterator]();
    const [{ provider, provider_user_id: account, id }] = connections;
    const { environment, now } = session;
    for (let startIndex = 0; ;) {
      const page = await this.turns.take(provider, account ?? id, async () => {
        const base = await this.turns.base(connections);
        const next = await pages.next();
        if (next.done) return null;
        const records = next.value;
        const given = { resource, records, environment, now, startIndex, base };
        const stored = await this.store.storeAll(connections, given);
        return { ...stored, records: records.length };
      });
      if (page === null) return;
      startIndex += page.records;
      yield page;
    }
  }

  private async moveCursor({ connections, resource, window }: PullTask): Promise<void> {
    await this.db.query(MOVE_CURSOR, [connections.map(({ id }) => id), resource.name, formatInstant(window.end)]);
  }
}

const withPage = (tally: ResourceTally, page: StoredPage): ResourceTally => ({
  records: tally.records + page.records,
  inserted: tally.inserted + page.inserted,
  updated: tally.updated + page.updated,
  dropped: tally.dropped + page.dropped,
  skipped: withSkipped(tally.skipped ?? NONE_SKIPPED, page.skipped),
});

/** A refused token or a used-up budget hits every resource; missing consent for one of them does not. */
const concernsAll = (error: VendorError): boolean =>
  error.trouble === 'rate-limited' || (error.trouble === 'unauthorized' && error.status !== 403);

const isPassing = ({ trouble, status }: VendorError): boolean =>
  trouble === 'unreachable' || trouble === 'unreadable' || (trouble === 'status' && (status ?? 500) >= 500);
