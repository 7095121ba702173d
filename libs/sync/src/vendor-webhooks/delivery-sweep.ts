import { Injectable } from '@nestjs/common';
import { JobQueue } from '#libs/queue';
import { VendorInboxRepository } from './vendor-inbox.repository.js';

const OVERDUE_SECONDS = 10;
const PER_SWEEP = 500;
const REPEAT_MS = 30_000;

/** Finds accepted deliveries whose job was lost. */
@Injectable()
export class DeliverySweep {
  constructor(
    private readonly inbox: VendorInboxRepository,
    private readonly queue: JobQueue,
  ) {}

  /** @returns how many were found. `now` in milliseconds. */
  async run(now: number): Promise<number> {
    const overdue = await this.inbox.overdue(OVERDUE_SECONDS, PER_SWEEP);
    const period = Math.floor(now / REPEAT_MS);
    const jobs = overdue.map(({ id }) => ({ payload: { deliveryId: id }, jobId: `delivery-${id}-${period}` }));
    await this.queue.addAll('vendor.delivery', jobs);
    return overdue.length;
  }
}
