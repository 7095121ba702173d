import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { logger } from '#libs/observability';
import { JobQueue } from '#libs/queue';

/**
 * Wakes the worker for deliveries that are stored. Nobody waits for it: those that come while the queue is told are told
 * together next, and a lost job is no harm, because the sweep finds the delivery.
 */
@Injectable()
export class DeliveryWakeUp implements OnModuleDestroy {
  private waiting: number[] = [];
  private telling: Promise<void> | null = null;

  constructor(private readonly queue: JobQueue) {}

  for(deliveryId: number): void {
    this.waiting.push(deliveryId);
    this.telling ??= this.tellAll();
  }

  async onModuleDestroy(): Promise<void> {
    await this.telling;
  }

  private async tellAll(): Promise<void> {
    while (this.waiting.length > 0) {
      // The answer goes out first.
      await nextTurn();
      const ids = this.waiting;
      this.waiting = [];
      try {
        await this.queue.addAll(
          'vendor.delivery',
          ids.map((id) => ({ payload: { deliveryId: id }, jobId: `delivery-${id}` })),
        );
      } catch (error) {
        logger().warn({ error, deliveries: ids.length }, 'deliveries_wait_for_sweep');
      }
    }
    this.telling = null;
  }
}
