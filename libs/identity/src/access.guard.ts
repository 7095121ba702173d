import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { Failure } from '#libs/model';
import { ACCESS, type Access } from './access.js';
import { Authenticator } from './authenticator.js';
import type { Principal } from './principal.js';

const MISSING = {
  scope: 'Authentication required: provide JWT token or API key',
  sdk: 'Authentication required: provide SDK token or API key',
} as const;

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
    if (access.kind === 'public') return true;
    const request = context.switchToHttp().getRequest<Request>();
    const principal = await this.authenticator.authenticate(request);
    if (principal === 'missing') throw new Failure(401, MISSING[access.kind]);
    if (principal === 'invalid') throw new Failure(401, 'Invalid or missing API key');
    if (access.kind === 'scope' && !principal.scopes.has(access.scope)) {
      throw new Failure(403, `This API key lacks the scope ${access.scope}`);
    }
    principals.set(request, principal);
    return true;
  }
}

/** The access a route declares, on its method or on its class. */
export function accessOf(
  reflector: Reflector,
  handler: ReturnType<ExecutionContext['getHandler']>,
  controller: ReturnType<ExecutionContext['getClass']>,
): Access | undefined {
  return reflector.getAllAndOverride<Access | undefined>(ACCESS, [handler, controller]);
}
