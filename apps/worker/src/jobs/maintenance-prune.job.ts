import { Injectable } from '@nestjs/common';
import type { JobHandler } from '#libs/queue';
import { Retention } from '#libs/sync';

/** Throws away what has been kept long enough. */
@Injectable()
export class MaintenancePruneJob implements JobHandler<'maintenance.prune'> {
  readonly job = 'maintenance.prune';

  constructor(private readonly retention: Retention) {}

  async run(): Promise<void> {
    await this.retention.run();
  }
}
