import { formatInstant, type Instant } from '#libs/model';
import type { EventCategory } from '../events/event-draft.js';
import type { Announcement } from './outbox.writer.js';

/** What integrators may hear of an event that is no more; `replacedBy`: the event it became part of. */
export const deletion = (
  category: EventCategory,
  eventId: string,
  now: Instant,
  replacedBy: string | null = null,
): Announcement => ({
  kind: `${category}.deleted`,
  payload: { event_id: eventId, replaced_by: replacedBy, deleted_at: formatInstant(now) },
});
