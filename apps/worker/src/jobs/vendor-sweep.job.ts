import { Injectable } from '@nestjs/common';
import type { JobHandler } from '#libs/queue';
import { DeliverySweep } from '#libs/sync';

/** Finds deliveries whose job was lost. */
@Injectable()
export class VendorSweepJob implements JobHandler<'vendor.sweep'> {
  readonly job = 'vendor.sweep';

  constructor(private readonly sweep: DeliverySweep) {}

  async run(): Promise<void> {
    await this.sweep.run(Date.now());
  }
}
