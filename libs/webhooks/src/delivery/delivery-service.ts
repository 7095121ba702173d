import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, type AppConfig } from '#libs/config';
import { Database } from '#libs/database';
import { logger } from '#libs/observability';
import { discardAll } from '../relay/outbox.repository.js';
import { WebhookRelay } from '../relay/relay.js';
import { WebhookDispatcher } from './dispatcher.js';
import { Pauses } from './pauses.js';

/** How long something new waits at most for being seen. */
const RELAY_POLL_MS = 100;
const FIRST_ATTEMPT_POLL_MS = 200;
/** Between any two passes: what is late anyway must not take the processor from what is not. */
const RETRY_PAUSE_MS = 250;
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
    this.dispatcher.onRoom = (lane) => {
      if (lane === 0) this.pauses.end('lane-0');
    };
    this.loops = [
      this.loop('relay', RELAY_POLL_MS, () => this.tell()),
      this.loop('lane-0', FIRST_ATTEMPT_POLL_MS, () => this.deliver()),
      this.loop('lane-1', RETRY_PAUSE_MS, () => this.dispatcher.pass(1).then(() => 0)),
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

  private async deliver(): Promise<number> {
    const started = await this.dispatcher.pass(0);
    return this.dispatcher.isAmidst(0) ? 1 : started;
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
