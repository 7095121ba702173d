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
  /** Where its answers say what of that is used; what they say of a limit replaces the budget of that length. */
  readonly limitHeaders?: readonly LimitHeaders[];
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
  /** What the vendor adds to `requests` for each of our users. */
  readonly perUser?: number;
  /** An operator's own limit: what the vendor says may lower it and never raises it. */
  readonly isCeiling?: true;
}

/** Two headers with a number per window: what is allowed, and how much of it is used (`200,2000` and `14,388`). */
export interface LimitHeaders {
  /** Names in lower case. */
  readonly limit: string;
  readonly usage: string;
  /** Lengths of the windows in seconds, in the order of the numbers. Each begins at a whole multiple of its length. */
  readonly windows: readonly number[];
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
