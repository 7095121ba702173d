import { Injectable } from '@nestjs/common';
import { ImportRunner } from '#libs/imports';
import type { JobHandler, JobPayloads } from '#libs/queue';

/** Stores one uploaded file. */
@Injectable()
export class ImportRunJob implements JobHandler<'import.run'> {
  readonly job = 'import.run';

  constructor(private readonly runner: ImportRunner) {}

  run({ importId }: JobPayloads['import.run']): Promise<void> {
    return this.runner.run(importId);
  }
}
