import type { JsonValue } from '#libs/model';
import type { OAuthFacts } from './oauth-facts.js';
import type { CloudResource } from './resource.js';
import type { SubscriptionService } from './subscriptions.js';
import type { VendorSession } from './vendor-request.js';
import type { VendorWebhooks } from './vendor-webhooks.js';

/** What is needed to reach a vendor's cloud: declarations and pure functions, no state and no I/O of its own. */
export interface CloudProvider {
  readonly oauth: OAuthFacts;
  /** In the order in which a run fetches them. */
  readonly resources: readonly CloudResource[];
  /** What the vendor allows per application, all users together. An operator's own limit replaces them. */
  readonly budgets: readonly RequestBudget[];
  readonly webhooks?: VendorWebhooks;
  readonly subscriptions?: SubscriptionService;
  /** The vendor's own workouts, passed through and not stored. Not there: 501. */
  readonly workouts?: WorkoutPassthrough;
  /** Headers of every API call; `{NAME}` is replaced by that setting, and a header without its setting left out. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RequestBudget {
  readonly requests: number;
  readonly perSeconds: number;
}

export interface WorkoutPassthrough {
  list(session: VendorSession, query: WorkoutQuery): Promise<JsonValue>;
  /** Not there: 501. */
  one?(session: VendorSession, id: string, query: WorkoutQuery): Promise<JsonValue>;
}

/** What a caller may say about a vendor's workouts; every provider reads what it knows. */
export interface WorkoutQuery {
  readonly since: number;
  readonly limit: number;
  readonly offset: number;
  readonly filterByModificationTime: boolean;
  readonly samples: boolean;
  readonly zones: boolean;
  readonly route: boolean;
  /** Unix seconds or ISO 8601, as given. */
  readonly summaryStartTime: string | null;
  readonly summaryEndTime: string | null;
}
