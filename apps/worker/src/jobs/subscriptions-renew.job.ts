import { Injectable } from '@nestjs/common';
import { Subscriptions } from '#libs/cloud';
import type { JobHandler } from '#libs/queue';

/** Renews vendors' subscriptions long before they expire. */
@Injectable()
export class SubscriptionsRenewJob implements JobHandler<'subscriptions.renew'> {
  readonly job = 'subscriptions.renew';

  constructor(private readonly subscriptions: Subscriptions) {}

  async run(): Promise<void> {
    const failed = await this.subscriptions.renewDue();
    if (failed.length > 0) throw new Error(`Subscriptions were not renewed: ${failed.join(', ')}`);
  }
}
