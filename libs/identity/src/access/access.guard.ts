import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { ACCESS, type Access } from './access.js';
import { Admission } from './admission.js';

/** Lets a request through when its route's declared access allows the caller. A route that declares none stays shut. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly admission: Admission,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = accessOf(this.reflector, context.getHandler(), context.getClass());
    if (!access) throw new Error(`${context.getClass().name}.${context.getHandler().name} declares no access`);
    await this.admission.admit(access, context.switchToHttp().getRequest<Request>());
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
