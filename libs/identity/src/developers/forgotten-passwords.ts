import { Injectable } from '@nestjs/common';
import { JobQueue } from '#libs/queue';
import { DevelopersRepository } from './developers.repository.js';

/** Asking for a link to set a new password. */
@Injectable()
export class ForgottenPasswords {
  constructor(
    private readonly developers: DevelopersRepository,
    private readonly jobs: JobQueue,
  ) {}

  /**
   * Has a link sent to the developer with that address. The same is done when nobody has it, so that neither answer
   * nor time tells.
   */
  async ask(email: string): Promise<void> {
    const developer = await this.developers.login(email);
    await this.jobs.add('mail.password-reset', { developerId: developer?.id ?? null });
  }
}
