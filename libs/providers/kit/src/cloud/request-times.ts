import { DAY, formatInstant, SECOND, type Instant } from '#libs/model';

/** `2026-03-08T00:00:00Z`; the fraction is cut. */
export const isoSeconds = (at: Instant): string => formatInstant(Math.floor(at / SECOND) * SECOND);

/** UTC date `2026-03-08`, `plusDays` later. */
export const utcDate = (at: Instant, plusDays = 0): string => formatInstant(at + plusDays * DAY).slice(0, 10);

export const epochSeconds = (at: Instant): number => Math.floor(at / SECOND);
export const epochMillis = (at: Instant): number => Math.floor(at / 1000);
