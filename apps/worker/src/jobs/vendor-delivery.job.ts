import { Injectable } from '@nestjs/common';
import type { JobHandler, JobPayloads } from '#libs/queue';
import { DeliveryWorker } from '#libs/sync';

/** Does what a vendor's delivery asks for. */
@Injectable()
export class VendorDeliveryJob implements JobHandler<'vendor.delivery'> {
  readonly job = 'vendor.delivery';

  constructor(private readonly worker: DeliveryWorker) {}

  run({ deliveryId }: JobPayloads['vendor.delivery']): Promise<void> {
    return this.worker.run(deliveryId);
  }
}
