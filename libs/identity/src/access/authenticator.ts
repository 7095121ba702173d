import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Passport, type Strategy } from 'passport';
import { HeaderAPIKeyStrategy } from 'passport-headerapikey';
import { ApiKeys } from '../keys/api-keys.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { SCOPES, type Scope } from './access.js';
import type { AccessClaims } from './access-tokens.js';
import { jwtStrategy } from './jwt.strategy.js';
import type { ApiKeyPrincipal, DeveloperPrincipal, Principal, SdkPrincipal } from './principal.js';
import { SigningKeys } from './signing-keys.js';

export const API_KEY_HEADER = 'X-Open-Wearables-API-Key';
/** Read only when the first header is absent or empty. */
export const API_KEY_HEADER_ALIAS = 'X-API-Key';

/** Why nobody was recognised: nothing was presented, or what was presented is not valid. */
export type Refusal = 'missing' | 'invalid';

const STRATEGIES = { header: 'api-key', alias: 'api-key-alias', developer: 'developer', sdk: 'sdk' } as const;
type StrategyName = (typeof STRATEGIES)[keyof typeof STRATEGIES];

/** Recognises callers by the credentials they carry, one passport strategy per credential. */
@Injectable()
export class Authenticator {
  private readonly passport = new Passport();

  constructor(
    private readonly keys: ApiKeys,
    private readonly sessions: SessionsRepository,
    signingKeys: SigningKeys,
  ) {
    this.passport.use(STRATEGIES.header, this.apiKeyStrategy(API_KEY_HEADER));
    this.passport.use(STRATEGIES.alias, this.apiKeyStrategy(API_KEY_HEADER_ALIAS));
    this.passport.use(
      STRATEGIES.developer,
      jwtStrategy('developer', signingKeys, (claims) => this.developerOf(claims)),
    );
    this.passport.use(
      STRATEGIES.sdk,
      jwtStrategy('sdk', signingKeys, (claims) => this.phoneOf(claims)),
    );
  }

  /** The API key of a request, or why there is none. */
  async apiKey(request: Request): Promise<ApiKeyPrincipal | Refusal> {
    const isFirst = Boolean(request.get(API_KEY_HEADER));
    if (!isFirst && !request.get(API_KEY_HEADER_ALIAS)) return 'missing';
    const principal = await this.run(isFirst ? STRATEGIES.header : STRATEGIES.alias, request);
    return principal?.kind === 'api-key' ? principal : 'invalid';
  }

  /** The developer whose running session the request's bearer token belongs to. */
  async developer(request: Request): Promise<DeveloperPrincipal | null> {
    const principal = request.headers.authorization ? await this.run(STRATEGIES.developer, request) : null;
    return principal?.kind === 'developer' ? principal : null;
  }

  /** The phone whose running session the request's token belongs to. */
  async phone(request: Request): Promise<SdkPrincipal | null> {
    const principal = request.headers.authorization ? await this.run(STRATEGIES.sdk, request) : null;
    return principal?.kind === 'sdk' ? principal : null;
  }

  private async developerOf({ sub, sid }: AccessClaims): Promise<Principal | null> {
    const session = await this.sessions.running(sid, new Date());
    if (session?.kind !== 'developer' || session.developer_id !== sub) return null;
    return { kind: 'developer', id: sub, sessionId: sid };
  }

  private async phoneOf({ sub, sid, app_id: appId = '' }: AccessClaims): Promise<Principal | null> {
    const session = await this.sessions.running(sid, new Date());
    return session?.kind === 'sdk' && session.user_id === sub ? { kind: 'sdk', id: sub, appId, sessionId: sid } : null;
  }

  private apiKeyStrategy(header: string): Strategy {
    return new HeaderAPIKeyStrategy({ header, prefix: '' }, false, (key, done) => {
      this.keys
        .verify(key)
        .then(
          (record) =>
            done(null, record ? { kind: 'api-key', id: record.id, scopes: powersOf(record.scopes) } : undefined),
          done,
        );
    });
  }

  private run(strategy: StrategyName, request: Request): Promise<Principal | null> {
    return new Promise((resolve, reject) => {
      const settle = (error: Error | null, principal?: Principal | false): void =>
        error ? reject(error) : resolve(principal || null);
      const handle = this.passport.authenticate(strategy, { session: false }, settle) as (
        request: Request,
        response: unknown,
        next: (error?: unknown) => void,
      ) => void;
      handle(request, request.res, reject);
    });
  }
}

const powersOf = (scopes: readonly Scope[]): ReadonlySet<Scope> => new Set(scopes.includes('admin') ? SCOPES : scopes);
