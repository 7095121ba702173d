import { isIP } from 'node:net';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '#libs/database';
import { logger, redactText } from '#libs/observability';
import type { NewAuditEntry } from './audit-entry.js';

/** Types of the columns, in their order. */
const COLUMNS = {
  actor_kind: 'text',
  actor_id: 'text',
  action: 'text',
  outcome: 'text',
  status: 'smallint',
  method: 'text',
  route: 'text',
  object_type: 'text',
  object_id: 'text',
  user_id: 'uuid',
  address: 'inet',
  request_id: 'text',
  detail: 'jsonb',
} as const;

const INSERT = `INSERT INTO audit_entry (${Object.keys(COLUMNS).join(', ')}) SELECT * FROM unnest(${Object.values(
  COLUMNS,
)
  .map((type, index) => `$${index + 1}::${type}[]`)
  .join(', ')})`;
const MOST_PER_STATEMENT = 500;
const LONGEST_ID = 200;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

interface Waiting {
  readonly entry: NewAuditEntry;
  readonly done: () => void;
}

/** Writes the audit trail. The table refuses every change of what it holds. */
@Injectable()
export class Audit implements OnApplicationShutdown {
  private waiting: Waiting[] = [];
  private writing: Promise<void> | null = null;

  constructor(private readonly db: Database) {}

  /**
   * Answers once the entry is stored. Entries that come while a statement runs are written together by the next one.
   * What cannot be stored goes to the log in full: what it tells of has happened and is not undone.
   */
  record(entry: NewAuditEntry): Promise<void> {
    return new Promise((done) => {
      this.waiting.push({ entry, done });
      this.writing ??= this.writeAll();
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.writing;
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, MOST_PER_STATEMENT);
      await this.write(batch.map(({ entry }) => entry));
      for (const { done } of batch) done();
    }
    this.writing = null;
  }

  private async write(entries: readonly NewAuditEntry[]): Promise<void> {
    try {
      const rows = entries.map(valuesOf);
      await this.db.query(
        INSERT,
        Object.keys(COLUMNS).map((_, column) => rows.map((row) => row[column])),
      );
    } catch (error) {
      for (const entry of entries) logger().error({ error, entry }, 'audit_entry_not_stored');
    }
  }
}

/** Ids come out of paths that anybody may have written, and old clients put keys into paths. */
const idText = (id: string | null | undefined): string | null =>
  id === null || id === undefined ? null : redactText(id.replaceAll('\0', '')).slice(0, LONGEST_ID);

function valuesOf(entry: NewAuditEntry): unknown[] {
  return [
    entry.actorKind,
    idText(entry.actorId),
    entry.action,
    entry.outcome,
    entry.status ?? null,
    entry.method ?? null,
    entry.route ?? null,
    entry.objectType ?? null,
    idText(entry.objectId),
    entry.userId !== undefined && UUID.test(entry.userId) ? entry.userId : null,
    entry.address !== undefined && isIP(entry.address) ? entry.address : null,
    idText(entry.requestId),
    entry.detail === undefined ? null : JSON.stringify(entry.detail),
  ];
}
