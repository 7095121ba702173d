import { Injectable } from '@nestjs/common';
import { Database, type Sql } from '#libs/database';
import { sortableId } from '../ids/sortable-id.js';
import type { EndpointChanges, EndpointStats, EndpointView, NewEndpoint, Owner } from './endpoint.js';

const VIEW = `id, url, description, filter_types, user_id, disabled_at IS NOT NULL AS disabled, disabled_reason`;
/** Endpoints of one owner; an owner may be null. */
const OWNED = 'developer_id IS NOT DISTINCT FROM $1 AND deleted_at IS NULL';

/** Endpoints, each visible to its owner alone. */
@Injectable()
export class EndpointsRepository {
  constructor(private readonly db: Database) {}

  async insert(sql: Sql, owner: Owner, endpoint: NewEndpoint): Promise<EndpointView> {
    const [row] = await sql.query<EndpointView & Record<string, unknown>>(
      `INSERT INTO webhook_endpoint (id, developer_id, url, description, filter_types, user_id)
       VALUES ($1, $2, $3, $4, $5, $6) RETURNING ${VIEW}`,
      [sortableId('ep'), owner, endpoint.url, endpoint.description, endpoint.filterTypes, endpoint.userId],
    );
    return row!;
  }

  /** Newest first. */
  list(owner: Owner): Promise<EndpointView[]> {
    return this.db.query<EndpointView & Record<string, unknown>>(
      `SELECT ${VIEW} FROM webhook_endpoint WHERE ${OWNED} ORDER BY id DESC`,
      [owner],
    );
  }

  async count(sql: Sql, owner: Owner): Promise<number> {
    const [row] = await sql.query<{ count: number }>(`SELECT count(*) AS count FROM webhook_endpoint WHERE ${OWNED}`, [
      owner,
    ]);
    return row!.count;
  }

  async find(owner: Owner, id: string): Promise<EndpointView | null> {
    const [row] = await this.db.query<EndpointView & Record<string, unknown>>(
      `SELECT ${VIEW} FROM webhook_endpoint WHERE ${OWNED} AND id = $2`,
      [owner, id],
    );
    return row ?? null;
  }

  /** Changes what is given. Being enabled again forgets earlier failures. Null when there is no such endpoint. */
  async update(sql: Sql, owner: Owner, id: string, changes: EndpointChanges): Promise<EndpointView | null> {
    const { url, description, filterTypes, userId, disabled } = changes;
    const [row] = await sql.query<EndpointView & Record<string, unknown>>(
      `UPDATE webhook_endpoint SET
         url = coalesce($3, url), description = coalesce($4, description),
         filter_types = CASE WHEN $5 THEN $6::text[] ELSE filter_types END,
         user_id = CASE WHEN $7 THEN $8::uuid ELSE user_id END,
         disabled_at = CASE WHEN $9::boolean IS NULL THEN disabled_at WHEN $9 THEN coalesce(disabled_at, now()) END,
         disabled_reason = CASE WHEN $9::boolean IS NULL OR ($9 AND disabled_at IS NOT NULL) THEN disabled_reason END,
         consecutive_failures = CASE WHEN $9 = false THEN 0 ELSE consecutive_failures END,
         failing_since = CASE WHEN $9 = false THEN NULL ELSE failing_since END,
         updated_at = now()
       WHERE ${OWNED} AND id = $2 RETURNING ${VIEW}`,
      [
        owner,
        id,
        url ?? null,
        description ?? null,
        filterTypes !== undefined,
        filterTypes ?? null,
        userId !== undefined,
        userId ?? null,
        disabled ?? null,
      ],
    );
    return row ?? null;
  }

  /** What belongs to it is deleted by and by. False when there is no such endpoint. */
  async delete(sql: Sql, owner: Owner, id: string): Promise<boolean> {
    const rows = await sql.query(
      `UPDATE webhook_endpoint SET deleted_at = now() WHERE ${OWNED} AND id = $2 RETURNING 1`,
      [owner, id],
    );
    return rows.length > 0;
  }

  async stats(owner: Owner, id: string): Promise<EndpointStats | null> {
    const [row] = await this.db.query<EndpointStats & Record<string, unknown>>(
      `SELECT success_count, failure_count,
         success_count::float8 / nullif(success_count + failure_count, 0) AS success_rate,
         consecutive_failures, failing_since, last_success_at, last_failure_at,
         (SELECT count(*) FROM webhook_delivery d WHERE d.endpoint_id = e.id AND d.lane IN (0, 1))
           AS pending_count
       FROM webhook_endpoint e WHERE ${OWNED} AND id = $2`,
      [owner, id],
    );
    return row ?? null;
  }
}
