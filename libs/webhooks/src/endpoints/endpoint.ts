/** Whose endpoints: a developer's, or (null) those made with API keys that belong to no developer. */
export type Owner = string | null;

/** An endpoint as clients see it. */
export interface EndpointView {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  /** Null: every type of the public catalogue. */
  readonly filter_types: string[] | null;
  readonly user_id: string | null;
  readonly disabled: boolean;
  /** `gone` or `failing` when it was disabled by itself. */
  readonly disabled_reason: string | null;
}

export interface EndpointStats {
  readonly success_count: number;
  readonly failure_count: number;
  readonly success_rate: number | null;
  readonly consecutive_failures: number;
  readonly failing_since: string | null;
  readonly last_success_at: string | null;
  readonly last_failure_at: string | null;
  readonly pending_count: number;
}

export interface NewEndpoint {
  readonly url: string;
  readonly description: string;
  readonly filterTypes: readonly string[] | null;
  readonly userId: string | null;
}

/** Undefined: stays as it is. */
export interface EndpointChanges {
  readonly url?: string | undefined;
  readonly description?: string | undefined;
  readonly filterTypes?: readonly string[] | null | undefined;
  readonly userId?: string | null | undefined;
  readonly disabled?: boolean | undefined;
}
