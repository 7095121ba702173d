import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, type AppConfig } from '#libs/config';
import { Database } from '#libs/database';
import { logger } from '#libs/observability';
import { discardAll } from '../relay/outbox.repository.js';
import { WebhookRelay } from '../relay/relay.js';
import type { Lane } from './delivery.js';
import { WebhookDispatcher } from './dispatcher.js';
import { Pauses } from './pauses.js';

/** How long something new waits at most for being seen. */
const RELAY_POLL_MS = 100;
const FIRST_ATTEMPT_POLL_MS = 200;
const RETRY_POLL_MS = 500;
const DISCARD_POLL_MS = 5000;
const TROUBLE_PAUSE_MS = 2000;

/** Keeps relay and dispatcher going for as long as the worker runs. Any number of workers may do so at once. */
@Injectable()
export class WebhookDeliveryService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly pauses = new Pauses();
  private loops: readonly Promise<void>[] = [];

  constructor(
    private readonly db: Database,
    private readonly relay: WebhookRelay,
    private readonly dispatcher: WebhookDispatcher,
    @Inject(CONFIG) private readonly config: Pick<AppConfig, 'outgoingWebhooksEnabled'>,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.outgoingWebhooksEnabled) {
      this.loops = [this.loop('discard', DISCARD_POLL_MS, () => discardAll(this.db))];
      return;
    }
    this.dispatcher.onRoom = (lane) => this.pauses.end(`lane-${lane}`);
    this.loops = [
      this.loop('relay', RELAY_POLL_MS, () => this.tell()),
      this.loop('lane-0', FIRST_ATTEMPT_POLL_MS, () => this.deliver(0)),
      this.loop('lane-1', RETRY_POLL_MS, () => this.deliver(1)),
    ];
  }

  /** Starts nothing more and waits for what is under way. */
  async beforeApplicationShutdown(): Promise<void> {
    this.pauses.stop();
    await Promise.all(this.loops);
    await this.dispatcher.settle();
  }

  private async tell(): Promise<number> {
    const told = await this.relay.run();
    if (told > 0) this.pauses.end('lane-0');
    return told;
  }

  private async deliver(lane: Lane): Promise<number> {
    const started = await this.dispatcher.pass(lane);
    return lane === 0 && this.dispatcher.isAmidst(lane) ? 1 : started;
  }

  /** Works as long as there is something to do, then looks again every `pollMs` or when woken. */
  private async loop(name: string, pollMs: number, work: () => Promise<number>): Promise<void> {
    while (!this.pauses.isStopped) {
      try {
        if ((await work()) === 0) await this.pauses.pause(name, pollMs);
      } catch (error) {
        logger().warn({ err: error, loop: name }, 'webhook_loop_trouble');
        await this.pauses.pause(name, TROUBLE_PAUSE_MS);
      }
    }
  }
}
