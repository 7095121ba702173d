import type { JsonObject, JsonValue } from '#libs/model';
import type { ApplicationSession } from './vendor-request.js';

/** One step of a registration: `status` is created, updated, patched, skipped or error. */
export type SubscriptionResult = JsonObject & { readonly status: string };

export interface Registration {
  readonly results: readonly SubscriptionResult[];
  /** What the route answers when it is not the list of results (Polar: one object). */
  readonly shown?: JsonValue;
  /** Signing secret out of the answer; kept sealed. */
  readonly secret?: string;
}

/** A subscription as the vendor lists it. */
export interface Subscription {
  readonly id: string;
  readonly callbackUrl: string;
  /** ISO instant; null: does not expire. */
  readonly expiresAt: string | null;
  /** What the routes show of it. */
  readonly shown: JsonObject;
}

/** Management of a vendor's webhook subscriptions. Operations that are not there answer 501. */
export interface SubscriptionService {
  /** Idempotent: what exists with the same address is skipped. A failing step is a result, a failing listing the only one. */
  register(session: ApplicationSession, callbackUrl: string): Promise<Registration>;
  list(session: ApplicationSession): Promise<readonly Subscription[]>;
  find?(session: ApplicationSession, id: string): Promise<Subscription | null>;
  update?(session: ApplicationSession, id: string, callbackUrl: string): Promise<SubscriptionResult>;
  remove(session: ApplicationSession, id: string): Promise<SubscriptionResult>;
  renew?(session: ApplicationSession): Promise<readonly SubscriptionResult[]>;
  /** A renewal job runs this often; only with `renew`. */
  readonly renewEveryDays?: number;
}
