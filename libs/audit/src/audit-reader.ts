import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { badRequest } from '#libs/model';
import type { AuditEntryView } from './audit-entry.js';

export interface AuditFilter {
  readonly actorKind?: string;
  readonly actorId?: string;
  readonly action?: string;
  readonly outcome?: string;
  readonly userId?: string;
  readonly objectId?: string;
  /** Instants as ISO text: from the first, before the second. */
  readonly startTime?: string;
  readonly endTime?: string;
}

export interface AuditQuery extends AuditFilter {
  readonly limit: number;
  /** As an earlier page gave it. */
  readonly cursor?: string;
}

export interface AuditPage {
  readonly entries: AuditEntryView[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

export interface AccessQuery {
  readonly actorId?: string;
  readonly userId?: string;
  /** Dates, both included. */
  readonly startDate?: string;
  readonly endDate?: string;
  readonly limit: number;
}

/** One caller's reads and uploads of one user's data on one UTC day. */
export interface AccessDayView {
  day: string;
  actor_kind: string;
  actor_id: string;
  user_id: string;
  reads: number;
  writes: number;
}

const PAGE = `
  SELECT id::text, happened_at, actor_kind, actor_id, action, outcome, status, method, route, object_type, object_id,
    user_id, host(address) AS address, request_id, detail
  FROM audit_entry
  WHERE ($1::text IS NULL OR actor_kind = $1) AND ($2::text IS NULL OR actor_id = $2)
    AND ($3::text IS NULL OR action = $3) AND ($4::text IS NULL OR outcome = $4)
    AND ($5::uuid IS NULL OR user_id = $5) AND ($6::text IS NULL OR object_id = $6)
    AND ($7::timestamptz IS NULL OR happened_at >= $7) AND ($8::timestamptz IS NULL OR happened_at < $8)
    AND ($9::bigint IS NULL OR id < $9)
  ORDER BY id DESC LIMIT $10`;

const DAYS = `
  SELECT day, actor_kind, actor_id, user_id, reads, writes FROM data_access_day
  WHERE ($1::text IS NULL OR actor_id = $1) AND ($2::uuid IS NULL OR user_id = $2)
    AND ($3::date IS NULL OR day >= $3) AND ($4::date IS NULL OR day <= $4)
  ORDER BY day DESC, actor_kind, actor_id, user_id LIMIT $5`;

/** The audit trail as developers read it, the newest first. */
@Injectable()
export class AuditReader {
  constructor(private readonly db: Database) {}

  /** @throws Failure 400 when the cursor is none of ours */
  async page(query: AuditQuery): Promise<AuditPage> {
    const before = query.cursor === undefined ? null : entryOf(query.cursor);
    const rows = await this.db.query<AuditEntryView>(PAGE, [
      query.actorKind ?? null,
      query.actorId ?? null,
      query.action ?? null,
      query.outcome ?? null,
      query.userId ?? null,
      query.objectId ?? null,
      query.startTime ?? null,
      query.endTime ?? null,
      before,
      query.limit + 1,
    ]);
    const entries = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? entries[entries.length - 1] : undefined;
    return { entries, nextCursor: last === undefined ? null : cursorOf(last.id) };
  }

  /** Who read or wrote whose data how often, the newest day first. */
  accessDays({ actorId, userId, startDate, endDate, limit }: AccessQuery): Promise<AccessDayView[]> {
    return this.db.query<AccessDayView>(DAYS, [
      actorId ?? null,
      userId ?? null,
      startDate ?? null,
      endDate ?? null,
      limit,
    ]);
  }
}

const cursorOf = (id: string): string => Buffer.from(`audit:${id}`).toString('base64url');

function entryOf(cursor: string): string {
  const [, id] = /^audit:(\d{1,18})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (id === undefined) throw badRequest('Invalid cursor');
  return id;
}
