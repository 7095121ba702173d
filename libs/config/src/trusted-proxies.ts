import { isIP } from 'node:net';
import { Mistake, type Kind } from './kinds.js';

/** How many proxies stand between us and clients, or their addresses and networks. */
export type TrustedProxies = number | readonly string[];

const MOST_HOPS = 10;
const NAMED_NETWORKS = ['loopback', 'linklocal', 'uniquelocal'];

/** A count, or addresses, networks (`10.0.0.0/8`) and `loopback`, `linklocal`, `uniquelocal` with commas between. */
export const trustedProxies: Kind<TrustedProxies> = (text) => {
  if (/^\d{1,2}$/.test(text) && Number(text) <= MOST_HOPS) return Number(text);
  const parts = text.split(',').map((part) => part.trim());
  if (parts.every(isAddress)) return parts;
  throw new Mistake(
    `must be the number of proxies (up to ${MOST_HOPS}) or a list of addresses, for example 10.0.0.0/8`,
  );
};

function isAddress(text: string): boolean {
  if (NAMED_NETWORKS.includes(text)) return true;
  const [address = '', bits] = text.split('/', 2);
  const family = isIP(address);
  if (family === 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}
