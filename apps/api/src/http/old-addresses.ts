import type { RequestHandler } from 'express';
import { PROVIDERS } from '#libs/model';

const CODES = PROVIDERS.join('|');

/** Addresses clients and vendors may know from elsewhere, and where they lead. Queries stay. */
const ALIASES: readonly (readonly [method: string, from: RegExp, to: string])[] = [
  [
    'POST',
    new RegExp(`^(?:/api/v1)?/(${CODES})/users/([^/?]+)/sync(?=/?(?:\\?|$))`),
    '/api/v1/providers/$1/users/$2/sync',
  ],
  [
    'POST',
    new RegExp(`^/api/v1/sync/(${CODES})/users/([^/?]+)/sync(?=/?(?:\\?|$))`),
    '/api/v1/providers/$1/users/$2/sync',
  ],
  ['POST', /^\/api\/v1\/garmin\/webhooks\/(?:ping|push)(?=\/?(?:\?|$))/, '/api/v1/providers/garmin/webhooks'],
  ['*', /^\/api\/v1\/(oura|strava)\/webhooks(?=\/?(?:\?|$))/, '/api/v1/providers/$1/webhooks'],
  ['*', /^\/api\/v1\/strava\/webhook(?=\/?(?:\?|$))/, '/api/v1/providers/strava/webhooks'],
  ['*', /^\/api\/v1\/oura\/webhooks\/subscriptions(?=[/?]|$)/, '/api/v1/providers/oura/webhooks/subscriptions'],
];

/** The address an old one leads to; the same one for all others. */
export function currentAddress(method: string, url: string): string {
  const alias = ALIASES.find(([of, from]) => (of === '*' || of === method) && from.test(url));
  return alias ? url.replace(alias[1], alias[2]) : url;
}

/** Serves old addresses like those they lead to. */
export const oldAddresses = (): RequestHandler => (request, _response, next) => {
  request.url = currentAddress(request.method, request.url);
  next();
};
