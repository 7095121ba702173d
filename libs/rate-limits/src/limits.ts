import type { ExecutionContext } from '@nestjs/common';
import { normalizeIp, type ThrottlerOptions } from '@nestjs/throttler';
import type { Request } from 'express';
import { principalOf } from '#libs/identity';
import { strictRuleOf } from './strict-limit.js';

const MINUTE_MS = 60_000;
/** Tries about one account may come from several of its owner's devices. */
const PER_SUBJECT = 2;

export interface LimitSettings {
  /** Per caller and minute; 0: no limit. */
  readonly callerRequestsPerMinute: number;
  /** Per address and minute on strict routes; 0: no limit. */
  readonly attemptsPerMinute: number;
}

/** The limit that is counted in memory; the others are counted in the database. */
export const CALLER_LIMIT = 'caller';

/** The three limits a request may meet: of its address and its subject on strict routes, of its caller everywhere. */
export function limitsOf({ callerRequestsPerMinute, attemptsPerMinute }: LimitSettings): ThrottlerOptions[] {
  const attempts = (context: ExecutionContext): number =>
    Math.max(1, Math.floor(attemptsPerMinute * (strictRuleOf(context.getHandler())?.factor ?? 1)));
  return [
    {
      name: 'address',
      ttl: MINUTE_MS,
      limit: attempts,
      skipIf: (context) => attemptsPerMinute === 0 || !strictRuleOf(context.getHandler()),
      getTracker: (request) => addressOf(request as Request),
    },
    {
      name: 'subject',
      ttl: MINUTE_MS,
      limit: (context) => attempts(context) * PER_SUBJECT,
      skipIf: (context) => attemptsPerMinute === 0 || subjectOf(context) === undefined,
      getTracker: (_request, context) => subjectOf(context) ?? '',
    },
    {
      name: CALLER_LIMIT,
      ttl: MINUTE_MS,
      limit: callerRequestsPerMinute,
      skipIf: (context) => callerRequestsPerMinute === 0 || !callerOf(requestOf(context)),
      getTracker: (request) => callerOf(request) ?? '',
    },
  ];
}

const requestOf = (context: ExecutionContext): Request => context.switchToHttp().getRequest<Request>();

/** Addresses of one IPv6 network count as one: nobody has fewer than a network of them. */
const addressOf = ({ ip }: Request): string => (ip === undefined ? 'unknown' : normalizeIp(ip));

function subjectOf(context: ExecutionContext): string | undefined {
  const field = strictRuleOf(context.getHandler())?.subject;
  const body = requestOf(context).body as Record<string, unknown> | undefined;
  const value = field === undefined ? undefined : body?.[field];
  return typeof value === 'string' && value !== '' ? value.trim().toLowerCase() : undefined;
}

function callerOf(request: object): string | undefined {
  const principal = principalOf(request);
  return principal && `${principal.kind}:${principal.id}`;
}
