import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DatabaseListener, VENDOR_INBOX_CHANNEL, WorkLoops } from '#libs/database';
import { logger, requestContext } from '#libs/observability';
import { DeliveryWorker } from './delivery-worker.js';
import { VendorInboxRepository, type PendingDelivery } from './vendor-inbox.repository.js';

/** Most of their time deliveries wait for a vendor's answer. */
const AT_ONCE = 16;
/** A vendor that does not answer must not keep the others' deliveries waiting. */
const OF_ONE_PROVIDER = 10;
const TAKEN_TOGETHER = 4;
const HOLD_MS = 5000;
const ACTOR = 'vendor-delivery';

/** Works off what vendors delivered for as long as the worker runs. Any number of workers may do so at once. */
@Injectable()
export class DeliveryService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loops: WorkLoops;
  private readonly underWay = new Map<PendingDelivery, Promise<void>>();
  /** Somebody may wait for room. */
  private isCrowded = false;
  private beat: NodeJS.Timeout | undefined;

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
    this.beat = setInterval(() => void this.hold(), HOLD_MS);
    const look = (): void => this.loops.wake('take');
    this.listener.listen(VENDOR_INBOX_CHANNEL, { heard: look, began: look });
  }

  /** Starts nothing more and waits for what is under way, which stays ours meanwhile. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.loops.stop();
    await Promise.all(this.underWay.values());
    clearInterval(this.beat);
  }

  /** @returns 0 when there is nothing more to take, or no room */
  private async take(): Promise<number> {
    const room = Math.min(AT_ONCE - this.underWay.size, TAKEN_TOGETHER);
    const busy = this.busyProviders();
    this.isCrowded = room === 0 || busy.length > 0;
    if (room === 0) return 0;
    const taken = await this.inbox.takeDue(room, busy);
    for (const delivery of taken) this.underWay.set(delivery, this.run(delivery));
    return taken.length < room ? 0 : taken.length;
  }

  private busyProviders(): string[] {
    const counts = new Map<string, number>();
    for (const { provider } of this.underWay.keys()) counts.set(provider, (counts.get(provider) ?? 0) + 1);
    return [...counts].filter(([, count]) => count >= OF_ONE_PROVIDER).map(([provider]) => provider);
  }

  private async run(delivery: PendingDelivery): Promise<void> {
    try {
      await requestContext.run({ requestId: delivery.request_id, actor: ACTOR }, () => this.worker.run(delivery));
    } catch (error) {
      logger().error({ error, delivery_id: delivery.id }, 'vendor_delivery_left');
    }
    this.underWay.delete(delivery);
    if (this.isCrowded) this.loops.wake('take');
  }

  /** A vendor may be slow for longer than a turn lasts; nobody else is to begin the same meanwhile. */
  private async hold(): Promise<void> {
    const ids = [...this.underWay.keys()].map(({ id }) => id);
    if (ids.length === 0) return;
    await this.inbox
      .hold(ids)
      .catch((error: unknown) => logger().warn({ error, deliveries: ids.length }, 'deliveries_not_held'));
  }
}
