import { Injectable } from '@nestjs/common';
import { PasswordResets } from '#libs/identity';
import type { JobHandler, JobPayloads } from '#libs/queue';

/** Mails a link to set a new password. Run again, it mails another one, which ends the first. */
@Injectable()
export class PasswordResetMailJob implements JobHandler<'mail.password-reset'> {
  readonly job = 'mail.password-reset';

  constructor(private readonly resets: PasswordResets) {}

  async run({ developerId }: JobPayloads['mail.password-reset']): Promise<void> {
    if (developerId !== null) await this.resets.send(developerId, new Date());
  }
}
