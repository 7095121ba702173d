import { Injectable } from '@nestjs/common';
import type { JobHandler } from '#libs/queue';
import { Retention } from '#libs/sync';
import { WebhookRetention } from '#libs/webhooks';

/** Throws away what has been kept long enough. */
@Injectable()
export class MaintenancePruneJob implements JobHandler<'maintenance.prune'> {
  readonly job = 'maintenance.prune';

  constructor(
    private readonly retention: Retention,
    private readonly webhooks: WebhookRetention,
  ) {}

  async run(): Promise<void> {
    await this.retention.run();
    await this.webhooks.run();
  }
}
