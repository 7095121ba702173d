import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { concatMap, type Observable } from 'rxjs';
import { AccessCounter, Audit } from '#libs/audit';
import { accessOf, principalOf } from '#libs/identity';
import { auditPolicyOf, markRecorded } from './audit.guard.js';
import { actionOf, entryOf, userIdOf } from './request-facts.js';

/** Writes the entry of what was done before its caller hears of it, and counts reads and uploads of a user's data. */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly audit: Audit,
    private readonly counter: AccessCounter,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const policy = auditPolicyOf(this.reflector, context);
    if (policy !== 'entry' && !isAboutUserData(this.reflector, context, policy)) return next.handle();
    return next.handle().pipe(
      concatMap(async (answer: unknown) => {
        if (policy === 'entry') await this.record(context, answer);
        else this.count(context, policy === 'count' ? 'write' : 'read');
        return answer;
      }),
    );
  }

  private async record(context: ExecutionContext, answer: unknown): Promise<void> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    markRecorded(request);
    await this.audit.record(entryOf(request, actionOf(context), http.getResponse<Response>().statusCode, answer));
  }

  private count(context: ExecutionContext, kind: 'read' | 'write'): void {
    const request = context.switchToHttp().getRequest<Request>();
    const principal = principalOf(request);
    const userId = userIdOf(request.params);
    if (!principal || userId === null) return;
    this.counter.count({ actorKind: principal.kind, actorId: principal.id, userId, kind }, new Date());
  }
}

function isAboutUserData(reflector: Reflector, context: ExecutionContext, policy: 'count' | null): boolean {
  if (policy === 'count') return true;
  const access = accessOf(reflector, context.getHandler(), context.getClass());
  return access?.kind === 'scope' && access.scope === 'data:read';
}
