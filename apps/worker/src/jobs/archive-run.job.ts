import { Injectable } from '@nestjs/common';
import { ArchivalTasks, Archivist } from '#libs/ingest';
import { instantFromDate } from '#libs/model';
import { RetryLater, type JobHandler } from '#libs/queue';

const OTHER_RUN_MS = 30_000;

/** Drops points and rollups that are old enough; what one run does not manage is left to the next day. */
@Injectable()
export class ArchiveRunJob implements JobHandler<'archive.run'> {
  readonly job = 'archive.run';

  constructor(
    private readonly archivist: Archivist,
    private readonly tasks: ArchivalTasks,
  ) {}

  async run(): Promise<void> {
    const report = await this.tasks.track(() => this.archivist.run(instantFromDate(new Date())));
    if (report === null) throw new RetryLater(OTHER_RUN_MS);
  }
}
