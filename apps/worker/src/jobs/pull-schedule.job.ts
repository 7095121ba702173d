import { Injectable } from '@nestjs/common';
import { AccessTokens } from '#libs/cloud';
import type { JobHandler } from '#libs/queue';
import { PullSchedule } from '#libs/sync';

/** Asks for the pulls whose time has come, and ends refreshes of tokens that were left. */
@Injectable()
export class PullScheduleJob implements JobHandler<'pull.schedule'> {
  readonly job = 'pull.schedule';

  constructor(
    private readonly schedule: PullSchedule,
    private readonly tokens: AccessTokens,
  ) {}

  async run(): Promise<void> {
    await Promise.all([this.schedule.run(), this.tokens.finishInterrupted()]);
  }
}
