import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '#libs/config';
import { badRequest, Failure, type ConnectableProvider } from '#libs/model';
import { logger } from '#libs/observability';
import { requireCredentials, type CloudApp } from '../app/cloud-app.js';
import { CloudApps } from '../app/cloud-apps.js';
import { ProviderSettings } from '../settings/provider-settings.js';
import { authorizationUrl, newCodeVerifier, newState } from './authorization-url.js';
import { OAuthGrants } from './oauth-grants.js';
import { OAuthStates, type OAuthState } from './oauth-states.js';
import { checkRedirect, withParameters } from './redirect-policy.js';

/** What a vendor sends the user's browser back with. */
export interface OAuthCallback {
  readonly code?: string | undefined;
  readonly state?: string | undefined;
  readonly error?: string | undefined;
  readonly errorDescription?: string | undefined;
}

/** Where the browser goes next. `connectionId` when a connection was made. */
export interface CallbackOutcome {
  readonly location: string;
  readonly connectionId: string | null;
}

const ERROR_PAGE = '/api/v1/oauth/error';
const SUCCESS_PAGE = '/api/v1/oauth/success';
const MOST_TEXT = 500;

/** Connecting a user to a vendor's cloud: out to the consent page, and back. */
@Injectable()
export class OAuthFlow {
  constructor(
    @Inject(CONFIG) private readonly config: AppConfig,
    private readonly apps: CloudApps,
    private readonly settings: ProviderSettings,
    private readonly states: OAuthStates,
    private readonly grants: OAuthGrants,
  ) {}

  /** @throws Failure 400 disabled, without OAuth, or bad `redirect_uri`; 404 unknown user; 503 without credentials */
  async begin(
    provider: ConnectableProvider,
    userId: string,
    redirectUri: string | null,
  ): Promise<{ authorization_url: string; state: string }> {
    const app = this.apps.get(provider);
    if (!(await this.settings.get(provider)).is_enabled) throw badRequest(`Provider '${provider}' is disabled`);
    const { id } = requireCredentials(app);
    if (redirectUri !== null) checkRedirect(redirectUri, this.config.oauthRedirectAllowlist);
    const state = newState();
    const codeVerifier = app.cloud.oauth.pkce ? newCodeVerifier() : null;
    await this.states.remember(state, { userId, provider, redirectUri, codeVerifier });
    return { authorization_url: authorizationUrl(app, id, { state, codeVerifier }), state };
  }

  /** @throws Failure 400 for a provider without OAuth; everything else is told to the browser */
  async finish(provider: ConnectableProvider, callback: OAuthCallback): Promise<CallbackOutcome> {
    const { code, state, error } = callback;
    if (!error && (!code || !state)) return failed(null, 'Missing OAuth parameters');
    const app = this.apps.get(provider);
    const begun = state ? await this.states.consume(state) : null;
    if (error) return refused(begun, error, callback.errorDescription);
    if (!begun) return failed(null, 'Invalid or expired state parameter');
    if (begun.provider !== provider) return failed(begun, 'Provider mismatch in state', 'invalid_state');
    return this.connect(app, begun, code ?? '');
  }

  private async connect(app: CloudApp, begun: OAuthState, code: string): Promise<CallbackOutcome> {
    try {
      const connectionId = await this.grants.redeem(app, begun, code);
      const { redirectUri, userId } = begun;
      return {
        location: redirectUri ?? withParameters(SUCCESS_PAGE, { provider: app.code, user_id: userId }),
        connectionId,
      };
    } catch (error) {
      logger().warn({ provider: app.code, user_id: begun.userId, error }, 'oauth_callback_failed');
      if (error instanceof Failure && error.status === 404) return failed(begun, error.detail, 'invalid_request');
      return failed(begun, 'The provider did not issue a token', 'token_exchange_failed');
    }
  }
}

/** The vendor, or the user there, said no. */
function refused(begun: OAuthState | null, error: string, description: string | undefined): CallbackOutcome {
  const text = description === undefined || description === '' ? 'Unknown error' : description.slice(0, MOST_TEXT);
  const reason = error.slice(0, MOST_TEXT);
  if (begun?.redirectUri) return failed(begun, text, reason);
  return failed(null, `${reason}: ${text}`);
}

function failed(begun: OAuthState | null, text: string, error = 'invalid_request'): CallbackOutcome {
  const location = begun?.redirectUri
    ? withParameters(begun.redirectUri, { error, error_description: text })
    : withParameters(ERROR_PAGE, { message: text });
  return { location, connectionId: null };
}
