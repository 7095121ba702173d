import type { RequestHandler, Response } from 'express';

export interface CorsPolicy {
  /** Origins that may send credentials. */
  readonly origins: readonly string[];
  /** Any other origin may read answers, but never with credentials. */
  readonly allowAll: boolean;
}

const METHODS = 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT';
const EXPOSED = 'Content-Disposition, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, X-Request-Id';

/** Answers preflights and marks every answer, errors included, for the origins that may read it. */
export function cors({ origins, allowAll }: CorsPolicy): RequestHandler {
  const known = new Set(origins.map((origin) => origin.replace(/\/+$/, '')));
  return (request, response, next) => {
    const origin = request.headers.origin;
    if (origin === undefined) {
      next();
      return;
    }
    const isKnown = known.has(origin);
    const isPreflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
    response.vary('Origin');
    if (isKnown) response.set({ 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Credentials': 'true' });
    else if (allowAll) response.set('Access-Control-Allow-Origin', '*');
    if (isKnown || allowAll) response.set('Access-Control-Expose-Headers', EXPOSED);
    if (!isPreflight) {
      next();
      return;
    }
    answerPreflight(response, isKnown || allowAll, request.headers['access-control-request-headers']);
  };
}

function answerPreflight(response: Response, isAllowed: boolean, requestedHeaders: string | undefined): void {
  if (!isAllowed) {
    response.status(400).type('text/plain').send('Disallowed CORS origin');
    return;
  }
  response.vary('Access-Control-Request-Headers');
  response.set({ 'Access-Control-Allow-Methods': METHODS, 'Access-Control-Max-Age': '600' });
  if (requestedHeaders !== undefined) response.set('Access-Control-Allow-Headers', requestedHeaders);
  response.status(200).type('text/plain').send('OK');
}
