import { Injectable } from '@nestjs/common';
import type { JobHandler } from '#libs/queue';
import { WebhookSweep } from '#libs/webhooks';

/** Tells developers whose endpoints were disabled, and ends deliveries that nobody waits for. */
@Injectable()
export class WebhooksSweepJob implements JobHandler<'webhooks.sweep'> {
  readonly job = 'webhooks.sweep';

  constructor(private readonly sweep: WebhookSweep) {}

  run(): Promise<void> {
    return this.sweep.run();
  }
}
