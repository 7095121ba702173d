import { numberOf } from '../people/chance.js';
import type { Life } from '../people/life.js';
import { Account } from './account.js';
import { consentPage } from './consent-page.js';
import { Deliveries } from './deliveries.js';
import { fail, formOf, NOTHING, ok, type Answer, type Call } from './exchange.js';
import { Faults, type Fault } from './faults.js';
import { OAuthServer } from './oauth-server.js';
import { RateLimiter } from './rate-limit.js';
import { Subscriptions } from './subscriptions.js';
import type { ApiCall, Application, Route, Vendor } from './vendor.js';

export interface CloudOptions {
  readonly seed: string;
  readonly now: () => number;
  readonly lives: readonly Life[];
  readonly beatMinutes: number;
  /** Address of this cloud's root. */
  readonly root: string;
}

/** The answer together with what goes wrong with it. */
export interface Outcome {
  readonly answer: Answer;
  readonly fault: Fault | null;
}

/** One vendor's cloud: consent, tokens, data, webhooks, limits and faults. */
export class VendorCloud {
  readonly application: Application;
  readonly accounts: readonly Account[];
  readonly oauth: OAuthServer;
  readonly faults: Faults;
  readonly limiter: RateLimiter;
  readonly subscriptions: Subscriptions;
  readonly deliveries: Deliveries;
  readonly counts = { calls: 0 };
  private readonly routes: readonly (Route & { readonly pattern: RegExp })[];

  constructor(
    readonly vendor: Vendor,
    private readonly options: CloudOptions,
  ) {
    const { name } = vendor;
    this.application = {
      clientId: `${name}-client`,
      clientSecret: `${name}-client-secret`,
      webhookSecret: `${name}-webhook-secret`,
      subscriptionId: numberOf(6, options.seed, name),
    };
    this.accounts = options.lives.map((life, at) => new Account(at + 1, vendor.accountId(at + 1), life, name));
    this.oauth = new OAuthServer(
      { ...this.application, clientAuth: vendor.clientAuth, refreshes: vendor.refreshes },
      options.now,
      (account) => vendor.tokenExtras(account),
    );
    this.faults = new Faults(`${options.seed}-${name}`);
    this.limiter = new RateLimiter(options.now);
    this.subscriptions = new Subscriptions(name, this.application, this.oauth);
    this.deliveries = new Deliveries(this, options.now, options.root);
    this.routes = vendor.routes.map((route) => ({ ...route, pattern: patternOf(route.path) }));
  }

  account(number: number): Account {
    const account = this.accounts[number - 1];
    if (!account) throw new Error(`There is no person ${number} at ${this.vendor.name}`);
    return account;
  }

  async take(call: Call): Promise<Outcome> {
    if (call.path === '/oauth/authorize') return { answer: this.consent(call), fault: null };
    this.counts.calls++;
    const fault = this.faults.strike(call.path);
    const struck = fault && this.struck(fault, call);
    return { fault, answer: struck ?? this.limiter.admit() ?? (await this.answer(call)) };
  }

  /** The page for a browser, and what its form leads to. */
  private consent(call: Call): Answer {
    const form = call.method === 'POST' ? formOf(call) : call.query;
    if (call.method !== 'POST') return consentPage(this.vendor.name, this.accounts, call.query);
    const [redirectUri, state] = [form.get('redirect_uri') ?? '', form.get('state') ?? ''];
    if (form.get('client_id') !== this.application.clientId) return fail(400, 'unknown client');
    const person = Number(form.get('person'));
    const refusal = `${redirectUri}?${new URLSearchParams({ error: 'access_denied', state }).toString()}`;
    const target = person
      ? this.oauth.consent(this.account(person), redirectUri, state, form.get('scope') ?? '')
      : refusal;
    return { status: 302, headers: { Location: target } };
  }

  private async answer(call: Call): Promise<Answer> {
    if (call.path === '/oauth/token') return this.oauth.token(call);
    const revoked = this.vendor.revocation?.(call);
    if (revoked !== undefined && revoked !== null) {
      const account = this.oauth.accountOfToken(revoked);
      if (account) this.oauth.revoke(account);
      return ok({});
    }
    return (await this.subscriptions.answer(call)) ?? this.data(call);
  }

  private data(call: Call): Answer {
    for (const { method, pattern, answer } of this.routes) {
      const match = pattern.exec(call.path);
      if (!match || method !== call.method) continue;
      const account = this.oauth.accountOf(call);
      if (!account) return fail(401, 'invalid_token');
      const { beatMinutes, now } = this.options;
      const known = { parameters: match.groups ?? {}, account, nowMs: now(), beatMinutes };
      const given = answer({ ...call, ...known } satisfies ApiCall);
      // The user left: the vendor forgets the application's tokens too.
      if (method === 'DELETE' && given === NOTHING) this.oauth.revoke(account);
      return given;
    }
    return fail(404, 'no such resource');
  }

  private struck(fault: Fault, call: Call): Answer | null {
    switch (fault.kind) {
      case '429': {
        const headers = { 'Retry-After': String(fault.retryAfterSeconds ?? 1) };
        return { status: 429, headers, body: { error: 'rate_limit_exceeded' } };
      }
      case '500':
        return { status: 500, body: '<html>Something went wrong</html>' };
      case 'unauthorized':
        return fail(401, 'invalid_token');
      case 'revoked': {
        const account = this.oauth.accountOf(call);
        if (account) this.oauth.revoke(account);
        return fail(401, 'invalid_token');
      }
      case 'garbage':
        return { status: 200, headers: { 'Content-Type': 'application/json' }, body: '{"records": [{"id": ' };
      default:
        return null;
    }
  }
}

const patternOf = (path: string): RegExp => new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
