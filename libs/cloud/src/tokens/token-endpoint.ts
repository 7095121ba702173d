import { Injectable } from '@nestjs/common';
import type { JsonObject, JsonValue } from '#libs/model';
import { OutboundClient, OutboundError } from '#libs/outbound';
import { isJsonObject, VendorError } from '#libs/providers/kit';
import { requireCredentials, type CloudApp } from '../app/cloud-app.js';

const TIMEOUT_MS = 20_000;
const MOST_BYTES = 1024 * 1024;
/** Ten years: who says more means for ever, and dates end somewhere. */
const LONGEST_LIFE_SECONDS = 315_360_000;

/** A vendor's answer with tokens. */
export interface TokenAnswer {
  readonly accessToken: string;
  /** Null: the old one goes on. */
  readonly refreshToken: string | null;
  readonly expiresInSeconds: number | null;
  readonly scope: string | null;
  /** All of it, for the account's id. */
  readonly fields: JsonObject;
}

/** The vendor says that this grant is over for good. */
export class InvalidGrant extends VendorError {
  constructor(provider: string) {
    super('unauthorized', `${provider} refuses the grant`, { status: 400 });
    this.name = 'InvalidGrant';
  }
}

/** Calls of a vendor's token endpoint. They are outside of the budget of its API. */
@Injectable()
export class TokenEndpoint {
  constructor(private readonly outbound: OutboundClient) {}

  /** @throws InvalidGrant, VendorError, Failure 503 without credentials */
  exchange(app: CloudApp, code: string, codeVerifier: string | null): Promise<TokenAnswer> {
    return this.call(app, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: app.redirectUri,
      ...(codeVerifier === null ? {} : { code_verifier: codeVerifier }),
    });
  }

  /** @throws as `exchange` */
  refresh(app: CloudApp, refreshToken: string): Promise<TokenAnswer> {
    return this.call(app, { grant_type: 'refresh_token', refresh_token: refreshToken });
  }

  private async call(app: CloudApp, grant: Record<string, string>): Promise<TokenAnswer> {
    const { id, secret } = requireCredentials(app);
    const isBasic = app.cloud.oauth.clientAuth === 'basic';
    const form = isBasic ? grant : { ...grant, client_id: id, client_secret: secret };
    const { status, body } = await this.post(app, form, isBasic ? { authorization: basicAuth(id, secret) } : {});
    const json = parsed(body);
    if (status === 400 || status === 401) {
      if (isJsonObject(json) && json['error'] === 'invalid_grant') throw new InvalidGrant(app.code);
    }
    if (status < 200 || status >= 300) {
      throw new VendorError('status', `The token endpoint of ${app.code} answers ${status}`, { status });
    }
    return tokenAnswer(app, json);
  }

  private async post(
    app: CloudApp,
    form: Record<string, string>,
    headers: Record<string, string>,
  ): Promise<{ status: number; body: Buffer }> {
    try {
      return await this.outbound.request({
        method: 'POST',
        url: app.tokenUrl,
        headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams(form).toString(),
        timeoutMs: TIMEOUT_MS,
        maxBytes: MOST_BYTES,
      });
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      throw new VendorError('unreachable', `The token endpoint of ${app.code} does not answer`, { cause: error });
    }
  }
}

export const basicAuth = (id: string, secret: string): string =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

function parsed(body: Buffer): JsonValue | undefined {
  try {
    return JSON.parse(body.toString('utf8')) as JsonValue;
  } catch {
    return undefined;
  }
}

function tokenAnswer(app: CloudApp, json: JsonValue | undefined): TokenAnswer {
  const accessToken = isJsonObject(json) ? json['access_token'] : undefined;
  if (!isJsonObject(json) || typeof accessToken !== 'string' || accessToken === '') {
    throw new VendorError('unreadable', `The token endpoint of ${app.code} answers no token`);
  }
  const lifetime = Number(json['expires_in'] ?? Number.NaN);
  return {
    accessToken,
    refreshToken: textOf(json['refresh_token']),
    expiresInSeconds: Number.isFinite(lifetime) ? Math.min(Math.max(lifetime, 0), LONGEST_LIFE_SECONDS) : null,
    scope: textOf(json['scope']),
    fields: json,
  };
}

const textOf = (value: JsonValue | undefined): string | null =>
  typeof value === 'string' && value !== '' ? value : null;
