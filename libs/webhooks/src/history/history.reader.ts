import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { JsonObject } from '#libs/model';
import type { Owner } from '../endpoints/endpoint.js';
import { Endpoints } from '../endpoints/endpoints.service.js';
import { wireTime } from '../events/wire-time.js';
import { messageBody } from '../message-body.js';
import {
  pageOf,
  pageSql,
  pageWalk,
  type AttemptView,
  type HistoryPage,
  type HistoryQuery,
  type MessageView,
} from './history.js';

export interface AttemptQuery extends HistoryQuery {
  readonly status: number | null;
  readonly eventTypes: readonly string[] | null;
}

interface MessageRow {
  id: string;
  event_type: string;
  event_id: string;
  user_id: string | null;
  created_at: string;
}

interface AttemptRow extends MessageRow {
  attempt_id: string;
  endpoint_id: string;
  url: string;
  response: string;
  status_code: number;
  duration_ms: number;
  status: number;
  trigger: number;
  attempted_at: string;
  data: string | null;
}

const STATUS_TEXTS = ['success', 'pending', 'fail', 'sending'];

/** What was told and how it went. */
@Injectable()
export class WebhookHistory {
  constructor(
    private readonly db: Database,
    private readonly endpoints: Endpoints,
  ) {}

  /** Messages to everybody, and those to the owner's endpoints alone; newest first. */
  async messages(owner: Owner, query: HistoryQuery): Promise<HistoryPage<MessageView>> {
    const walk = pageWalk('msg', query);
    const rows = await this.db.query<MessageRow & Record<string, unknown>>(
      `SELECT m.id, m.event_type, m.event_id, m.user_id, m.created_at FROM webhook_message m
       WHERE ${pageSql('m.id', 'm.created_at')} AND (m.endpoint_id IS NULL OR EXISTS (
         SELECT FROM webhook_endpoint e
         WHERE e.id = m.endpoint_id AND e.developer_id IS NOT DISTINCT FROM $5 AND e.deleted_at IS NULL))
       ORDER BY m.id ${walk.isBack ? 'ASC' : 'DESC'} LIMIT $6`,
      [walk.below, walk.above, query.before, query.after, owner, query.limit + 1],
    );
    return pageOf(
      rows.map((row) => messageView(row, null)),
      query.limit,
      walk,
    );
  }

  /** Finished attempts at one endpoint, newest first. @throws Failure 404 */
  async attempts(owner: Owner, endpointId: string, query: AttemptQuery): Promise<HistoryPage<AttemptView>> {
    await this.endpoints.get(owner, endpointId);
    const walk = pageWalk('atmpt', query);
    const rows = await this.db.query<AttemptRow & Record<string, unknown>>(
      `SELECT a.id AS attempt_id, a.endpoint_id, a.url, a.response, a.status_code, a.duration_ms, a.status, a.trigger,
         a.created_at AS attempted_at, m.id, m.event_type, m.event_id, m.user_id, m.created_at, c.data
       FROM webhook_attempt a
       JOIN webhook_message m ON m.id = a.message_id
       LEFT JOIN webhook_content c ON c.id = m.content_id
       WHERE ${pageSql('a.id', 'a.created_at')} AND a.endpoint_id = $5
         AND ($6::smallint IS NULL OR a.status = $6) AND ($7::text[] IS NULL OR m.event_type = ANY ($7))
       ORDER BY a.id ${walk.isBack ? 'ASC' : 'DESC'} LIMIT $8`,
      [walk.below, walk.above, query.before, query.after, endpointId, query.status, query.eventTypes, query.limit + 1],
    );
    return pageOf(rows.map(attemptView), query.limit, walk);
  }
}

const messageView = (row: MessageRow, payload: JsonObject | null): MessageView => ({
  id: row.id,
  eventType: row.event_type,
  eventId: row.event_id,
  timestamp: wireTime(row.created_at),
  channels: row.user_id === null ? null : [`user.${row.user_id}`],
  tags: null,
  payload,
});

const attemptView = (row: AttemptRow): AttemptView => ({
  id: row.attempt_id,
  endpointId: row.endpoint_id,
  msgId: row.id,
  url: row.url,
  response: row.response,
  responseStatusCode: row.status_code,
  responseDurationMs: row.duration_ms,
  status: row.status,
  statusText: STATUS_TEXTS[row.status] ?? 'fail',
  triggerType: row.trigger,
  timestamp: wireTime(row.attempted_at),
  msg: messageView(row, JSON.parse(messageBody(row.event_type, row.data)) as JsonObject),
});
