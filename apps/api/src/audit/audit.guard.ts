import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { Audit } from '#libs/audit';
import { senderOf } from '#libs/identity';
import { AnonymousQuota } from './anonymous-quota.js';
import { AUDITED, type AuditPolicy } from './audited.js';
import { actionOf, entryOf } from './request-facts.js';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);
const recorded = new WeakSet<Request>();

/** Said of a request whose entry is written already. */
export const markRecorded = (request: Request): void => void recorded.add(request);

/** How a route is audited; null: not at all. */
export function auditPolicyOf(reflector: Reflector, context: ExecutionContext): AuditPolicy | null {
  const declared = reflector.getAllAndOverride<AuditPolicy | undefined>(AUDITED, [
    context.getHandler(),
    context.getClass(),
  ]);
  const { method } = context.switchToHttp().getRequest<Request>();
  return declared ?? (READING.has(method) ? null : 'entry');
}

/**
 * Lets everybody through, and sees to it that what the guards after it, the pipes or the handler refuse enters the
 * trail too, when its answer is out. Must be the first guard.
 */
@Injectable()
export class AuditGuard implements CanActivate {
  private readonly quota = new AnonymousQuota();

  constructor(
    private readonly reflector: Reflector,
    private readonly audit: Audit,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const policy = auditPolicyOf(this.reflector, context);
    if (policy === null) return true;
    const http = context.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    const action = actionOf(context);
    response.once('finish', () => {
      const isCounted = policy === 'count' && response.statusCode < 400;
      if (isCounted || recorded.has(request) || !this.isWorthAnEntry(request)) return;
      void this.audit.record(entryOf(request, action, response.statusCode));
    });
    return true;
  }

  /** Strangers cannot fill the trail: of what one address tries without credentials only so much is kept. */
  private isWorthAnEntry(request: Request): boolean {
    return senderOf(request) !== undefined || this.quota.take(request.ip ?? '', Date.now());
  }
}
