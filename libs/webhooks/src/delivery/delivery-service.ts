import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, type AppConfig } from '#libs/config';
import { Database, DatabaseListener, OUTBOX_CHANNEL } from '#libs/database';
import { logger } from '#libs/observability';
import { discardAll } from '../relay/outbox.repository.js';
import { WebhookRelay } from '../relay/relay.js';
import { WebhookDispatcher } from './dispatcher.js';
import { Pauses } from './pauses.js';

/** What comes meanwhile is told together. */
const GATHER_MS = 30;
/** How long something new waits at most for being seen: where its coming is heard of, and where not. */
const LOOK_MS = 500;
const DEAF_LOOK_MS = 100;
/** Between any two passes of the lane of those that fail: what is late anyway must not take the processor from what is not. */
const RETRY_PAUSE_MS = 250;
const DISCARD_POLL_MS = 5000;
const TROUBLE_PAUSE_MS = 2000;

const every = (milliseconds: number) => (): number => milliseconds;

/** Keeps relay and dispatcher going for as long as the worker runs. Any number of workers may do so at once. */
@Injectable()
export class WebhookDeliveryService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly pauses = new Pauses();
  private loops: readonly Promise<void>[] = [];

  constructor(
    private readonly db: Database,
    private readonly relay: WebhookRelay,
    private readonly dispatcher: WebhookDispatcher,
    private readonly listener: DatabaseListener,
    @Inject(CONFIG) private readonly config: Pick<AppConfig, 'outgoingWebhooksEnabled'>,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.outgoingWebhooksEnabled) {
      this.loops = [this.loop('discard', every(DISCARD_POLL_MS), () => discardAll(this.db))];
      return;
    }
    this.dispatcher.onRoom = (lane) => {
      if (lane === 0) this.pauses.end('lane-0');
    };
    const lookMs = (): number => (this.listener.isListening ? LOOK_MS : DEAF_LOOK_MS);
    this.loops = [
      this.loop('relay', lookMs, () => this.tell()),
      this.loop('lane-0', lookMs, () => this.deliver()),
      this.loop('lane-1', lookMs, () => this.retry()),
    ];
    const stir = (): void => {
      for (const name of ['relay', 'lane-0']) this.pauses.end(name);
    };
    this.listener.listen(OUTBOX_CHANNEL, { heard: stir, began: stir });
  }

  /** Starts nothing more and waits for what is under way. */
  async beforeApplicationShutdown(): Promise<void> {
    this.pauses.stop();
    await Promise.all(this.loops);
    await this.dispatcher.settle();
  }

  private async tell(): Promise<number> {
    const told = await this.relay.run();
    if (told > 0) {
      this.pauses.end('lane-0');
      await this.pauses.pause('gather', GATHER_MS);
    }
    return told;
  }

  private async deliver(): Promise<number> {
    const started = await this.dispatcher.pass(0);
    return this.dispatcher.isAmidst(0) ? 1 : started;
  }

  private async retry(): Promise<number> {
    const started = await this.dispatcher.pass(1);
    await this.pauses.pause('breath', RETRY_PAUSE_MS);
    return this.dispatcher.isAmidst(1) ? 1 : started;
  }

  /** Works as long as there is something to do, then looks again after a while or when woken. */
  private async loop(name: string, lookMs: () => number, work: () => Promise<number>): Promise<void> {
    while (!this.pauses.isStopped) {
      try {
        if ((await work()) === 0) await this.pauses.pause(name, lookMs());
      } catch (error) {
        logger().warn({ err: error, loop: name }, 'webhook_loop_trouble');
        await this.pauses.pause(name, TROUBLE_PAUSE_MS);
      }
    }
  }
}
