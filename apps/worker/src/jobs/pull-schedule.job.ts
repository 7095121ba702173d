import { Injectable } from '@nestjs/common';
import type { JobHandler } from '#libs/queue';
import { PullSchedule } from '#libs/sync';

/** Asks for the pulls whose time has come. */
@Injectable()
export class PullScheduleJob implements JobHandler<'pull.schedule'> {
  readonly job = 'pull.schedule';

  constructor(private readonly schedule: PullSchedule) {}

  async run(): Promise<void> {
    await this.schedule.run();
  }
}
