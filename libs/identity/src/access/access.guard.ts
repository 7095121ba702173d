import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { Failure } from '#libs/model';
import { ACCESS, type Access, type Scope } from './access.js';
import { Authenticator } from './authenticator.js';
import type { ApiKeyPrincipal, Principal } from './principal.js';

const MISSING = {
  scope: 'Authentication required: provide JWT token or API key',
  sdk: 'Authentication required: provide SDK token or API key',
} as const;
const CHALLENGE = { headers: { 'WWW-Authenticate': 'Bearer' } };

const principals = new WeakMap<object, Principal>();

/** Who sent a request; undefined on public routes. */
export const principalOf = (request: object): Principal | undefined => principals.get(request);

/** Lets a request through when its route's declared access allows the caller. A route that declares none stays shut. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = accessOf(this.reflector, context.getHandler(), context.getClass());
    if (!access) throw new Error(`${context.getClass().name}.${context.getHandler().name} declares no access`);
    const request = context.switchToHttp().getRequest<Request>();
    const principal = await this.admit(access, request);
    if (principal) principals.set(request, principal);
    return true;
  }

  /** The caller, null where nobody needs to be known. @throws Failure 401 or 403 */
  private async admit(access: Access, request: Request): Promise<Principal | null> {
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
    const isPhone = (await this.authenticator.phone(request)) !== null;
    const detail = isPhone ? 'SDK tokens cannot access this endpoint' : 'Could not validate credentials';
    throw new Failure(401, detail, CHALLENGE);
  }

  private async phone(request: Request): Promise<Principal> {
    const phone = await this.authenticator.phone(request);
    if (!phone) return this.keyWith('data:write', request, MISSING.sdk);
    if (sameUser(request.params['user_id'], phone.id)) return phone;
    throw new Failure(403, 'Token does not match user_id');
  }

  private async keyWith(scope: Scope, request: Request, whenMissing: string): Promise<ApiKeyPrincipal> {
    const key = await this.authenticator.apiKey(request);
    if (key === 'missing') throw new Failure(401, whenMissing);
    if (key === 'invalid') throw new Failure(401, 'Invalid or missing API key');
    if (!key.scopes.has(scope)) throw new Failure(403, `This API key lacks the scope ${scope}`);
    return key;
  }
}

/** Compares the path's user id, in any spelling of a UUID, with one in its usual spelling. */
function sameUser(inPath: unknown, userId: string): boolean {
  const digits = typeof inPath === 'string' ? inPath.toLowerCase().replace(/^urn:uuid:|[{}-]/g, '') : '';
  return digits === userId.replaceAll('-', '');
}

/** The access a route declares, on its method or on its class. */
export function accessOf(
  reflector: Reflector,
  handler: ReturnType<ExecutionContext['getHandler']>,
  controller: ReturnType<ExecutionContext['getClass']>,
): Access | undefined {
  return reflector.getAllAndOverride<Access | undefined>(ACCESS, [handler, controller]);
}
