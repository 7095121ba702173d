import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, type AppConfig } from '#libs/config';
import { Database, DatabaseListener, OUTBOX_CHANNEL, WorkLoops } from '#libs/database';
import { logger } from '#libs/observability';
import { discardAll } from '../relay/outbox.repository.js';
import { WebhookRelay } from '../relay/relay.js';
import { WebhookDispatcher } from './dispatcher.js';

/** What comes meanwhile is told together. */
const GATHER_MS = 30;
/** Between any two passes of the lane of those that fail: what is late anyway must not take the processor from what is not. */
const RETRY_PAUSE_MS = 250;
const DISCARD_POLL_MS = 5000;

/** Keeps relay and dispatcher going for as long as the worker runs. Any number of workers may do so at once. */
@Injectable()
export class WebhookDeliveryService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loops: WorkLoops;

  constructor(
    private readonly db: Database,
    private readonly relay: WebhookRelay,
    private readonly dispatcher: WebhookDispatcher,
    private readonly listener: DatabaseListener,
    @Inject(CONFIG) private readonly config: Pick<AppConfig, 'outgoingWebhooksEnabled'>,
  ) {
    const onTrouble = (error: unknown, loop: string): void =>
      logger().warn({ err: error, loop }, 'webhook_loop_trouble');
    this.loops = new WorkLoops({ listener, onTrouble });
  }

  onApplicationBootstrap(): void {
    if (!this.config.outgoingWebhooksEnabled) {
      this.loops.start('discard', () => discardAll(this.db), DISCARD_POLL_MS);
      return;
    }
    this.dispatcher.onRoom = (lane) => {
      if (lane === 0) this.loops.wake('lane-0');
    };
    this.loops.start('relay', () => this.tell());
    this.loops.start('lane-0', () => this.deliver());
    this.loops.start('lane-1', () => this.retry());
    const stir = (): void => this.loops.wake('relay', 'lane-0');
    this.listener.listen(OUTBOX_CHANNEL, { heard: stir, began: stir });
  }

  /** Starts nothing more and waits for what is under way. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.loops.stop();
    await this.dispatcher.settle();
  }

  private async tell(): Promise<number> {
    const told = await this.relay.run();
    if (told > 0) {
      this.loops.wake('lane-0');
      await this.loops.rest('gather', GATHER_MS);
    }
    return told;
  }

  private async deliver(): Promise<number> {
    const started = await this.dispatcher.pass(0);
    return this.dispatcher.isAmidst(0) ? 1 : started;
  }

  private async retry(): Promise<number> {
    const started = await this.dispatcher.pass(1);
    await this.loops.rest('breath', RETRY_PAUSE_MS);
    return this.dispatcher.isAmidst(1) ? 1 : started;
  }
}
