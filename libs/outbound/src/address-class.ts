import ipaddr from 'ipaddr.js';

/** `public`: anybody's address on the internet. `loopback`: this machine. `refused`: everything else. */
export type AddressClass = 'public' | 'loopback' | 'refused';

/** Only this block of IPv6 is handed out to the public; what lies outside is special or tunnels to IPv4. */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

/** Public by registry, yet answered by the cloud's own control plane on every virtual machine. */
const CLOUD_CONTROL = new Set(['168.63.129.16']);

/**
 * Which kind of address this is. Private, link-local, carrier-grade NAT, multicast, reserved, and every IPv6 form that
 * carries an IPv4 address (mapped, compatible, NAT64, 6to4, Teredo) are refused, as is text that is no address.
 */
export function addressClass(text: string): AddressClass {
  if (!ipaddr.isValid(text)) return 'refused';
  const address = ipaddr.parse(text);
  const range = address.range();
  if (range === 'loopback') return 'loopback';
  if (range !== 'unicast' || CLOUD_CONTROL.has(address.toString())) return 'refused';
  return address.kind() === 'ipv4' || address.match(GLOBAL_UNICAST) ? 'public' : 'refused';
}
