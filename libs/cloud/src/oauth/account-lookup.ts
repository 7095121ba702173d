import { Injectable } from '@nestjs/common';
import type { JsonValue } from '#libs/model';
import { logger } from '#libs/observability';
import { atPath, isJsonObject, textAt, type AccountLookup, type OAuthCall } from '#libs/providers/kit';
import type { CloudApp } from '../app/cloud-app.js';
import type { TokenAnswer } from '../tokens/token-endpoint.js';
import { OAuthCalls, type OAuthFactsOfUser } from './oauth-calls.js';

/** The account behind a token, as far as the vendor told. */
export interface Account {
  readonly id: string | null;
  readonly username: string | null;
  /** Granted permissions; null: the vendor keeps none. */
  readonly scope: string | null;
}

type ApiLookup = Extract<AccountLookup, { from: 'api' }>;

const NOBODY: Account = { id: null, username: null, scope: null };

/** Finds whose account a fresh token opens. What the vendor does not tell is null; that never fails a login. */
@Injectable()
export class AccountLookups {
  constructor(private readonly calls: OAuthCalls) {}

  async find(app: CloudApp, token: TokenAnswer, userId: string): Promise<Account> {
    const { account: lookup } = app.cloud.oauth;
    if (lookup.from === 'token') return accountIn(token.fields, lookup);
    if (lookup.from === 'access-token') return accountIn(claimsOf(token.accessToken), lookup);
    return this.ask(app, lookup, { accessToken: token.accessToken, providerUserId: null, userId });
  }

  private async ask(app: CloudApp, lookup: ApiLookup, facts: OAuthFactsOfUser): Promise<Account> {
    const answer = await this.get(app, lookup.path, facts);
    const inner = answer !== null && lookup.root !== undefined ? atPath(answer, lookup.root) : undefined;
    const found = accountIn(isJsonObject(inner) ? inner : answer, lookup);
    const { usernameFrom, permissions } = lookup;
    const username = usernameFrom
      ? textAt(await this.get(app, usernameFrom.url, facts), usernameFrom.field)
      : found.username;
    if (found.id === null) return usernameFrom ? { ...NOBODY, username } : NOBODY;
    const granted = permissions
      ? scopeIn(atPath(await this.get(app, permissions.path, facts), permissions.field))
      : null;
    return { id: found.id, username, scope: granted };
  }

  /** JSON of a 2xx answer, else null. */
  private async get(app: CloudApp, path: string, facts: OAuthFactsOfUser): Promise<JsonValue> {
    const call: OAuthCall = { method: 'GET', path, auth: 'bearer' };
    try {
      const { status, body } = await this.calls.make(app, call, facts);
      if (status >= 200 && status < 300) return JSON.parse(body.toString('utf8')) as JsonValue;
      logger().warn({ provider: app.code, status }, 'account_lookup_failed');
    } catch (error) {
      logger().warn({ provider: app.code, error }, 'account_lookup_failed');
    }
    return null;
  }
}

function accountIn(fields: JsonValue, { id, username = [] }: { id: string; username?: readonly string[] }): Account {
  const names = username.map((path) => textAt(fields, path));
  return { id: textAt(fields, id), username: names.find((name) => name !== null) ?? null, scope: null };
}

/** Claims of a JWT, unverified: it came from the vendor itself over a connection of ours. */
function claimsOf(token: string): JsonValue {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as JsonValue;
  } catch {
    return null;
  }
}

function scopeIn(value: JsonValue | undefined): string | null {
  if (!Array.isArray(value)) return null;
  const names = value.filter((name): name is string => typeof name === 'string');
  return names.length === 0 ? null : names.sort().join(' ');
}
