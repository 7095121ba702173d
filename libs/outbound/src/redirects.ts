import { OutboundError } from './outbound-error.js';

/** One request on its way; a redirect turns it into the next one. */
export interface Hop {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | null;
}

/** Meant for the host they were sent to, not for whoever it points to. */
const FOR_THE_FIRST_HOST = /^(authorization|proxy-authorization|cookie|x-.*(key|token|secret).*)$/i;
const ABOUT_THE_BODY = /^content-/i;

/**
 * The request that a redirect asks for, null when the status is no redirect.
 * @throws OutboundError `redirect` when it leads from https to http or to no address
 */
export function nextHop(hop: Hop, status: number, location: string | undefined): Hop | null {
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return null;
  if (!URL.canParse(location, hop.url.href))
    throw new OutboundError('redirect', `${hop.url.origin} redirects to no address`);
  const url = new URL(location, hop.url);
  if (hop.url.protocol === 'https:' && url.protocol !== 'https:') {
    throw new OutboundError('redirect', `${hop.url.origin} redirects away from https`);
  }
  const becomesGet = status === 303 ? hop.method !== 'HEAD' : status < 303 && hop.method === 'POST';
  const isElsewhere = url.origin !== hop.url.origin;
  const headers = Object.entries(hop.headers).filter(
    ([name]) => !(isElsewhere && FOR_THE_FIRST_HOST.test(name)) && !(becomesGet && ABOUT_THE_BODY.test(name)),
  );
  return {
    method: becomesGet ? 'GET' : hop.method,
    url,
    headers: Object.fromEntries(headers),
    body: becomesGet ? null : hop.body,
  };
}
