import { Module } from '@nestjs/common';
import { OutboundModule } from '#libs/outbound';
import { SecretsModule } from '#libs/secrets';
import { CloudApps } from './app/cloud-apps.js';
import { RequestBudgets } from './budget/request-budget.js';
import { VendorClient } from './client/vendor-client.js';
import { VendorSessions } from './client/vendor-sessions.js';
import { VendorFarewell } from './connections/vendor-farewell.js';
import { AccountLookups } from './oauth/account-lookup.js';
import { ConnectionOpener } from './oauth/connection-opener.js';
import { OAuthCalls } from './oauth/oauth-calls.js';
import { OAuthFlow } from './oauth/oauth-flow.js';
import { OAuthGrants } from './oauth/oauth-grants.js';
import { OAuthStates } from './oauth/oauth-states.js';
import { ProviderSettings } from './settings/provider-settings.js';
import { SubscriptionStore } from './subscriptions/subscription-store.js';
import { Subscriptions } from './subscriptions/subscriptions.js';
import { AccessTokens } from './tokens/access-tokens.js';
import { RefreshIntents } from './tokens/refresh-intents.js';
import { StoredTokens } from './tokens/stored-tokens.js';
import { TokenEndpoint } from './tokens/token-endpoint.js';
import { TokenRefresh } from './tokens/token-refresh.js';

/** Expects configuration, database and `ProvidersModule.forRoot(...)` in the application. */
@Module({
  imports: [OutboundModule, SecretsModule],
  providers: [
    CloudApps,
    ProviderSettings,
    RequestBudgets,
    VendorClient,
    VendorSessions,
    TokenEndpoint,
    StoredTokens,
    RefreshIntents,
    TokenRefresh,
    AccessTokens,
    OAuthCalls,
    AccountLookups,
    ConnectionOpener,
    OAuthStates,
    OAuthGrants,
    OAuthFlow,
    VendorFarewell,
    SubscriptionStore,
    Subscriptions,
  ],
  exports: [
    CloudApps,
    ProviderSettings,
    RequestBudgets,
    VendorSessions,
    AccessTokens,
    OAuthFlow,
    VendorFarewell,
    Subscriptions,
  ],
})
export class CloudModule {}
