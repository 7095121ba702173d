import { randomBytes } from 'node:crypto';

/** Kinds of runs that get an id of their own; an upload's run has the id of its batch. */
export type RunKind = 'pull' | 'xml' | 'wh' | 'run';

/** A new run id, e.g. `pull_0f3a9c71d2e84b56`. */
export const newRunId = (kind: RunKind): string => `${kind}_${randomBytes(8).toString('hex')}`;
