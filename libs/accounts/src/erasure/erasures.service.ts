import { Injectable } from '@nestjs/common';
import { notFound } from '#libs/model';
import type { ErasureView } from './erasure.js';
import { ErasuresRepository } from './erasures.repository.js';

/** What became of the data of users who were deleted. */
@Injectable()
export class Erasures {
  constructor(private readonly erasures: ErasuresRepository) {}

  /** @throws Failure 404 when no such user was deleted */
  async report(userId: string): Promise<ErasureView> {
    const erasure = await this.erasures.ofUser(userId);
    if (!erasure) throw notFound(`No erasure of user ${userId} found.`);
    return erasure;
  }
}
