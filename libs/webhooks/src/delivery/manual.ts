import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, OUTBOX_CHANNEL, stir } from '#libs/database';
import { badRequest, conflict, notFound } from '#libs/model';
import { ADDITIONAL_EVENT_TYPES, eventType } from '../catalogue/event-type.js';
import type { Owner } from '../endpoints/endpoint.js';
import { Endpoints } from '../endpoints/endpoints.service.js';
import { eventId } from '../events/event-draft.js';
import { idAt } from '../ids/sortable-id.js';
import { storeDirect } from '../relay/direct-messages.js';
import { laneSql } from './delivery.js';

export interface ReplayRange {
  readonly since: Date;
  readonly until: Date | null;
  /** Also what was delivered before. */
  readonly includesDelivered: boolean;
}

/** Between two messages of a replay. */
const REPLAY_STEP_MS = 5;

/** Types that an endpoint without filter does not get. */
const NOT_USUAL = ADDITIONAL_EVENT_TYPES.map(({ name }) => name);

/** Deliveries that somebody asks for. */
@Injectable()
export class ManualDeliveries {
  constructor(
    private readonly db: Database,
    private readonly endpoints: Endpoints,
  ) {}

  /**
   * Sends the example of a type to this endpoint alone, whatever it filters; answers the message's id.
   * @throws Failure 400, 404, or 409 when the endpoint is disabled
   */
  async test(owner: Owner, endpointId: string, typeName: string): Promise<string> {
    const type = eventType(typeName);
    if (!type) throw badRequest(`Unknown event type: ${typeName}`);
    await this.enabled(owner, endpointId);
    const [id] = await storeDirect(this.db, [
      {
        endpointId,
        type: type.name,
        eventId: eventId('test', endpointId, type.name, randomUUID()),
        data: JSON.stringify(type.example['data']),
        trigger: 1,
      },
    ]);
    await stir(this.db, OUTBOX_CHANNEL);
    return id!;
  }

  /**
   * Delivers a message again, or for the first time, to one endpoint.
   * @throws Failure 404, or 409 when the endpoint is disabled or the payload is no longer kept
   */
  async resend(owner: Owner, endpointId: string, messageId: string): Promise<void> {
    await this.enabled(owner, endpointId);
    const [message] = await this.db.query<{ is_kept: boolean }>(
      `SELECT c.id IS NOT NULL AS is_kept FROM webhook_message m LEFT JOIN webhook_content c ON c.id = m.content_id
       WHERE m.id = $1 AND (m.endpoint_id IS NULL OR m.endpoint_id = $2)`,
      [messageId, endpointId],
    );
    if (!message) throw notFound('Message not found');
    if (!message.is_kept) throw conflict('The payload of this message is no longer kept');
    await this.db.query(
      `INSERT INTO webhook_delivery (message_id, endpoint_id, trigger) VALUES ($1, $2, 1)
       ON CONFLICT (message_id, endpoint_id) DO UPDATE
       SET lane = 0, attempts = 0, trigger = 1, next_attempt_at = now(), leased_until = NULL`,
      [messageId, endpointId],
    );
    await stir(this.db, OUTBOX_CHANNEL);
  }

  /**
   * Delivers all messages of a range that the endpoint's filters let through and that it has not taken yet, in their
   * order and not all at once, so that what is new is not kept waiting.
   * @returns how many will be delivered
   * @throws Failure 404, or 409 when the endpoint is disabled
   */
  async replay(owner: Owner, endpointId: string, { since, until, includesDelivered }: ReplayRange): Promise<number> {
    const endpoint = await this.enabled(owner, endpointId);
    const [made] = await this.db.query<{ deliveries: number }>(
      `WITH due AS (
         INSERT INTO webhook_delivery (message_id, endpoint_id, trigger, lane, next_attempt_at)
         SELECT m.id, e.id, 1, ${laneSql('e')}, now() + row_number() OVER (ORDER BY m.id) * interval '${REPLAY_STEP_MS} ms'
         FROM webhook_message m
         JOIN webhook_content c ON c.id = m.content_id
         JOIN webhook_endpoint e ON e.id = $1
         -- Ids run ahead of the time after a clock that was set back; they only narrow what is looked at.
         WHERE m.id >= $2 AND m.created_at >= $8 AND ($3::timestamptz IS NULL OR m.created_at < $3)
           AND m.endpoint_id IS NULL
           AND (CASE WHEN $4::text[] IS NULL THEN m.event_type <> ALL ($5::text[]) ELSE m.event_type = ANY ($4) END)
           AND ($6::uuid IS NULL OR m.user_id = $6)
           AND ($7 OR NOT EXISTS (
             SELECT FROM webhook_attempt a WHERE a.message_id = m.id AND a.endpoint_id = $1 AND a.status = 0))
         ON CONFLICT (message_id, endpoint_id) DO NOTHING
         RETURNING 1
       )
       SELECT count(*) AS deliveries FROM due`,
      [
        endpointId,
        idAt('msg', since),
        until?.toISOString() ?? null,
        endpoint.filter_types,
        NOT_USUAL,
        endpoint.user_id,
        includesDelivered,
        since.toISOString(),
      ],
    );
    await stir(this.db, OUTBOX_CHANNEL);
    return made!.deliveries;
  }

  private async enabled(owner: Owner, endpointId: string) {
    const endpoint = await this.endpoints.get(owner, endpointId);
    if (endpoint.disabled) throw conflict('Endpoint is disabled');
    return endpoint;
  }
}
