import { Injectable } from '@nestjs/common';
import { InvitationMail } from '#libs/identity';
import { JOBS, type JobContext, type JobHandler, type JobPayloads } from '#libs/queue';

/** Mails an invitation. Run again after it was sent, it does nothing. */
@Injectable()
export class InvitationMailJob implements JobHandler<'mail.invitation'> {
  readonly job = 'mail.invitation';

  constructor(private readonly mail: InvitationMail) {}

  run({ invitationId }: JobPayloads['mail.invitation'], { attempt }: JobContext): Promise<void> {
    return this.mail.send(invitationId, attempt >= JOBS['mail.invitation'].attempts);
  }
}
