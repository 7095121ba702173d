import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Failure } from '#libs/model';
import type { Access, Scope } from './access.js';
import { Authenticator } from './authenticator.js';
import type { ApiKeyPrincipal, Principal } from './principal.js';

const MISSING = {
  scope: 'Authentication required: provide JWT token or API key',
  sdk: 'Authentication required: provide SDK token or API key',
} as const;
const CHALLENGE = { headers: { 'WWW-Authenticate': 'Bearer' } };

interface Admitted {
  readonly access: Access;
  readonly principal: Principal | null;
}

const admitted = new WeakMap<object, Admitted>();

const refused = new WeakMap<object, Principal>();

/** Who sent a request, also when it was refused because they may not do this; undefined where nobody was recognised. */
export const senderOf = (request: object): Principal | undefined => principalOf(request) ?? refused.get(request);

/** Who sent a request; undefined on public routes. */
export const principalOf = (request: object): Principal | undefined => admitted.get(request)?.principal ?? undefined;

/** Decides whether a request may do what its route does. */
@Injectable()
export class Admission {
  constructor(private readonly authenticator: Authenticator) {}

  /** Lets a request in and remembers who sent it. @throws Failure 401 or 403 */
  async admit(access: Access, request: Request): Promise<void> {
    admitted.set(request, { access, principal: await this.callerFor(access, request) });
  }

  /** Whether a request that was let in would be let in again: its key, token and session have not ended since. */
  async isStillGood(request: Request): Promise<boolean> {
    const before = admitted.get(request);
    if (!before) return false;
    try {
      const now = await this.callerFor(before.access, request);
      return now?.id === before.principal?.id;
    } catch (error) {
      if (error instanceof Failure) return false;
      throw error;
    }
  }

  /** The caller, null where nobody needs to be known. */
  private async callerFor(access: Access, request: Request): Promise<Principal | null> {
    switch (access.kind) {
      case 'public':
        return null;
      case 'application':
        return this.authenticator.developer(request);
      case 'developer':
        return this.developer(request);
      case 'scope':
        return (await this.authenticator.developer(request)) ?? this.keyWith(access.scope, request, MISSING.scope);
      case 'sdk':
        return this.phone(request);
    }
  }

  private async developer(request: Request): Promise<Principal> {
    const developer = await this.authenticator.developer(request);
    if (developer) return developer;
    const phone = await this.authenticator.phone(request);
    if (phone) refused.set(request, phone);
    const detail = phone ? 'SDK tokens cannot access this endpoint' : 'Could not validate credentials';
    throw new Failure(401, detail, CHALLENGE);
  }

  private async phone(request: Request): Promise<Principal> {
    const phone = await this.authenticator.phone(request);
    if (!phone) return this.keyWith('data:write', request, MISSING.sdk);
    if (sameUser(request.params['user_id'], phone.id)) return phone;
    refused.set(request, phone);
    throw new Failure(403, 'Token does not match user_id');
  }

  private async keyWith(scope: Scope, request: Request, whenMissing: string): Promise<ApiKeyPrincipal> {
    const key = await this.authenticator.apiKey(request);
    if (key === 'missing') throw new Failure(401, whenMissing);
    if (key === 'invalid') throw new Failure(401, 'Invalid or missing API key');
    if (key.scopes.has(scope)) return key;
    refused.set(request, key);
    throw new Failure(403, `This API key lacks the scope ${scope}`);
  }
}

/** Compares the path's user id, in any spelling of a UUID, with one in its usual spelling. */
function sameUser(inPath: unknown, userId: string): boolean {
  const digits = typeof inPath === 'string' ? inPath.toLowerCase().replace(/^urn:uuid:|[{}-]/g, '') : '';
  return digits === userId.replaceAll('-', '');
}
