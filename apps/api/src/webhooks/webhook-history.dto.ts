import { formatInstant, type QueryInstant } from '#libs/model';
import type { AttemptQuery, AttemptView, HistoryPage, HistoryQuery, MessageView } from '#libs/webhooks';
import { Shown } from '../http/shown.js';
import { text } from '../http/wire/text.kinds.js';
import { WireInstant, WireInt, WireList, WireString } from '../http/wire/wire.js';

const OPTIONAL = { optional: true } as const;

export class MessagesQuery {
  @WireInt({ min: 1, max: 250, default: 50 })
  limit!: number;

  @WireString({ ...OPTIONAL, max: 64, description: '`iterator` or `prevIterator` of a page' })
  iterator?: string;

  @WireInstant({ ...OPTIONAL, description: 'Exclusive' })
  before?: QueryInstant;

  @WireInstant({ ...OPTIONAL, description: 'Exclusive' })
  after?: QueryInstant;
}

export class AttemptsQuery extends MessagesQuery {
  @WireInt({ ...OPTIONAL, min: 0, max: 3, description: '0 success, 1 pending, 2 fail, 3 sending' })
  status?: number;

  @WireList(text(), { ...OPTIONAL, name: 'event_types' })
  eventTypes?: string[];
}

export const historyQuery = ({ limit, iterator, before, after }: MessagesQuery): HistoryQuery => ({
  limit,
  iterator: iterator ?? null,
  before: before ? formatInstant(before.instant) : null,
  after: after ? formatInstant(after.instant) : null,
});

export const attemptQuery = (query: AttemptsQuery): AttemptQuery => ({
  ...historyQuery(query),
  status: query.status ?? null,
  eventTypes: query.eventTypes ?? null,
});

export class WebhookMessageAnswer implements MessageView {
  @Shown.text()
  id!: string;

  @Shown.text()
  eventType!: string;

  @Shown.text({ nullable: true })
  eventId!: string | null;

  @Shown.timestamp()
  timestamp!: string;

  @Shown.listOf('string', { nullable: true, description: '`user.<id>`' })
  channels!: string[] | null;

  @Shown.listOf('string', { nullable: true })
  tags!: null;

  @Shown.json({ nullable: true, description: 'Only with attempts; `{"expired": true}` when no longer kept' })
  payload!: MessageView['payload'];
}

class WebhookHistoryAnswer {
  @Shown.flag({ description: 'Nothing older follows' })
  done!: boolean;

  @Shown.text({ nullable: true, description: 'For the next, older page' })
  iterator!: string | null;

  @Shown.text({ nullable: true, description: 'For the previous, newer page' })
  prevIterator!: string | null;
}

export class WebhookMessagePageAnswer extends WebhookHistoryAnswer implements HistoryPage<WebhookMessageAnswer> {
  @Shown.list(() => WebhookMessageAnswer)
  data!: WebhookMessageAnswer[];
}

export class WebhookAttemptAnswer implements AttemptView {
  @Shown.text()
  id!: string;

  @Shown.text()
  endpointId!: string;

  @Shown.text()
  msgId!: string;

  @Shown.text()
  url!: string;

  @Shown.text({ description: 'At most 20000 bytes; base64 where it is no text' })
  response!: string;

  @Shown.int({ description: '0: no answer' })
  responseStatusCode!: number;

  @Shown.int()
  responseDurationMs!: number;

  @Shown.int({ description: '0 success, 2 fail' })
  status!: number;

  @Shown.text()
  statusText!: string;

  @Shown.int({ description: '0 scheduled, 1 manual' })
  triggerType!: number;

  @Shown.timestamp()
  timestamp!: string;

  @Shown.object(() => WebhookMessageAnswer, { nullable: true })
  msg!: WebhookMessageAnswer | null;
}

export class WebhookAttemptPageAnswer extends WebhookHistoryAnswer implements HistoryPage<WebhookAttemptAnswer> {
  @Shown.list(() => WebhookAttemptAnswer)
  data!: WebhookAttemptAnswer[];
}
