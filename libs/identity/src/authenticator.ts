import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Passport, type Strategy } from 'passport';
import { HeaderAPIKeyStrategy } from 'passport-headerapikey';
import { SCOPES } from './access.js';
import { ApiKeys } from './api-keys.js';
import type { Principal } from './principal.js';

export const API_KEY_HEADER = 'X-Open-Wearables-API-Key';
/** Read only when the first header is absent or empty. */
export const API_KEY_HEADER_ALIAS = 'X-API-Key';

/** Why nobody was recognised: nothing was presented, or what was presented is not valid. */
export type Refusal = 'missing' | 'invalid';

/** Recognises callers by the credentials they carry, one passport strategy per credential. */
@Injectable()
export class Authenticator {
  private readonly passport = new Passport();

  constructor(private readonly keys: ApiKeys) {
    this.passport.use('api-key', this.apiKeyStrategy(API_KEY_HEADER));
    this.passport.use('api-key-alias', this.apiKeyStrategy(API_KEY_HEADER_ALIAS));
  }

  /** The caller of a request, or why there is none. */
  async authenticate(request: Request): Promise<Principal | Refusal> {
    const strategy = request.get(API_KEY_HEADER) ? 'api-key' : 'api-key-alias';
    const principal = await this.run(strategy, request);
    return principal ?? (request.get(API_KEY_HEADER) || request.get(API_KEY_HEADER_ALIAS) ? 'invalid' : 'missing');
  }

  private apiKeyStrategy(header: string): Strategy {
    return new HeaderAPIKeyStrategy({ header, prefix: '' }, false, (key, done) => {
      this.keys
        .verify(key)
        .then(
          (record) => done(null, record ? { kind: 'api-key', id: record.id, scopes: ALL_SCOPES } : undefined),
          done,
        );
    });
  }

  private run(strategy: string, request: Request): Promise<Principal | null> {
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

/** A key without a narrower list may do everything. */
const ALL_SCOPES: Principal['scopes'] = new Set(SCOPES);
