import { promises as dns } from 'node:dns';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** All addresses of a host name, at least one; rejects when there is none. */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>;

const ATTEMPT_MS = 2000;
const ATTEMPTS = 2;
/** A machine that changes networks gets other name servers; they are read again this often. */
const RESOLVER_LIFE_MS = 30_000;
/** The name server did not answer; the system's own lookup would only wait once more. */
const SILENT = new Set(['ETIMEOUT', 'ECANCELLED']);

let resolver: { readonly dns: dns.Resolver; readonly since: number } | undefined;

/**
 * Asks the name servers without the thread pool of `getaddrinfo`, where four names that never answer would hold up
 * every other lookup and file access of the process. Names the servers do not know go to the system (hosts file).
 */
export async function resolveHost(hostname: string): Promise<readonly ResolvedAddress[]> {
  if (!/^localhost\.?$/i.test(hostname)) {
    const [v4, v6] = await Promise.allSettled([ask(hostname, 4), ask(hostname, 6)]);
    const found = [v4, v6].flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (found.length > 0) return found;
    for (const answer of [v4, v6]) {
      if (answer.status === 'rejected' && SILENT.has(codeOf(answer.reason))) throw answer.reason;
    }
  }
  const found = await dns.lookup(hostname, { all: true, order: 'ipv4first' });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}

async function ask(hostname: string, family: 4 | 6): Promise<ResolvedAddress[]> {
  const { dns: servers } = currentResolver();
  const addresses = family === 4 ? await servers.resolve4(hostname) : await servers.resolve6(hostname);
  return addresses.map((address) => ({ address, family }));
}

function currentResolver(): { readonly dns: dns.Resolver } {
  const now = performance.now();
  if (resolver === undefined || now - resolver.since > RESOLVER_LIFE_MS) {
    resolver = { dns: new dns.Resolver({ timeout: ATTEMPT_MS, tries: ATTEMPTS }), since: now };
  }
  return resolver;
}

const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code);
