import { Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ConfigModule, type AppConfig } from '#libs/config';
import { DatabaseModule } from '#libs/database';
import { IdentityModule } from '#libs/identity';
import { ProvidersModule } from '#libs/providers/kit';
import { PROVIDER_STRATEGIES } from '#libs/providers/registry';
import { QueueModule } from '#libs/queue';
import { RateLimitsModule } from '#libs/rate-limits';
import { StorageModule } from '#libs/storage';
import { SecretsModule } from '#libs/secrets';
import { AuditApiModule } from './audit/audit-api.module.js';
import { AggregateModule } from './aggregate/aggregate.module.js';
import { ApiKeysModule } from './api-keys/api-keys.module.js';
import { ApplicationsModule } from './applications/applications.module.js';
import { AuthModule } from './auth/auth.module.js';
import { DevelopersModule } from './developers/developers.module.js';
import { InvitationsModule } from './invitations/invitations.module.js';
import { SdkTokensModule } from './sdk-tokens/sdk-tokens.module.js';
import { ConnectionsModule } from './connections/connections.module.js';
import { DashboardModule } from './dashboard/dashboard.module.js';
import { DataSourcesModule } from './data-sources/data-sources.module.js';
import { EventsModule } from './events/events.module.js';
import { HealthScoresModule } from './health-scores/health-scores.module.js';
import { HealthModule } from './health/health.module.js';
import { ImportsModule } from './imports/imports.module.js';
import { MetaController } from './meta/meta.controller.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { OAuthModule } from './oauth/oauth.module.js';
import { PrioritiesModule } from './priorities/priorities.module.js';
import { VendorsModule } from './providers/vendors.module.js';
import { RootController } from './root/root.controller.js';
import { SdkModule } from './sdk/sdk.module.js';
import { SettingsModule } from './settings/settings.module.js';
import { SummariesModule } from './summaries/summaries.module.js';
import { SyncStatusModule } from './sync-status/sync-status.module.js';
import { TasksModule } from './tasks/tasks.module.js';
import { TimeseriesModule } from './timeseries/timeseries.module.js';
import { UsersModule } from './users/users.module.js';
import { OutgoingWebhooksModule } from './webhooks/webhooks.module.js';

/** One module per resource. */
const RESOURCES = [
  HealthModule,
  AuthModule,
  DevelopersModule,
  InvitationsModule,
  ApiKeysModule,
  ApplicationsModule,
  SdkTokensModule,
  UsersModule,
  ConnectionsModule,
  EventsModule,
  TimeseriesModule,
  AggregateModule,
  DataSourcesModule,
  SummariesModule,
  HealthScoresModule,
  PrioritiesModule,
  SdkModule,
  TasksModule,
  ImportsModule,
  SyncStatusModule,
  SettingsModule,
  DashboardModule,
  OutgoingWebhooksModule,
  OAuthModule,
  VendorsModule,
];

/** Everything the API serves. */
@Module({})
export class ApiModule {
  static forRoot(config: AppConfig): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        ConfigModule.forRoot(config),
        SecretsModule,
        DatabaseModule.forRoot({ applicationName: 'api' }),
        QueueModule.forRoot(config),
        ProvidersModule.forRoot(PROVIDER_STRATEGIES),
        StorageModule.forRoot(),
        // First, so that it sees what later guards refuse.
        AuditApiModule,
        IdentityModule,
        // After the guard that recognises callers.
        RateLimitsModule,
        DiscoveryModule,
        ...RESOURCES,
      ],
      controllers: [RootController, MetaController, MetricsController],
    };
  }
}
