import { Inject, Injectable } from '@nestjs/common';
import { VendorFarewell } from '#libs/cloud';
import { Database, type Session } from '#libs/database';
import { logger } from '#libs/observability';
import { OBJECT_STORAGE, type ObjectStorage } from '#libs/storage';
import { USER_MENTIONS, USER_TABLES, type UserTable } from '../users/user-tables.js';
import { emptyTable, type Emptied } from './empty-table.js';
import type { OpenErasure } from './erasure.js';
import { ErasuresRepository } from './erasures.repository.js';

/** Space of the locks that keep two workers from one erasure. */
const ERASURE_LOCK_SPACE = 1_764_003;
const ERASURES_AT_ONCE = 100;

export interface EraserLimits {
  readonly rowsPerBatch: number;
  /** After this long others have a turn. */
  readonly shiftMs: number;
}

const LIMITS: EraserLimits = { rowsPerBatch: 10_000, shiftMs: 15_000 };
/** Rows that may be large are deleted so many times fewer at once. */
const HEAVY = 100;

/** Empties what is left of users who were deleted. Killed at any moment, it goes on there the next time. */
@Injectable()
export class UserEraser {
  constructor(
    private readonly db: Database,
    private readonly erasures: ErasuresRepository,
    private readonly farewell: VendorFarewell,
    @Inject(OBJECT_STORAGE) private readonly storage: ObjectStorage,
  ) {}

  /** @returns whether erasures are left that could go on at once and nobody else is at work on */
  async run(
    clock: () => number = Date.now,
    limits: EraserLimits = LIMITS,
    tables: readonly UserTable[] = USER_TABLES,
  ): Promise<boolean> {
    const end = clock() + limits.shiftMs;
    const mayGoOn = (): boolean => clock() < end;
    const failures: unknown[] = [];
    for (const erasure of await this.erasures.open(ERASURES_AT_ONCE)) {
      try {
        const outcome = await this.db.tryExclusive(ERASURE_LOCK_SPACE, erasure.id, (session) =>
          this.erase(session, erasure, tables, limits.rowsPerBatch, mayGoOn),
        );
        if (outcome === 'stopped') return true;
      } catch (error) {
        // One that fails keeps no other waiting; all are tried again.
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} erasures failed`);
    return false;
  }

  private async erase(
    session: Session,
    { id, user_id, user_key, grants }: OpenErasure,
    tables: readonly UserTable[],
    rowsPerBatch: number,
    mayGoOn: () => boolean,
  ): Promise<Emptied> {
    if (grants.length > 0) {
      await this.farewell.sayFor(grants);
      await this.erasures.forgetGrants(session, id);
    }
    let isWaiting = false;
    for (const table of tables.filter(({ erase }) => erase === 'batches')) {
      const outcome = await emptyTable(session, table, {
        user: { id: user_id, key: user_key },
        rowsPerBatch: table.isHeavy ? Math.ceil(rowsPerBatch / HEAVY) : rowsPerBatch,
        storage: this.storage,
        report: (sql, rows, files) => this.erasures.add(sql, id, table.table, rows, files),
        mayGoOn,
      });
      if (outcome === 'stopped') return outcome;
      isWaiting ||= outcome === 'waiting';
    }
    for (const { table, column } of USER_MENTIONS) {
      await session.query(`UPDATE ${table} SET ${column} = NULL WHERE ${column} = $1`, [user_id]);
    }
    if (isWaiting) return 'waiting';
    await this.erasures.finish(session, id);
    logger().info({ user_id, erasure_id: id }, 'user_erased');
    return 'empty';
  }
}
