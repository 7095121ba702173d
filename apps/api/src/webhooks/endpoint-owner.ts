import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Database } from '#libs/database';
import { principalOf } from '#libs/identity';
import { ownerOfApiKey, type Owner } from '#libs/webhooks';

/** Whose endpoints a request is about. */
@Injectable()
export class EndpointOwner {
  constructor(private readonly db: Database) {}

  /** The developer who calls, or who made the API key that calls. */
  async of(request: Request): Promise<Owner> {
    const principal = principalOf(request);
    if (principal?.kind === 'developer') return principal.id;
    if (principal?.kind === 'api-key') return ownerOfApiKey(this.db, principal.id);
    throw new Error('Neither a developer nor an API key asks for endpoints');
  }
}
