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

/** The key id that an unverified token names; null when it names none or its claims are no object. */
export function keyIdOf(token: string): string | null {
  const [head, claims] = token.split('.').map(objectOf);
  return claims && typeof head?.['kid'] === 'string' ? head['kid'] : null;
}

function objectOf(part: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}
