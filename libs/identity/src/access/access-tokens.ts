import { Inject, Injectable } from '@nestjs/common';
import jwt from 'jsonwebtoken';
import { CONFIG, type AppConfig } from '#libs/config';
import { SigningKeys } from './signing-keys.js';

export const ALGORITHM = 'HS256';
export type TokenKind = 'developer' | 'sdk';

/** What is said in the `typ` and `aud` claims of each kind. */
export const TOKEN_TYPES = { developer: 'developer-access', sdk: 'sdk-access' } as const;
export const AUDIENCES = { developer: 'developers', sdk: 'sdk' } as const;

/** What an access token says. */
export interface AccessClaims {
  readonly typ: string;
  readonly aud: string;
  /** The developer, or the user whose phone it is. */
  readonly sub: string;
  /** The session it belongs to. */
  readonly sid: string;
  readonly iat: number;
  readonly exp: number;
  /** SDK tokens only. */
  readonly scope?: 'sdk';
  readonly app_id?: string;
}

/** Signs short-lived access tokens, each kind with a key of its own. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly keys: SigningKeys,
    @Inject(CONFIG) private readonly config: Pick<AppConfig, 'accessTokenMinutes'>,
  ) {}

  get lifeSeconds(): number {
    return this.config.accessTokenMinutes * 60;
  }

  developer(developerId: string, sessionId: string, now: Date): string {
    return this.sign('developer', { sub: developerId, sid: sessionId }, now);
  }

  sdk(userId: string, appId: string, sessionId: string, now: Date): string {
    return this.sign('sdk', { sub: userId, sid: sessionId, scope: 'sdk', app_id: appId }, now);
  }

  private sign(kind: TokenKind, claims: object, now: Date): string {
    const { id, key } = this.keys.current(`${kind}-token`);
    const iat = Math.floor(now.getTime() / 1000);
    const payload = { ...claims, typ: TOKEN_TYPES[kind], aud: AUDIENCES[kind], iat, exp: iat + this.lifeSeconds };
    return jwt.sign(payload, key, { algorithm: ALGORITHM, keyid: id });
  }
}
