import { Injectable } from '@nestjs/common';
import { logger } from '#libs/observability';
import { OutboundClient, OutboundError, type OutboundAnswer } from '#libs/outbound';
import { SecretBox } from '#libs/secrets';
import { SECRET_PURPOSE } from '../endpoints/secret-purpose.js';
import { sortableId } from '../ids/sortable-id.js';
import { messageBody } from '../message-body.js';
import { secretKey, signedHeaders } from '../signing/sign.js';
import type { AttemptResult, DueDelivery } from './delivery.js';
import { responseText } from './response-text.js';
import { retryDelaySeconds } from './schedule.js';

export const TIMEOUT_MS = 15_000;
const MOST_RESPONSE_BYTES = 20_000;
const OPENED_SECRETS = 10_000;
const GONE = 410;
const EXPIRED = 'expired';

interface Outcome {
  readonly statusCode: number;
  readonly response: string;
  readonly isTimeout: boolean;
  readonly retryAfter: string | undefined;
}

/** Sends one message to one endpoint. */
@Injectable()
export class AttemptSender {
  /** Keys by their sealed form: opening one takes longer than signing. */
  private readonly keys = new Map<string, Buffer>();

  constructor(
    private readonly outbound: OutboundClient,
    private readonly secrets: SecretBox,
  ) {}

  /** Never rejects: that the endpoint did not take it is a result too. */
  async send(delivery: DueDelivery, timeoutMs = TIMEOUT_MS): Promise<AttemptResult> {
    const startedAt = new Date();
    const start = performance.now();
    const outcome = await this.attempt(delivery, startedAt, timeoutMs);
    const isSuccess = outcome.statusCode >= 200 && outcome.statusCode < 300;
    const { statusCode, response } = outcome;
    const endedAt = new Date();
    const isFinal = isSuccess || statusCode === GONE || delivery.data === null;
    const delay = isFinal ? null : retryDelaySeconds(delivery.attempts + 1, outcome, endedAt);
    return {
      id: sortableId('atmpt', startedAt.getTime()),
      delivery,
      startedAt,
      durationMs: Math.round(performance.now() - start),
      isSuccess,
      statusCode,
      response,
      nextAttemptAt: delay === null ? null : new Date(endedAt.getTime() + delay * 1000),
    };
  }

  private async attempt(delivery: DueDelivery, at: Date, timeoutMs: number): Promise<Outcome> {
    // What is no longer kept is told to nobody as if it were news.
    if (delivery.data === null) return { statusCode: 0, response: EXPIRED, ...NO_WISH };
    try {
      const body = Buffer.from(messageBody(delivery.eventType, delivery.data));
      const keys = delivery.secrets.map((sealed) => this.open(sealed));
      const answer = await this.outbound.request({
        method: 'POST',
        url: delivery.url,
        headers: {
          'content-type': 'application/json',
          ...signedHeaders(delivery.messageId, Math.floor(at.getTime() / 1000), body, keys),
        },
        body,
        timeoutMs,
        maxBytes: MOST_RESPONSE_BYTES,
        wanted: 'excerpt',
      });
      return answered(answer);
    } catch (error) {
      if (!(error instanceof OutboundError)) {
        logger().error({ err: error, endpoint_id: delivery.endpointId }, 'webhook_attempt_failed');
        return { statusCode: 0, response: 'internal', ...NO_WISH };
      }
      return { statusCode: 0, response: error.reason, isTimeout: error.reason === 'timeout', retryAfter: undefined };
    }
  }

  private open(sealed: string): Buffer {
    const known = this.keys.get(sealed);
    if (known) return known;
    const key = secretKey(this.secrets.open(sealed, SECRET_PURPOSE));
    if (key === null) throw new Error('A stored webhook secret is none');
    if (this.keys.size >= OPENED_SECRETS) this.keys.clear();
    this.keys.set(sealed, key);
    return key;
  }
}

const NO_WISH = { isTimeout: false, retryAfter: undefined };

const answered = ({ status, headers, body }: OutboundAnswer): Outcome => ({
  statusCode: status,
  response: responseText(body),
  isTimeout: false,
  retryAfter: headers['retry-after'],
});
