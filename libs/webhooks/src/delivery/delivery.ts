/** 0: endpoints that work. 1: those that fail, so that they cannot hold up the others. */
export type Lane = 0 | 1;

/** After so many failures in a row an endpoint leaves the lane of those that work. */
const FAILURES_TO_STEP_ASIDE = 5;

/** The lane of an endpoint that has failed so often in a row. */
export const laneOf = (consecutiveFailures: number): Lane => (consecutiveFailures < FAILURES_TO_STEP_ASIDE ? 0 : 1);

/** The same in SQL, of the row of webhook_endpoint with this name. */
export const laneSql = (endpoint: string): string =>
  `CASE WHEN ${endpoint}.consecutive_failures < ${FAILURES_TO_STEP_ASIDE} THEN 0 ELSE 1 END`;

/** States of attempts on the wire. */
export const STATUS = { success: 0, pending: 1, failed: 2, sending: 3 } as const;

/** One message for one endpoint, taken to be attempted now. */
export interface DueDelivery {
  readonly messageId: string;
  readonly endpointId: string;
  readonly lane: Lane;
  readonly url: string;
  readonly eventType: string;
  /** Compact JSON; null when it was not kept. */
  readonly data: string | null;
  /** Before this one. */
  readonly attempts: number;
  /** 0: by schedule, 1: by hand. */
  readonly trigger: number;
  /** Nobody else takes it before; also tells this claim from later ones. */
  readonly leaseUntil: Date;
  /** Sealed secrets, the current one first. */
  readonly secrets: readonly string[];
}

/** What came of one attempt. */
export interface AttemptResult {
  readonly id: string;
  readonly delivery: DueDelivery;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly isSuccess: boolean;
  /** 0 when there was no answer. */
  readonly statusCode: number;
  /** Beginning of the answer's body; binary as base64. Why there was no answer, when there was none. */
  readonly response: string;
  /** Null: no further attempt. */
  readonly nextAttemptAt: Date | null;
}
