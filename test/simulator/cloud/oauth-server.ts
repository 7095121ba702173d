import { randomBytes } from 'node:crypto';
import type { Account } from './account.js';
import { fail, formOf, ok, type Answer, type Call } from './exchange.js';

export interface OAuthRules {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clientAuth: 'basic' | 'body';
  /** Polar's tokens last for a year and are not refreshed. */
  readonly refreshes: boolean;
}

interface Grant {
  readonly account: Account;
  readonly scope: string;
}

interface Ticket extends Grant {
  readonly redirectUri: string;
}

const secret = (): string => randomBytes(18).toString('base64url');

/** What a refresh token led to, until one of the new tokens shows that it arrived. */
interface Successors {
  readonly access: string;
  readonly refresh: string;
}

/** Codes and tokens of one vendor: codes work once, refresh tokens rotate and the old one is then worth nothing. */
export class OAuthServer {
  /** How long access tokens last. */
  tokenSeconds = 3_600;
  /**
   * The old refresh token works until a new token is used for the first time, as vendors have it who know that answers
   * get lost. Without it, whoever misses the answer must log in again.
   */
  hasGrace = false;
  readonly counts = { exchanges: 0, refreshes: 0, refusedRefreshes: 0 };
  private readonly codes = new Map<string, Ticket>();
  private readonly access = new Map<string, Grant & { readonly untilMs: number }>();
  private readonly refresh = new Map<string, Grant>();
  /** By the old refresh token. */
  private readonly unproven = new Map<string, Successors>();

  constructor(
    private readonly rules: OAuthRules,
    private readonly now: () => number,
    private readonly extras: (account: Account) => object,
  ) {}

  /** Somebody said yes: the address to go back to. */
  consent(account: Account, redirectUri: string, state: string, scope: string): string {
    const code = secret();
    this.codes.set(code, { account, scope, redirectUri });
    const target = new URL(redirectUri);
    target.searchParams.set('code', code);
    target.searchParams.set('state', state);
    return target.href;
  }

  token(call: Call): Answer {
    const form = formOf(call);
    if (!this.isClient(call, form)) return fail(401, 'invalid_client');
    if (form.get('grant_type') === 'authorization_code') return this.exchange(form);
    if (form.get('grant_type') === 'refresh_token') return this.renew(form.get('refresh_token') ?? '');
    return fail(400, 'unsupported_grant_type');
  }

  /** Whether a call carries the application's own credentials, in one of the ways vendors ask for them. */
  isClient({ headers, query }: Call, form: URLSearchParams): boolean {
    const { clientId, clientSecret } = this.rules;
    const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
    return (
      headers['authorization'] === basic ||
      (headers['x-client-id'] === clientId && headers['x-client-secret'] === clientSecret) ||
      [form, query].some(
        (fields) => fields.get('client_id') === clientId && fields.get('client_secret') === clientSecret,
      )
    );
  }

  /** Whose token a call carries; null when it has expired, was revoked or never was. */
  accountOf({ headers }: Call): Account | null {
    const token = (headers['authorization'] ?? '').replace(/^Bearer /, '');
    const grant = this.access.get(token);
    if (!grant || grant.untilMs <= this.now()) return null;
    this.endGrace(token);
    return grant.account;
  }

  accountOfToken(token: string): Account | null {
    return this.access.get(token)?.account ?? null;
  }

  hasTokens(account: Account): boolean {
    return [...this.access.values(), ...this.refresh.values()].some((grant) => grant.account === account);
  }

  /** All tokens of an account are worth nothing from now on. */
  revoke(account: Account): void {
    for (const tokens of [this.access, this.refresh]) {
      for (const [token, grant] of tokens) if (grant.account === account) tokens.delete(token);
    }
  }

  /** Access tokens run out now; refresh tokens stay. */
  expire(account: Account): void {
    for (const [token, grant] of this.access) {
      if (grant.account === account) this.access.set(token, { ...grant, untilMs: 0 });
    }
  }

  private exchange(form: URLSearchParams): Answer {
    const ticket = this.codes.get(form.get('code') ?? '');
    this.codes.delete(form.get('code') ?? '');
    if (!ticket || ticket.redirectUri !== form.get('redirect_uri')) return fail(400, 'invalid_grant');
    this.counts.exchanges++;
    return this.issue(ticket);
  }

  private renew(token: string): Answer {
    const grant = this.refresh.get(token);
    if (!grant) {
      this.counts.refusedRefreshes++;
      return fail(400, 'invalid_grant');
    }
    this.endGrace(token);
    const lost = this.unproven.get(token);
    if (lost) {
      this.access.delete(lost.access);
      this.refresh.delete(lost.refresh);
    }
    this.counts.refreshes++;
    const successors = { access: secret(), refresh: secret() };
    if (this.hasGrace) this.unproven.set(token, successors);
    else this.refresh.delete(token);
    return this.issue(grant, successors);
  }

  /** Somebody uses a token: what came before it is over. */
  private endGrace(used: string): void {
    for (const [old, { access, refresh }] of this.unproven) {
      if (access !== used && refresh !== used) continue;
      this.unproven.delete(old);
      this.refresh.delete(old);
    }
  }

  private issue({ account, scope }: Grant, tokens: Successors = { access: secret(), refresh: secret() }): Answer {
    const { access: token, refresh: refreshToken } = tokens;
    this.access.set(token, { account, scope, untilMs: this.now() + this.tokenSeconds * 1000 });
    if (this.rules.refreshes) this.refresh.set(refreshToken, { account, scope });
    const refresh = this.rules.refreshes ? { refresh_token: refreshToken, scope } : {};
    const token_type = 'bearer';
    return ok({ access_token: token, token_type, expires_in: this.tokenSeconds, ...refresh, ...this.extras(account) });
  }
}
