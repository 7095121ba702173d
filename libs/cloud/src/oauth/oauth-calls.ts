import { Injectable } from '@nestjs/common';
import { OutboundClient } from '#libs/outbound';
import { VendorError, type OAuthCall } from '#libs/providers/kit';
import type { CloudApp } from '../app/cloud-app.js';
import { RequestBudgets } from '../budget/request-budget.js';
import { basicAuth } from '../tokens/token-endpoint.js';

const TIMEOUT_SECONDS = 30;
const MOST_BYTES = 1024 * 1024;

/** Values of the placeholders; null: not known. */
export interface OAuthFactsOfUser {
  readonly accessToken: string;
  readonly providerUserId: string | null;
  readonly userId: string;
}

/** Makes the calls that a provider's OAuth facts describe. */
@Injectable()
export class OAuthCalls {
  constructor(
    private readonly outbound: OutboundClient,
    private readonly budgets: RequestBudgets,
  ) {}

  /**
   * Status and body of the answer.
   * @throws VendorError when a value is missing, OutboundError when there is no answer
   */
  async make(app: CloudApp, call: OAuthCall, facts: OAuthFactsOfUser): Promise<{ status: number; body: Buffer }> {
    const fill = filler(app, facts);
    const url = new URL(addressOf(app, { ...call, path: fill(call.path) }));
    for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, fill(value));
    const { headers, body } = bodyOf(call, fill);
    // Somebody waits in front of a browser: the budget is charged, and those wait who can.
    if (call.from !== 'token') await this.budgets.take(app.code, app.budgets, Infinity);
    return this.outbound.request({
      method: call.method,
      url: url.href,
      headers: { accept: 'application/json', ...headers, ...authorization(app, call, facts) },
      ...(body === undefined ? {} : { body }),
      timeoutMs: (call.timeoutSeconds ?? TIMEOUT_SECONDS) * 1000,
      maxBytes: MOST_BYTES,
    });
  }
}

function addressOf(app: CloudApp, { path, from }: OAuthCall): string {
  if (from === 'token') return new URL(path, app.tokenUrl).href;
  return path.startsWith('/') ? `${app.apiBaseUrl}${path}` : path;
}

function authorization(app: CloudApp, { auth }: OAuthCall, { accessToken }: OAuthFactsOfUser): Record<string, string> {
  if (auth === 'none') return {};
  if (auth === 'bearer') return { authorization: `Bearer ${accessToken}` };
  return { authorization: basicAuth(app.clientId ?? '', app.clientSecret ?? '') };
}

function bodyOf(call: OAuthCall, fill: (text: string) => string): { headers: Record<string, string>; body?: string } {
  const filled = (fields: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, fill(value)]));
  if (call.json) return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(filled(call.json)) };
  if (!call.form) return { headers: {} };
  return {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(filled(call.form)).toString(),
  };
}

function filler(app: CloudApp, facts: OAuthFactsOfUser): (text: string) => string {
  const values: Readonly<Record<string, string | null>> = {
    access_token: facts.accessToken,
    client_id: app.clientId,
    client_secret: app.clientSecret,
    provider_user_id: facts.providerUserId,
    user_id: facts.userId,
  };
  return (text) =>
    text.replace(/\{([a-z_]+)\}/g, (_, name: string) => {
      const value = values[name];
      if (value === null || value === undefined)
        throw new VendorError('unreadable', `${app.code}: no ${name} is known`);
      return value;
    });
}
