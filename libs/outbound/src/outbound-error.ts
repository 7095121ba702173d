/**
 * Why nothing usable came back. `refused-address`: the host is, or resolves to, an address we do not talk to.
 * `insecure`: plain http where https is required, credentials in the URL, or no http URL at all.
 * `redirect`: too many redirects, or one that may not be followed.
 */
export type OutboundReason = 'refused-address' | 'insecure' | 'timeout' | 'too-large' | 'network' | 'redirect';

/** A request that got no answer. The message names the origin alone, never path, query, headers or body. */
export class OutboundError extends Error {
  constructor(
    readonly reason: OutboundReason,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.name = 'OutboundError';
  }
}
