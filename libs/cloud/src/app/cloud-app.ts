import type { CloudCode, CloudSettings } from '#libs/config';
import { badRequest, Failure } from '#libs/model';
import type { CloudProvider, ProviderStrategy, RequestBudget } from '#libs/providers/kit';

/** Our application at one vendor: what the provider declares, with what the operator said about it. */
export interface CloudApp {
  readonly code: CloudCode;
  readonly strategy: ProviderStrategy;
  readonly cloud: CloudProvider;
  readonly apiBaseUrl: string;
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly redirectUri: string;
  readonly scope: string;
  readonly clientId: string | null;
  readonly clientSecret: string | null;
  readonly budgets: readonly RequestBudget[];
  readonly own: CloudSettings['own'];
}

/** What an operator sets is of more weight than what the provider declares. */
export function cloudApp(
  strategy: ProviderStrategy,
  cloud: CloudProvider,
  settings: CloudSettings,
  ourUrl: string,
): CloudApp {
  const { requestLimit } = settings;
  return {
    code: strategy.code as CloudCode,
    strategy,
    cloud,
    apiBaseUrl: settings.apiBaseUrl ?? strategy.apiBaseUrl,
    authorizeUrl: settings.authorizeUrl ?? cloud.oauth.authorizeUrl,
    tokenUrl: settings.tokenUrl ?? cloud.oauth.tokenUrl,
    redirectUri: settings.redirectUri ?? `${ourUrl}/api/v1/oauth/${strategy.code}/callback`,
    scope: settings.defaultScope ?? cloud.oauth.defaultScope,
    clientId: settings.clientId,
    clientSecret: settings.clientSecret,
    budgets: requestLimit ? [{ ...requestLimit, isCeiling: true }] : cloud.budgets,
    own: settings.own,
  };
}

/** The vendor's name in errors: its code with a capital. */
export const vendorName = (code: string): string => code.charAt(0).toUpperCase() + code.slice(1);

/** @throws Failure 503 that names the variables which are missing */
export function requireCredentials({ code, clientId, clientSecret }: CloudApp): { id: string; secret: string } {
  if (clientId !== null && clientSecret !== null) return { id: clientId, secret: clientSecret };
  const prefix = code.toUpperCase();
  const missing = [
    ...(clientId === null ? [`${prefix}_CLIENT_ID`] : []),
    ...(clientSecret === null ? [`${prefix}_CLIENT_SECRET`] : []),
  ];
  throw new Failure(503, `Provider '${code}' is not configured: set ${missing.join(' and ')}`);
}

export const noOAuth = (code: string): Failure => badRequest(`Provider '${code}' does not support OAuth`);
