import type { ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { outcomeOf, type NewAuditEntry } from '#libs/audit';
import { senderOf } from '#libs/identity';
import { currentContext } from '#libs/observability';
import { OPERATION_STEM } from '../http/answer.js';
import { readUuid } from '../http/wire/uuid.js';

const USER = 'user_id';

/** The name of a route's operation, e.g. `delete_user`; its controller and method where it has none. */
export function actionOf(context: ExecutionContext): string {
  const stem: unknown = Reflect.getMetadata(OPERATION_STEM, context.getHandler());
  return typeof stem === 'string' ? stem : `${context.getClass().name}.${context.getHandler().name}`;
}

/** What one request tells about itself once it was answered. `answer`: its body, which may hold the id of something new. */
export function entryOf(request: Request, action: string, status: number, answer?: unknown): NewAuditEntry {
  const principal = senderOf(request);
  const route = (request.route as { path?: string } | undefined)?.path ?? request.path;
  return {
    actorKind: principal?.kind ?? 'anonymous',
    actorId: principal?.id ?? null,
    action,
    outcome: outcomeOf(status),
    status,
    method: request.method,
    route,
    ...objectOf(route, paramsOf(request), answer),
    ...(request.ip === undefined ? {} : { address: request.ip }),
    requestId: currentContext().requestId,
  };
}

const paramsOf = (request: Request): [string, string][] =>
  Object.entries(request.params).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));

/** The last id of the path; without one the id of what was made; else the user. */
function objectOf(
  route: string,
  params: readonly [string, string][],
  answer: unknown,
): Pick<NewAuditEntry, 'objectType' | 'objectId' | 'userId'> {
  const user = userIdOf(Object.fromEntries(params)) ?? undefined;
  const about = user === undefined ? {} : { userId: user };
  const named = params.filter(([name]) => name !== USER).at(-1);
  if (named) return { ...about, objectType: named[0].replace(/_id$/, ''), objectId: named[1] };
  const made = (answer as { id?: unknown } | null | undefined)?.id;
  const last = route.split('/').at(-1) ?? '';
  if (typeof made === 'string' && !last.startsWith(':')) {
    const objectType = last.replace(/s$/, '');
    return { ...about, ...(objectType === 'user' ? { userId: made } : {}), objectType, objectId: made };
  }
  return user === undefined ? {} : { ...about, objectType: 'user', objectId: user };
}

/** The user that the path names, in the one spelling of an id; null when there is none. */
export function userIdOf(params: Readonly<Record<string, unknown>>): string | null {
  const id = readUuid(params[USER]);
  return typeof id === 'string' ? id : null;
}
