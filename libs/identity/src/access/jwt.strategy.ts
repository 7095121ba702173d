import type { KeyObject } from 'node:crypto';
import { Strategy, type StrategyOptionsWithoutRequest } from 'passport-jwt';
import { ALGORITHM, AUDIENCES, TOKEN_TYPES, type AccessClaims, type TokenKind } from './access-tokens.js';
import { bareOrBearerToken, bearerToken, keyIdOf } from './bearer.js';
import type { Principal } from './principal.js';
import type { SigningKeys } from './signing-keys.js';

/** What the types let pass. A key object needs not be tried as a public key first, which takes 50 times as long as the rest. */
type Secret = Buffer;

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/**
 * Recognises one kind of access token: signed with a key of this kind, for this audience, of this type, not expired.
 * `recognise` says whose it is, or null when its session has ended.
 */
export function jwtStrategy(
  kind: TokenKind,
  keys: SigningKeys,
  recognise: (claims: AccessClaims) => Promise<Principal | null>,
): Strategy {
  const options: StrategyOptionsWithoutRequest = {
    jwtFromRequest: kind === 'sdk' ? bareOrBearerToken : bearerToken,
    algorithms: [ALGORITHM],
    audience: AUDIENCES[kind],
    secretOrKeyProvider: (_request: unknown, token: string, done: (error: unknown, key?: Secret) => void) => {
      const id = keyIdOf(token);
      const key = keys.all(`${kind}-token`).find((candidate) => candidate.id === id);
      done(key ? null : new Error('unknown key'), key?.key as KeyObject & Secret);
    },
  };
  return new Strategy(options, (claims: unknown, done: (error: unknown, user?: Principal | false) => void) => {
    if (!isOfKind(kind, claims)) return done(null, false);
    recognise(claims).then((principal) => done(null, principal ?? false), done);
  });
}

/** What we sign always looks so; a token of another make is not ours even under our key. */
function isOfKind(kind: TokenKind, value: unknown): value is AccessClaims {
  if (typeof value !== 'object' || value === null) return false;
  const { typ, sub, sid, exp, app_id: appId } = value as Record<string, unknown>;
  return (
    typ === TOKEN_TYPES[kind] &&
    [sub, sid].every((id) => typeof id === 'string' && UUID.test(id)) &&
    Number.isSafeInteger(exp) &&
    (kind === 'developer' || typeof appId === 'string')
  );
}
