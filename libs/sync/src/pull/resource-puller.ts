import { Injectable } from '@nestjs/common';
import type { CloudConnection } from '#libs/cloud';
import { Database } from '#libs/database';
import { formatInstant, type Instant } from '#libs/model';
import {
  fetchRecords,
  VendorError,
  type CloudResource,
  type SyncWindow,
  type VendorSession,
} from '#libs/providers/kit';
import { HealthStore } from './health-store.js';
import { NOTHING_YET, type ResourceTally } from './pull-run.js';
import { NONE_SKIPPED, withSkipped } from './skipped-rows.js';

export interface PullTask {
  readonly resource: CloudResource;
  readonly session: VendorSession;
  readonly window: SyncWindow;
  /** Users of the account; the first is the one whose token is used and whose counts are told. */
  readonly connections: readonly CloudConnection[];
  /** Whether the cursors follow. */
  readonly movesCursor: boolean;
  /** Hears the vendor's error behind an incomplete answer. */
  readonly onTrouble?: (error: VendorError) => void;
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
  ) {}

  /**
   * What came of it; an error of the vendor is part of the answer. Pages that were stored before it stay, the cursor
   * does not move.
   * @throws VendorError when nothing else of this connection can be fetched either: no token, used-up budget
   */
  async pull(task: PullTask): Promise<ResourceTally> {
    const { resource, session, window, connections } = task;
    let tally = NOTHING_YET;
    try {
      for await (const records of fetchRecords(resource, session, window)) {
        const { environment, now } = session;
        const page = { resource, records, environment, now, startIndex: tally.records };
        const outcomes = [];
        for (const connection of connections) outcomes.push(await this.store.store(connection, page));
        const first = outcomes[0];
        tally = {
          records: tally.records + records.length,
          inserted: tally.inserted + (first?.inserted ?? 0),
          updated: tally.updated + (first?.updated ?? 0),
          dropped: tally.dropped + (first?.dropped ?? 0),
          skipped: withSkipped(tally.skipped ?? NONE_SKIPPED, first?.skipped ?? NONE_SKIPPED),
        };
      }
    } catch (error) {
      if (!(error instanceof VendorError) || concernsAll(error)) throw error;
      task.onTrouble?.(error);
      return { ...tally, error: error.message, isPassing: isPassing(error), isDone: true };
    }
    if (task.movesCursor) await this.moveCursor(task, window.end);
    return { ...tally, isDone: true };
  }

  private async moveCursor({ connections, resource }: PullTask, to: Instant): Promise<void> {
    await this.db.query(MOVE_CURSOR, [connections.map(({ id }) => id), resource.name, formatInstant(to)]);
  }
}

/** A refused token or a used-up budget hits every resource; missing consent for one of them does not. */
const concernsAll = (error: VendorError): boolean =>
  error.trouble === 'rate-limited' || (error.trouble === 'unauthorized' && error.status !== 403);

const isPassing = ({ trouble, status }: VendorError): boolean =>
  trouble === 'unreachable' || trouble === 'unreadable' || (trouble === 'status' && (status ?? 500) >= 500);
