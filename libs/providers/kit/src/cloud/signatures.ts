import { createHmac, timingSafeEqual } from 'node:crypto';
import { instantFromDate, SECOND, type Instant } from '#libs/model';
import { ACCEPT, REFUSE, type VendorDelivery, type Verdict } from './vendor-webhooks.js';

const TOLERANCE_SECONDS = 300;

/** How a delivery is signed. */
export interface Signed {
  /** As it came. */
  readonly signature: string | undefined;
  /** Null, where nobody has set it up, refuses. */
  readonly key: string | null;
  /** What was signed, one after the other. */
  readonly parts: readonly (string | Buffer)[];
  readonly encoding: 'hex' | 'base64';
  /** When the vendor says that it signed; null, for what is no time, refuses. Not there: it does not say. */
  readonly sentAt?: Instant | null;
  /** Default 300. */
  readonly toleranceSeconds?: number;
}

/** Accepts what is signed right and, where the vendor signs a time, not long ago. */
export function hmacVerdict({ receivedAt }: VendorDelivery, signed: Signed): Verdict {
  const { signature, key, parts, encoding, sentAt, toleranceSeconds = TOLERANCE_SECONDS } = signed;
  const isFresh = sentAt === undefined || (sentAt !== null && isWithin(toleranceSeconds, sentAt, receivedAt));
  return isFresh && hmacMatches(signature, key, parts, encoding) ? ACCEPT : REFUSE;
}

/** Whether `given` is the HMAC-SHA256 of the parts, one after the other. Constant time; an empty key never matches. */
export function hmacMatches(
  given: string | undefined,
  key: string | null,
  parts: readonly (string | Buffer)[],
  encoding: 'hex' | 'base64',
): boolean {
  if (!given || !key) return false;
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return textMatches(given, hmac.digest(encoding));
}

/** Whether two texts are equal, in constant time. Nothing equals null or the empty text. */
export function textMatches(given: string | undefined, wanted: string | null): boolean {
  if (!given || !wanted) return false;
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Instant of a timestamp header: whole seconds, or milliseconds from 1e11 on; null for anything else. */
export function headerInstant(text: string | undefined): Instant | null {
  if (text === undefined || !/^\d{1,15}$/.test(text)) return null;
  const number = Number(text);
  return instantFromDate(new Date(number >= 1e11 ? number : number * 1000));
}

/** Whether two instants are at most so many seconds apart. */
export const isWithin = (seconds: number, one: Instant, other: Instant): boolean =>
  Math.abs(one - other) <= seconds * SECOND;
