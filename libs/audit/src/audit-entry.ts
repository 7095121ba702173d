import type { JsonObject } from '#libs/model';

export const ACTOR_KINDS = ['anonymous', 'api-key', 'developer', 'sdk', 'system'] as const;
export type ActorKind = (typeof ACTOR_KINDS)[number];

/** `refused`: 4xx, nothing was done. `failed`: 5xx, something may have been done. */
export const OUTCOMES = ['success', 'refused', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** One thing that was done or tried. */
export interface NewAuditEntry {
  readonly actorKind: ActorKind;
  /** Null for `anonymous` and `system`. */
  readonly actorId: string | null;
  /** What, for example `delete_user`. */
  readonly action: string;
  readonly outcome: Outcome;
  /** HTTP status. */
  readonly status?: number;
  readonly method?: string;
  /** Template of the path. */
  readonly route?: string;
  /** Kind and id of what it was done to. */
  readonly objectType?: string;
  readonly objectId?: string;
  /** The person whose data it is about. */
  readonly userId?: string;
  /** Address the request came from. */
  readonly address?: string;
  readonly requestId?: string | null;
  /** Never secrets, never health data. */
  readonly detail?: JsonObject;
}

/** An entry as developers see it. */
export interface AuditEntryView {
  id: string;
  happened_at: string;
  actor_kind: string;
  actor_id: string | null;
  action: string;
  outcome: string;
  status: number | null;
  method: string | null;
  route: string | null;
  object_type: string | null;
  object_id: string | null;
  user_id: string | null;
  address: string | null;
  request_id: string | null;
  detail: Record<string, unknown> | null;
}

export const outcomeOf = (status: number): Outcome => (status < 400 ? 'success' : status < 500 ? 'refused' : 'failed');
