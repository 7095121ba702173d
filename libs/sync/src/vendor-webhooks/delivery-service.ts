import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DatabaseListener, VENDOR_INBOX_CHANNEL, WorkLoops } from '#libs/database';
import { logger, requestContext } from '#libs/observability';
import { DeliveryWorker } from './delivery-worker.js';
import { VendorInboxRepository, type PendingDelivery } from './vendor-inbox.repository.js';

/** Most of their time deliveries wait for a vendor's answer. */
const AT_ONCE = 16;
const HOLD_MS = 5000;
const ACTOR = 'vendor-delivery';

/** Works off what vendors delivered for as long as the worker runs. Any number of workers may do so at once. */
@Injectable()
export class DeliveryService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loops: WorkLoops;
  private readonly underWay = new Map<number, Promise<void>>();

  constructor(
    private readonly inbox: VendorInboxRepository,
    private readonly worker: DeliveryWorker,
    private readonly listener: DatabaseListener,
  ) {
    const onTrouble = (error: unknown, loop: string): void =>
      logger().warn({ error, loop }, 'vendor_deliveries_trouble');
    this.loops = new WorkLoops({ listener, onTrouble });
  }

  onApplicationBootstrap(): void {
    this.loops.start('take', () => this.take());
    this.loops.start('hold', () => this.hold(), HOLD_MS);
    const look = (): void => this.loops.wake('take');
    this.listener.listen(VENDOR_INBOX_CHANNEL, { heard: look, began: look });
  }

  /** Starts nothing more and waits for what is under way. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.loops.stop();
    await Promise.all(this.underWay.values());
  }

  /** @returns 0 when there is nothing more to take, or no room */
  private async take(): Promise<number> {
    const room = AT_ONCE - this.underWay.size;
    if (room === 0) return 0;
    const taken = await this.inbox.takeDue(room);
    for (const delivery of taken) this.underWay.set(delivery.id, this.run(delivery));
    return taken.length < room ? 0 : taken.length;
  }

  private async run(delivery: PendingDelivery): Promise<void> {
    try {
      await requestContext.run({ requestId: delivery.request_id, actor: ACTOR }, () => this.worker.run(delivery));
    } catch (error) {
      logger().error({ error, delivery_id: delivery.id }, 'vendor_delivery_left');
    }
    const wasFull = this.underWay.size === AT_ONCE;
    this.underWay.delete(delivery.id);
    if (wasFull) this.loops.wake('take');
  }

  /** A vendor may be slow for longer than a turn lasts; nobody else is to begin the same meanwhile. */
  private async hold(): Promise<number> {
    if (this.underWay.size > 0) await this.inbox.hold([...this.underWay.keys()]);
    return 0;
  }
}
