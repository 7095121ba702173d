import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Database, stir, VENDOR_INBOX_CHANNEL } from '#libs/database';
import { logger } from '#libs/observability';

/**
 * Wakes the workers for deliveries that are stored. Nobody waits for it: those that come while the database is told are
 * told of together next, and a worker that does not hear looks by itself.
 */
@Injectable()
export class DeliveryWakeUp implements OnModuleDestroy {
  private isWanted = false;
  private telling: Promise<void> | null = null;

  constructor(private readonly db: Database) {}

  ask(): void {
    this.isWanted = true;
    this.telling ??= this.tell();
  }

  async onModuleDestroy(): Promise<void> {
    await this.telling;
  }

  private async tell(): Promise<void> {
    while (this.isWanted) {
      // The answer goes out first.
      await nextTurn();
      this.isWanted = false;
      try {
        await stir(this.db, VENDOR_INBOX_CHANNEL);
      } catch (error) {
        logger().warn({ error }, 'deliveries_wait_for_a_look');
      }
    }
    this.telling = null;
  }
}
