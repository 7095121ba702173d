import { createHash } from 'node:crypto';
import { Injectable, type ExecutionContext } from '@nestjs/common';
import { ThrottlerGuard, type ThrottlerRequest } from '@nestjs/throttler';
import type { Request, Response } from 'express';
import { Failure } from '#libs/model';
import { counter } from '#libs/observability';
import { CALLER_LIMIT } from './limits.js';
import { strictRuleOf } from './strict-limit.js';

/** Refuses requests over a limit with 429 and says on every counted one what is left. */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  private readonly refused = counter({
    name: 'http_requests_limited_total',
    help: 'Requests refused with 429, by the limit they met',
    labels: ['limit'],
  });

  protected override async handleRequest(request: ThrottlerRequest): Promise<boolean> {
    const { context, limit, ttl, throttler, blockDuration, getTracker, generateKey } = request;
    const { req, res } = this.getRequestResponse(context) as { req: Request; res: Response };
    const name = throttler.name ?? '';
    const key = generateKey(context, await getTracker(req, context), name);
    const record = await this.storageService.increment(key, ttl, limit, blockDuration, name);
    tell(res, limit, Math.max(0, limit - record.totalHits), record.timeToExpire);
    if (!record.isBlocked) return true;
    this.refused.inc({ limit: name });
    const headers = { 'Retry-After': String(record.timeToBlockExpire) };
    throw new Failure(429, 'Too many requests', { headers });
  }

  /** Routes of one strict limit share a key; what it holds (addresses, emails, ids) is not stored in the clear. */
  protected override generateKey(context: ExecutionContext, tracker: string, name: string): string {
    const strict = name === CALLER_LIMIT ? '' : (strictRuleOf(context.getHandler())?.name ?? '');
    return createHash('sha256')
      .update(JSON.stringify([name, strict, tracker]))
      .digest('base64url');
  }
}

/** Of several limits the one with the least left is told. */
function tell(response: Response, limit: number, left: number, resetSeconds: number): void {
  const told = response.getHeader('RateLimit-Remaining');
  if (told !== undefined && Number(told) <= left) return;
  response.set({
    'RateLimit-Limit': String(limit),
    'RateLimit-Remaining': String(left),
    'RateLimit-Reset': String(resetSeconds),
  });
}
