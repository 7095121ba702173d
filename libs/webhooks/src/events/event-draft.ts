import { createHash } from 'node:crypto';

/** An event that is to become a message. */
export interface EventDraft {
  /** Null for events about no user. */
  readonly userKey: number | null;
  readonly userId: string | null;
  readonly type: string;
  /** Equal for what was told already: a message is made of the first only. */
  readonly eventId: string;
  /** Compact JSON of the payload's `data`. */
  readonly data: string;
}

const LONGEST_EVENT_ID = 256;

/** Event ids know letters, digits, `-`, `_` and `.` only. */
export const eventId = (...parts: readonly string[]): string =>
  parts
    .join('.')
    .replaceAll(/[^a-zA-Z0-9\-_.]/g, '_')
    .slice(0, LONGEST_EVENT_ID);

/** First 12 hex digits of the SHA-256: another content is another event. */
export const revision = (content: string): string => createHash('sha256').update(content).digest('hex').slice(0, 12);
