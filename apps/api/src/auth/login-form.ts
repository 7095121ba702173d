import busboy from 'busboy';
import type { Request } from 'express';

/** What a login form says. */
export interface LoginForm {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(;|$)/i;
const MULTIPART_TYPE = /^multipart\/form-data\s*;/i;
const LIMITS = { fields: 10, parts: 10, files: 0, fieldSize: 4096, fieldNameSize: 100 };
const MULTIPART_MAX_BYTES = 64 * 1024;

/** The fields of a form, urlencoded or multipart. Anything else, JSON too, has none. */
export async function loginForm(request: Request): Promise<LoginForm> {
  const type = request.headers['content-type'] ?? '';
  const fields = MULTIPART_TYPE.test(type)
    ? await multipartFields(request)
    : FORM_TYPE.test(type)
      ? (request.body as Record<string, string> | undefined)
      : undefined;
  const { username, password, grant_type: grant = 'password' } = fields ?? {};
  return grant === 'password' || grant === '' ? { username, password } : {};
}

/** Undefined when the body is no multipart form or a large one. */
function multipartFields(request: Request): Promise<Record<string, string> | undefined> {
  if (Number(request.headers['content-length'] ?? Infinity) > MULTIPART_MAX_BYTES) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const fields: Record<string, string> = {};
    try {
      const parser = busboy({ headers: request.headers, limits: LIMITS });
      parser.on('field', (name, value) => {
        fields[name] = value;
      });
      parser.on('error', () => resolve(undefined));
      parser.on('close', () => resolve(fields));
      request.on('aborted', () => resolve(undefined));
      request.pipe(parser);
    } catch {
      // The head does not even name a boundary.
      resolve(undefined);
    }
  });
}
