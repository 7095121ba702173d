import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '#libs/config';
import { Database, type Sql } from '#libs/database';
import { instantFromDate, MINUTE } from '#libs/model';
import { counter, logger } from '#libs/observability';
import { buildEvents } from '../events/build-events.js';
import { storedPoints, type OutboxRow } from '../events/outbox-row.js';
import { readNamedTypes, storeMessages } from './message.repository.js';
import { blameRow, postponeRows, removeRows, takeDue } from './outbox.repository.js';

const ROWS_AT_ONCE = 200;
/** What one transaction may hold in memory. */
const POINTS_AT_ONCE = 20_000;
const RELAYED = {
  name: 'webhook_messages_total',
  help: 'Events that became messages to integrators',
} as const;

/** Turns what was announced with the data into messages and deliveries: each event once, none lost. */
@Injectable()
export class WebhookRelay {
  constructor(
    private readonly db: Database,
    @Inject(CONFIG) private readonly config: Pick<AppConfig, 'sleepEndGapMinutes'>,
  ) {}

  /**
   * Tells what is due, in one transaction.
   * @returns how many announcements were dealt with; 0 when there was nothing to do
   */
  async run(now = new Date()): Promise<number> {
    try {
      return await this.db.transaction((sql) => this.relay(sql, now, ROWS_AT_ONCE));
    } catch (error) {
      logger().warn({ err: error }, 'webhook_relay_one_by_one');
      return this.oneByOne(now);
    }
  }

  /** One row that cannot be told must not keep the others waiting. */
  private async oneByOne(now: Date): Promise<number> {
    for (let done = 0; ; done++) {
      let held: OutboxRow | undefined;
      try {
        const count = await this.db.transaction((sql) => this.relay(sql, now, 1, (row) => (held = row)));
        if (count === 0 || done === ROWS_AT_ONCE) return done;
      } catch (error) {
        if (held === undefined) throw error;
        logger().error({ err: error, outbox_id: held.id, kind: held.kind }, 'webhook_relay_failed');
        await blameRow(this.db, held.id, now);
      }
    }
  }

  private async relay(sql: Sql, now: Date, most: number, holding?: (row: OutboxRow) => void): Promise<number> {
    const rows = withinBudget(await takeDue(sql, now, most));
    if (rows[0] === undefined) return 0;
    holding?.(rows[0]);
    const { drafts, later } = await buildEvents(sql, rows, this.contextFor(await readNamedTypes(sql), now));
    const messages = await storeMessages(sql, drafts, now);
    await postponeRows(sql, later);
    await removeRows(
      sql,
      rows.map(({ id }) => id).filter((id) => !later.has(id)),
    );
    counter(RELAYED).inc(messages);
    return rows.length;
  }

  private contextFor(named: ReadonlySet<string>, now: Date) {
    return {
      now: instantFromDate(now),
      settlingMicros: this.config.sleepEndGapMinutes * MINUTE,
      isWanted: (type: string) => named.has(type),
    };
  }
}

/** The first rows whose points together fit into memory; at least one. */
function withinBudget(rows: readonly OutboxRow[]): OutboxRow[] {
  let points = 0;
  return rows.filter((row, place) => {
    if (row.kind === 'points.stored') points += storedPoints(row).inserted + storedPoints(row).updated;
    return place === 0 || points <= POINTS_AT_ONCE;
  });
}
