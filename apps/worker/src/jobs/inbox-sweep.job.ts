import { Injectable } from '@nestjs/common';
import type { JobHandler } from '#libs/queue';
import { InboxSweep } from '#libs/sync';

/** Finds accepted uploads whose digestion nobody was asked for. */
@Injectable()
export class InboxSweepJob implements JobHandler<'inbox.sweep'> {
  readonly job = 'inbox.sweep';

  constructor(private readonly sweep: InboxSweep) {}

  async run(): Promise<void> {
    await this.sweep.run(Date.now());
  }
}
