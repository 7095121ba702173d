import type { Request } from 'express';
import type { IncomingUpload } from '#libs/sync';
import { userIdOf } from '../http/user-id.js';

/** An upload as the request brings it: its body is still unread. */
export function incomingUpload(request: Request, userId: string): IncomingUpload {
  const declared = Number(request.headers['content-length'] ?? Number.NaN);
  return {
    userId: userIdOf(userId),
    contentType: request.headers['content-type'],
    requestId: request.res?.get('X-Request-Id') ?? null,
    body: {
      stream: request,
      encoding: request.headers['content-encoding'],
      declaredBytes: Number.isSafeInteger(declared) ? declared : null,
    },
  };
}
