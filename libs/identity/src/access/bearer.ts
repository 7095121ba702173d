import type { Request } from 'express';

/** Longer ones are not ours. */
const LONGEST = 4096;
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const BEARER = /^bearer +([^\s]+) *$/i;

/** The token of `Authorization: Bearer <token>`; null without one that can be ours. */
export function bearerToken(request: Pick<Request, 'headers'>): string | null {
  return asToken(BEARER.exec(request.headers.authorization ?? '')?.[1]);
}

/** As `bearerToken`; a bare token is taken too, because a published phone SDK sends it so. */
export function bareOrBearerToken(request: Pick<Request, 'headers'>): string | null {
  return bearerToken(request) ?? asToken(request.headers.authorization?.trim());
}

const asToken = (text: string | undefined): string | null =>
  text !== undefined && text.length <= LONGEST && JWT.test(text) ? text : null;

/** The key id in the head of a token, unverified; null when there is none. */
export function keyIdOf(token: string): string | null {
  try {
    const head: unknown = JSON.parse(Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString('utf8'));
    const id = typeof head === 'object' && head !== null && 'kid' in head ? head.kid : null;
    return typeof id === 'string' ? id : null;
  } catch {
    return null;
  }
}
