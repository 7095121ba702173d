import type { Request } from 'express';
import type { IncomingFile } from '#libs/imports';

/** A file as the request brings it: its body is still unread. */
export function incomingFile(request: Request): IncomingFile {
  const declared = Number(request.headers['content-length'] ?? Number.NaN);
  return {
    headers: { 'content-type': request.headers['content-type'] },
    body: {
      stream: request,
      encoding: request.headers['content-encoding'],
      declaredBytes: Number.isSafeInteger(declared) ? declared : null,
    },
  };
}

/** What a form with one file looks like. */
export const FILE_FORM = {
  type: 'object',
  required: ['file'],
  properties: { file: { type: 'string', format: 'binary', description: 'export.xml or the archive it came in' } },
};
