import { Injectable } from '@nestjs/common';
import type { JobHandler, JobPayloads } from '#libs/queue';
import { PullRunner } from '#libs/sync';

/** Fetches what a run is about from a vendor. */
@Injectable()
export class PullRunJob implements JobHandler<'pull.run'> {
  readonly job = 'pull.run';

  constructor(private readonly runner: PullRunner) {}

  run({ pullRunId }: JobPayloads['pull.run']): Promise<void> {
    return this.runner.run(pullRunId);
  }
}
