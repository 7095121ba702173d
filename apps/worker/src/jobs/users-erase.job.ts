import { Injectable } from '@nestjs/common';
import { UserEraser } from '#libs/accounts';
import { RetryLater, type JobHandler } from '#libs/queue';

/** Empties the tables of users who were deleted; a large one takes several turns. */
@Injectable()
export class UsersEraseJob implements JobHandler<'users.erase'> {
  readonly job = 'users.erase';

  constructor(private readonly eraser: UserEraser) {}

  async run(): Promise<void> {
    if (await this.eraser.run()) throw new RetryLater(0);
  }
}
