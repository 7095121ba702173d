import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { requestContext } from '#libs/observability';

export const REQUEST_ID_HEADER = 'X-Request-Id';
const ACCEPTABLE_ID = /^[\w.:-]{1,128}$/;

/** Gives every request an id (the caller's own when it is a plain one), answers it and lets everything below know it. */
export function inRequestContext(): RequestHandler {
  return (request, response, next) => {
    const given = request.get(REQUEST_ID_HEADER);
    const requestId = given !== undefined && ACCEPTABLE_ID.test(given) ? given : randomUUID();
    response.set(REQUEST_ID_HEADER, requestId);
    requestContext.run({ requestId, actor: null }, next);
  };
}
