/** 0: first attempts at endpoints that work. 1: everything else, so that it cannot hold up the others. */
export type Lane = 0 | 1;

/** States of deliveries and attempts on the wire. */
export const STATUS = { success: 0, pending: 1, failed: 2, sending: 3 } as const;
export const TRIGGER = { scheduled: 0, manual: 1 } as const;

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
