import { AsyncLocalStorage } from 'node:async_hooks';

/** What one piece of work belongs to; travels from a request through the queue into jobs. */
export interface RequestContext {
  readonly requestId: string | null;
  /** Who asked, for example `api-key:<id>`; set once the caller is known. */
  actor: string | null;
}

/** Run work inside a context with `requestContext.run({ requestId, actor }, work)`. */
export const requestContext = new AsyncLocalStorage<RequestContext>();

const NOWHERE: Readonly<RequestContext> = { requestId: null, actor: null };

/** The context we are in; both fields null outside of any. */
export const currentContext = (): Readonly<RequestContext> => requestContext.getStore() ?? NOWHERE;
