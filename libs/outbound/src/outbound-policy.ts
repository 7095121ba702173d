import { isIP } from 'node:net';
import { addressClass, type AddressClass } from './address-class.js';
import { OutboundError } from './outbound-error.js';

/** `allowed`: on the operator's list, so any address will do. */
export type HostClass = 'public' | 'loopback' | 'allowed';

export interface PolicySettings {
  readonly environment: string;
  /** `host` or `host:port`, in lower case: may be reached whatever its address, also over http. */
  readonly outboundAllowedHosts: readonly string[];
}

const USUAL_PORTS = new Set(['', '80', '443']);

/** Where this installation may connect to. */
export class OutboundPolicy {
  private readonly isProduction: boolean;
  private readonly isOwnMachine: boolean;
  private readonly listed: ReadonlySet<string>;

  constructor({ environment, outboundAllowedHosts }: PolicySettings) {
    this.isProduction = environment === 'production';
    this.isOwnMachine = environment === 'local' || environment === 'test';
    this.listed = new Set(outboundAllowedHosts);
  }

  /**
   * What may be connected to for this URL; every rule that needs no name resolution is applied here.
   * @param allowLoopback false also refuses the own machine in the environments local and test, true allows it in
   *   every environment but production
   * @throws OutboundError `insecure` or `refused-address`
   */
  check(url: URL, allowLoopback = this.isOwnMachine): HostClass {
    const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
    if (!isWeb || url.username !== '' || url.password !== '') {
      throw new OutboundError('insecure', 'Only http and https addresses without credentials are reachable');
    }
    if (this.isListed(url)) return 'allowed';
    if (this.isProduction && url.protocol !== 'https:') {
      throw new OutboundError('insecure', `${url.origin} is not https`);
    }
    const hostClass = allowLoopback && !this.isProduction ? 'loopback' : 'public';
    const literal = literalAddress(url.hostname);
    const isRefused = literal !== null && !isReachable(addressClass(literal), hostClass);
    if (isRefused || (hostClass === 'public' && !USUAL_PORTS.has(url.port))) throw refused(url.origin);
    return hostClass;
  }

  private isListed(url: URL): boolean {
    const host = url.hostname.replace(/\.$/, '');
    const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
    return this.listed.has(host) || this.listed.has(`${host}:${port}`);
  }
}

/** Whether a connection of that class may go to an address of that class. */
export const isReachable = (address: AddressClass, host: HostClass): boolean =>
  host === 'allowed' || address === 'public' || address === host;

export const refused = (origin: string, cause?: unknown): OutboundError =>
  new OutboundError('refused-address', `${origin} is not a reachable public address`, cause);

/** Whether a URL's host is an address and not a name. */
export const isLiteral = (hostname: string): boolean => literalAddress(hostname) !== null;

/** The URL parser has turned every spelling (decimal, octal, hex, short) into the usual one. */
function literalAddress(hostname: string): string | null {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname.replace(/\.$/, '');
  return isIP(bare) === 0 ? null : bare;
}
