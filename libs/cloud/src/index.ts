/** The way to vendors' clouds: our applications there, OAuth, sealed tokens, request budgets and the one client. */
export { noOAuth, requireCredentials, vendorName, type CloudApp } from './app/cloud-app.js';
export { derivedSecret } from './app/derived-secret.js';
export { CloudApps } from './app/cloud-apps.js';
export { RequestBudgets } from './budget/request-budget.js';
export { IN_REQUEST, IN_WORKER, type Patience } from './client/patience.js';
export { vendorFailure } from './client/vendor-failure.js';
export { VendorSessions } from './client/vendor-sessions.js';
export { CloudModule } from './cloud.module.js';
export { CONNECTION_COLUMNS, type CloudConnection } from './connections/connection-row.js';
export { revokeConnection, type RevocationReason } from './connections/revoke-connection.js';
export { VendorFarewell, type Leaving } from './connections/vendor-farewell.js';
export { OAuthFlow, type CallbackOutcome, type OAuthCallback } from './oauth/oauth-flow.js';
export { ProviderSettings, type ProviderChange } from './settings/provider-settings.js';
export type { ProviderView } from './settings/provider-view.js';
export { Subscriptions } from './subscriptions/subscriptions.js';
export { AccessTokens } from './tokens/access-tokens.js';
export { TokenEndpoint } from './tokens/token-endpoint.js';
