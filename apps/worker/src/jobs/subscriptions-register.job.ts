import { Injectable } from '@nestjs/common';
import { Subscriptions } from '#libs/cloud';
import { logger } from '#libs/observability';
import type { JobHandler, JobPayloads } from '#libs/queue';

/** Subscribes to a vendor's webhooks; what is subscribed already is left as it is. */
@Injectable()
export class SubscriptionsRegisterJob implements JobHandler<'subscriptions.register'> {
  readonly job = 'subscriptions.register';

  constructor(private readonly subscriptions: Subscriptions) {}

  async run({ provider }: JobPayloads['subscriptions.register']): Promise<void> {
    const { results } = await this.subscriptions.register(provider, this.subscriptions.callbackUrl(provider));
    const failed = results.filter(({ status }) => status === 'error').length;
    logger().info({ provider, results: results.length, failed }, 'subscriptions_registered');
    if (failed > 0) throw new Error(`${failed} of ${results.length} subscriptions of ${provider} failed`);
  }
}
