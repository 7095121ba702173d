import type { Answer } from './exchange.js';

export interface RateLimit {
  readonly requests: number;
  readonly perSeconds: number;
}

/** A vendor's limit per application, in fixed windows as most vendors count. */
export class RateLimiter {
  limit: RateLimit | null = null;
  refused = 0;
  private window = -1;
  private used = 0;

  constructor(private readonly now: () => number) {}

  /** Counts a call; a call too many gets this answer. */
  admit(): Answer | null {
    if (this.limit === null) return null;
    const seconds = this.now() / 1000;
    const window = Math.floor(seconds / this.limit.perSeconds);
    if (window !== this.window) [this.window, this.used] = [window, 0];
    if (++this.used <= this.limit.requests) return null;
    this.refused++;
    const wait = Math.ceil((window + 1) * this.limit.perSeconds - seconds);
    return { status: 429, headers: { 'Retry-After': String(wait) }, body: { error: 'rate_limit_exceeded' } };
  }
}
