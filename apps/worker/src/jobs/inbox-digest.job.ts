import { Injectable } from '@nestjs/common';
import type { JobHandler, JobPayloads } from '#libs/queue';
import { InboxDigester } from '#libs/sync';

/** Stores the uploads that wait for one user. */
@Injectable()
export class InboxDigestJob implements JobHandler<'inbox.digest'> {
  readonly job = 'inbox.digest';

  constructor(private readonly digester: InboxDigester) {}

  run({ batchId }: JobPayloads['inbox.digest']): Promise<void> {
    return this.digester.digest(batchId);
  }
}
