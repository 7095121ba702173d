import type { LookupFunction } from 'node:net';
import { Agent } from 'undici';
import { addressClass } from './address-class.js';
import { isReachable, refused, type HostClass } from './outbound-policy.js';
import type { ResolvedAddress, Resolve } from './resolve-host.js';

const CONNECT_MS = 10_000;
const KEEP_ALIVE_MS = 10_000;

/**
 * Pools of connections apart by class of host, so that a connection opened under one rule never serves a request under
 * a stricter one. Each connection resolves its host once and goes to exactly the addresses that were checked. How many
 * there may be is the business of who asks: with a limit here, one address that hangs would hold up others of its host.
 */
export class PinnedAgents {
  private readonly agents: Readonly<Record<HostClass, Agent>>;

  constructor(private readonly resolve: Resolve) {
    const make = (hostClass: HostClass): Agent =>
      new Agent({
        connect: { lookup: this.checkedLookup(hostClass), timeout: CONNECT_MS },
        keepAliveTimeout: KEEP_ALIVE_MS,
        pipelining: 1,
      });
    this.agents = { public: make('public'), loopback: make('loopback'), allowed: make('allowed') };
  }

  for(hostClass: HostClass): Agent {
    return this.agents[hostClass];
  }

  /**
   * All addresses of a host name.
   * @throws OutboundError `refused-address` when there is none or when one is refused
   */
  async addressesOf(hostname: string, hostClass: HostClass): Promise<readonly [ResolvedAddress, ...ResolvedAddress[]]> {
    const [first, ...others] = await this.resolve(hostname);
    if (
      first === undefined ||
      ![first, ...others].every(({ address }) => isReachable(addressClass(address), hostClass))
    ) {
      throw refused(hostname);
    }
    return [first, ...others];
  }

  async destroy(): Promise<void> {
    await Promise.all(Object.values(this.agents).map((agent) => agent.destroy()));
  }

  /** What the socket asks for the addresses of its host. */
  private checkedLookup(hostClass: HostClass): LookupFunction {
    return (hostname, options, callback) => {
      this.addressesOf(hostname, hostClass).then(
        (found) => {
          if (options.all === true) callback(null, [...found]);
          else callback(null, found[0].address, found[0].family);
        },
        (error: unknown) => callback(error instanceof Error ? error : new Error('Name not resolved'), '', 0),
      );
    };
  }
}
