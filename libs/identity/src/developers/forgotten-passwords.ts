import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { JobQueue } from '#libs/queue';
import { FailedAttempts } from '../phones/failed-attempts.js';
import { DevelopersRepository } from './developers.repository.js';

const PER_ADDRESS = { attempts: 5, minutes: 60 } as const;

/** Asking for a link to set a new password. */
@Injectable()
export class ForgottenPasswords {
  constructor(
    private readonly developers: DevelopersRepository,
    private readonly jobs: JobQueue,
    private readonly attempts: FailedAttempts,
  ) {}

  /**
   * Has a link sent to the developer with that address. The same is done when nobody has it, so that neither answer
   * nor time tells.
   * @throws Failure 429 when the address was asked for too often
   */
  async ask(email: string, now: Date): Promise<void> {
    const name = createHash('sha256').update(email.toLowerCase()).digest('base64url');
    await this.attempts.count(`forgotten:${name}`, PER_ADDRESS, now);
    const developer = await this.developers.login(email);
    await this.jobs.add('mail.password-reset', { developerId: developer?.id ?? null });
  }
}
