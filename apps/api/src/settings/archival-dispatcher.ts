import { Injectable } from '@nestjs/common';
import { ArchivalTasks } from '#libs/ingest';
import { JobQueue } from '#libs/queue';

/** Asks the worker to archive. */
@Injectable()
export class ArchivalDispatcher {
  constructor(
    private readonly tasks: ArchivalTasks,
    private readonly queue: JobQueue,
  ) {}

  /** Returns the id of the task. The task is stored first: a lost job only makes it wait for the daily run. */
  async dispatch(): Promise<string> {
    const taskId = await this.tasks.open();
    await this.queue.add('archive.run', {}, { jobId: `archive-${taskId}` });
    return taskId;
  }
}
