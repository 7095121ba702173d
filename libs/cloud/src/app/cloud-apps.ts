import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig, type CloudCode } from '#libs/config';
import type { ConnectableProvider } from '#libs/model';
import { ProviderFactory, type ProviderEnvironment } from '#libs/providers/kit';
import { ProviderSettings } from '../settings/provider-settings.js';
import { cloudApp, noOAuth, type CloudApp } from './cloud-app.js';
import { derivedSecret } from './derived-secret.js';

/** Our applications at all vendors. */
@Injectable()
export class CloudApps {
  private readonly apps: ReadonlyMap<string, CloudApp>;

  constructor(
    @Inject(CONFIG) private readonly config: AppConfig,
    factory: ProviderFactory,
    private readonly settings: ProviderSettings,
  ) {
    this.apps = new Map(
      factory.all().flatMap((strategy) => {
        const { code, cloud } = strategy;
        const said = config.cloud[code as CloudCode] as AppConfig['cloud'][CloudCode] | undefined;
        return cloud && said ? [[code, cloudApp(strategy, cloud, said, config.apiBaseUrl)] as const] : [];
      }),
    );
  }

  all(): readonly CloudApp[] {
    return [...this.apps.values()];
  }

  find(code: string): CloudApp | null {
    return this.apps.get(code) ?? null;
  }

  /** @throws Failure 400 `Provider '<p>' does not support OAuth` */
  get(code: ConnectableProvider): CloudApp {
    const app = this.apps.get(code);
    if (!app) throw noOAuth(code);
    return app;
  }

  /** What the provider's code may know, with what is stored about it at this moment. */
  async environment(app: CloudApp): Promise<ProviderEnvironment> {
    const stored = await this.settings.secretsOf(app.code);
    return {
      clientId: app.clientId,
      clientSecret: app.clientSecret,
      webhookSecret: stored.webhookSecret,
      subscriptionIds: stored.subscriptionIds,
      granularity: stored.granularity ?? this.config.dataGranularity,
      setting: (variable) => this.setting(app, variable),
    };
  }

  /** Value in effect of one of the provider's own variables. */
  setting({ own }: CloudApp, variable: string): string | null {
    const setting = own[variable];
    if (!setting?.isDerived) return setting?.value ?? null;
    const { secretKey } = this.config;
    return secretKey === null ? null : derivedSecret(secretKey, variable);
  }
}
