import type { OnApplicationShutdown } from '@nestjs/common';
import { ACCEPTED_ENCODINGS, readBody, type BodyLimits } from './answer-body.js';
import { OutboundError } from './outbound-error.js';
import { isLiteral, type HostClass, type OutboundPolicy } from './outbound-policy.js';
import { observeRequest } from './outbound-metrics.js';
import { PinnedAgents } from './pinned-agents.js';
import { nextHop, type Hop } from './redirects.js';
import { resolveHost, type Resolve } from './resolve-host.js';
import { typedError } from './typed-error.js';

export interface OutboundRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** For everything together: name, connection, redirects, headers, body; 30 s when not given. */
  readonly timeoutMs?: number;
  /** Largest body, packed or unpacked; 10 MiB when not given. */
  readonly maxBytes?: number;
  /** `excerpt`: the status is what counts, of the body whatever could be read; `whole` when not given. */
  readonly wanted?: 'whole' | 'excerpt';
  /** Redirects to follow, each checked like the first address; with 0 (default) a 3xx is the answer. */
  readonly redirects?: number;
  /** See `OutboundPolicy.check`. */
  readonly allowLoopback?: boolean;
}

export interface OutboundAnswer {
  readonly status: number;
  /** Names in lower case; several of one name are joined by a comma. */
  readonly headers: Record<string, string>;
  readonly body: Buffer;
  /** Of an excerpt: something of the body is missing. */
  readonly isCut: boolean;
}

const USER_AGENT = 'wearables-platform';
const TIMEOUT_MS = 30_000;
const MAX_BYTES = 10 * 1024 * 1024;

/** HTTP to the outside. Retries and budgets are the business of who asks. */
export class OutboundClient implements OnApplicationShutdown {
  private readonly agents: PinnedAgents;

  constructor(
    private readonly policy: OutboundPolicy,
    private readonly userAgent: string = USER_AGENT,
    resolve: Resolve = resolveHost,
  ) {
    this.agents = new PinnedAgents(resolve);
  }

  /**
   * Sends one request. Any HTTP status is an answer.
   * @throws OutboundError when there is no answer, or none that may be read
   */
  async request(request: OutboundRequest): Promise<OutboundAnswer> {
    const { timeoutMs = TIMEOUT_MS } = request;
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(new OutboundError('timeout', 'The time is over')), timeoutMs);
    try {
      return await this.follow(request, this.firstHop(request), abort.signal, timeoutMs);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Applies the rules before anything is sent. A name that nobody knows passes: it may be known later, and it is asked
   * for again at every connection.
   * @throws OutboundError as `request` would
   */
  async check(url: string): Promise<void> {
    const { hostname } = parsed(url);
    const hostClass = this.policy.check(parsed(url));
    if (hostClass === 'allowed' || isLiteral(hostname)) return;
    await this.agents.addressesOf(hostname, hostClass).catch((error: unknown) => {
      if (error instanceof OutboundError) throw error;
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agents.destroy();
  }

  private firstHop({ method, url, headers = {}, body }: OutboundRequest): Hop {
    const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    return {
      method,
      url: parsed(url),
      headers: {
        'user-agent': this.userAgent,
        'accept-encoding': ACCEPTED_ENCODINGS,
        ...(Object.fromEntries(lower) as Record<string, string>),
      },
      body: body ?? null,
    };
  }

  private async follow(request: OutboundRequest, first: Hop, signal: AbortSignal, timeoutMs: number) {
    const { redirects = 0, maxBytes = MAX_BYTES, wanted = 'whole', allowLoopback } = request;
    let hop = first;
    for (let left = redirects; ; left--) {
      const hostClass = this.policy.check(hop.url, allowLoopback);
      const answer = await observeRequest(hostClass, () =>
        this.send(hop, hostClass, signal, timeoutMs, { maxBytes, wanted }),
      );
      const next = redirects > 0 ? nextHop(hop, answer.status, answer.headers['location']) : null;
      if (next === null) return answer;
      if (left === 0) throw new OutboundError('redirect', `More than ${redirects} redirects`);
      hop = next;
    }
  }

  private async send(hop: Hop, hostClass: HostClass, signal: AbortSignal, timeoutMs: number, limits: BodyLimits) {
    try {
      const answer = await this.agents.for(hostClass).request({
        origin: hop.url.origin,
        path: `${hop.url.pathname}${hop.url.search}`,
        method: hop.method,
        headers: hop.headers,
        body: hop.body,
        signal,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
      const headers = flat(answer.headers);
      return {
        status: answer.statusCode,
        headers,
        ...(await readBody(answer.body, headers['content-encoding'], limits)),
      };
    } catch (error) {
      throw typedError(error, hop.url.origin);
    }
  }
}

function parsed(url: string): URL {
  if (URL.canParse(url)) return new URL(url);
  throw new OutboundError('insecure', 'Not an address');
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}
