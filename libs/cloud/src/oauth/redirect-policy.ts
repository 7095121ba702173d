import { badRequest } from '#libs/model';

/** Schemes that run something instead of going somewhere. */
const DANGEROUS = new Set(['javascript:', 'data:', 'file:', 'vbscript:', 'blob:']);

/** @throws Failure 400 `Invalid redirect_uri` for an address users must not be sent to */
export function checkRedirect(redirectUri: string, allowed: readonly string[]): void {
  const url = URL.canParse(redirectUri) ? new URL(redirectUri) : null;
  if (!url || DANGEROUS.has(url.protocol) || hasControls(redirectUri)) throw badRequest('Invalid redirect_uri');
  const isListed = allowed.some((entry) => entry === url.protocol || entry === url.origin);
  if (allowed.length > 0 && !isListed) throw badRequest('Invalid redirect_uri');
}

const hasControls = (text: string): boolean => [...text].some((character) => character <= ' ' || character === '\x7f');

/** The address with parameters added to its query. */
export function withParameters(address: string, parameters: Readonly<Record<string, string>>): string {
  const [before, fragment] = splitFragment(address);
  const query = Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  return `${before}${before.includes('?') ? '&' : '?'}${query}${fragment}`;
}

function splitFragment(address: string): [string, string] {
  const at = address.indexOf('#');
  return at < 0 ? [address, ''] : [address.slice(0, at), address.slice(at)];
}
