import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { principalOf } from '#libs/identity';
import { requestContext } from '#libs/observability';

/** Names the caller in the context of the request once the guard knows them, for logs and for the jobs it starts. */
@Injectable()
export class ActorInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const principal = principalOf(context.switchToHttp().getRequest<object>());
    const current = requestContext.getStore();
    if (principal && current) current.actor = `${principal.kind}:${principal.id}`;
    return next.handle();
  }
}
