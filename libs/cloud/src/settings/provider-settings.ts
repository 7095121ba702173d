import { Injectable } from '@nestjs/common';
import { plannedOnce, Database } from '#libs/database';
import { badRequest } from '#libs/model';
import { isLiveSyncConfigurable, ProviderFactory, type DataGranularity, type LiveSyncMode } from '#libs/providers/kit';
import { SecretBox } from '#libs/secrets';
import { providerView, type ProviderView, type StoredProvider } from './provider-view.js';

export const WEBHOOK_SECRET_PURPOSE = 'provider-settings.webhook-secret';

/** What an operator changes; what is left out stays. */
export interface ProviderChange {
  readonly isEnabled?: boolean | undefined;
  readonly liveSyncMode?: LiveSyncMode | undefined;
  /** Null: back to the installation's default. */
  readonly dataGranularity?: DataGranularity | null | undefined;
}

interface StoredSecrets {
  readonly webhookSecret: string | null;
  readonly subscriptionIds: readonly string[];
  readonly granularity: DataGranularity | null;
}

const UPSERT = `
  INSERT INTO provider_settings AS s (provider, is_enabled, live_sync_mode, data_granularity)
  VALUES ($1, coalesce($2, true), $3, $4)
  ON CONFLICT (provider) DO UPDATE SET is_enabled = coalesce($2, s.is_enabled),
    live_sync_mode = coalesce($3, s.live_sync_mode),
    data_granularity = CASE WHEN $5 THEN $4 ELSE s.data_granularity END, updated_at = now()`;

const SECRETS = plannedOnce(`
  SELECT s.webhook_secret_encrypted, s.data_granularity,
    coalesce((SELECT array_agg(subscription_id) FROM provider_subscription WHERE provider = $1), '{}') AS subscription_ids
  FROM (SELECT) one LEFT JOIN provider_settings s ON s.provider = $1`);

/** What operators decided about providers. A provider nobody decided about is enabled, in its default mode. */
@Injectable()
export class ProviderSettings {
  constructor(
    private readonly db: Database,
    private readonly providers: ProviderFactory,
    private readonly secrets: SecretBox,
  ) {}

  /** All providers in wire order. */
  async list(filter: { enabledOnly?: boolean; cloudOnly?: boolean } = {}): Promise<ProviderView[]> {
    const rows = await this.db.query<StoredProvider & { provider: string }>('SELECT * FROM provider_settings');
    const stored = new Map(rows.map((row) => [row.provider, row]));
    const views = this.providers.all().map((strategy) => providerView(strategy, stored.get(strategy.code)));
    return views.filter(
      (view) => (view.is_enabled || !filter.enabledOnly) && (view.has_cloud_api || !filter.cloudOnly),
    );
  }

  /** @throws Failure 400 for an unknown provider */
  async get(code: string): Promise<ProviderView> {
    const strategy = this.providers.get(code);
    const [stored] = await this.db.query<StoredProvider & { provider: string }>(
      'SELECT * FROM provider_settings WHERE provider = $1',
      [code],
    );
    return providerView(strategy, stored);
  }

  /** @throws Failure 400 for an unknown provider, or a mode where there is nothing to choose */
  async change(code: string, change: ProviderChange): Promise<ProviderView> {
    const { capabilities } = this.providers.get(code);
    if (change.liveSyncMode !== undefined && !isLiveSyncConfigurable(capabilities)) {
      throw badRequest(`Provider '${code}' does not support live sync mode configuration`);
    }
    await this.db.query(UPSERT, [
      code,
      change.isEnabled ?? null,
      change.liveSyncMode ?? null,
      change.dataGranularity ?? null,
      change.dataGranularity !== undefined,
    ]);
    return this.get(code);
  }

  /** Turns several on or off. @throws Failure 400 when one is unknown; nothing changes then */
  async enable(states: Readonly<Record<string, boolean>>): Promise<ProviderView[]> {
    const codes = Object.keys(states);
    for (const code of codes) this.providers.get(code);
    await this.db.query(
      `INSERT INTO provider_settings (provider, is_enabled)
       SELECT * FROM unnest($1::text[], $2::boolean[])
       ON CONFLICT (provider) DO UPDATE SET is_enabled = excluded.is_enabled, updated_at = now()`,
      [codes, codes.map((code) => states[code])],
    );
    return this.list();
  }

  async saveWebhookSecret(code: string, secret: string): Promise<void> {
    await this.db.query(
      `INSERT INTO provider_settings (provider, webhook_secret_encrypted) VALUES ($1, $2)
       ON CONFLICT (provider) DO UPDATE SET webhook_secret_encrypted = excluded.webhook_secret_encrypted,
         updated_at = now()`,
      [code, this.secrets.seal(secret, WEBHOOK_SECRET_PURPOSE)],
    );
  }

  /** What verification and mapping need to know. */
  async secretsOf(code: string): Promise<StoredSecrets> {
    const [row] = await this.db.query<{
      webhook_secret_encrypted: string | null;
      data_granularity: DataGranularity | null;
      subscription_ids: string[];
    }>(SECRETS, [code]);
    const sealed = row?.webhook_secret_encrypted ?? null;
    return {
      webhookSecret: sealed === null ? null : this.secrets.open(sealed, WEBHOOK_SECRET_PURPOSE),
      subscriptionIds: row?.subscription_ids ?? [],
      granularity: row?.data_granularity ?? null,
    };
  }
}
