import type { Instant, JsonObject, JsonValue } from '#libs/model';

export type QueryValue = string | number | boolean;

/** One call to a vendor, as data. Who may send it (token, client, nobody) is decided by the session it is given to. */
export interface VendorRequest {
  /** Default `GET`. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path below the provider's API base. An absolute address is only followed on the host of that base. */
  readonly path: string;
  /** Parameters in order; undefined ones are left out. */
  readonly query?: Readonly<Record<string, QueryValue | undefined>>;
  readonly json?: JsonObject;
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Error statuses that mean "no data" here; the answer is then null. An empty 2xx body always is. */
  readonly emptyStatuses?: readonly number[];
  /** May be repeated after a network error or 5xx although it is no GET (Google's rollUp). */
  readonly repeatable?: boolean;
}

export type DataGranularity = 'daily' | 'hourly' | 'raw';

/** What a provider's code may know of the installation. */
export interface ProviderEnvironment {
  readonly clientId: string | null;
  readonly clientSecret: string | null;
  /** Signing secret out of the registration answer, kept by us; null when there is none. */
  readonly webhookSecret: string | null;
  /** Ids of the subscriptions that we registered. */
  readonly subscriptionIds: readonly string[];
  readonly granularity: DataGranularity;
  /** One of the provider's own variables (`STRAVA_EVENTS_PER_PAGE`); its default when not set, null without one. */
  setting(variable: string): string | null;
}

/** Calls in the name of one user. Refreshes the token, keeps the budget, retries; throws `VendorError`. */
export interface VendorSession {
  /** JSON of a 2xx answer; null when it is empty. Integers beyond 2^53 lose digits: ids come as text. */
  json(request: VendorRequest): Promise<JsonValue>;
  /** Body of a 2xx answer (FIT files). */
  bytes(request: VendorRequest): Promise<Buffer>;
  readonly now: Instant;
  /** The account at the vendor, as far as it is known. */
  readonly account: { readonly id: string | null; readonly username: string | null };
  readonly environment: ProviderEnvironment;
}

/** Calls in the name of the installation's own application: subscriptions. No user token is added. */
export interface ApplicationSession {
  /** Status and JSON of any answer, errors included; throws `VendorError` when there is none. */
  call(request: VendorRequest): Promise<{ readonly status: number; readonly json: JsonValue }>;
  readonly environment: ProviderEnvironment;
}

/** Why a call brought nothing. */
export type VendorTrouble =
  /** The vendor refuses our token, or there is none that works. */
  | 'unauthorized'
  /** Any other error status. */
  | 'status'
  /** Too many requests; `retryAfterSeconds` when the vendor said so. */
  | 'rate-limited'
  /** No answer: network, timeout, refused address. */
  | 'unreachable'
  /** An answer that is not what the vendor documents. */
  | 'unreadable';

/** A failed call. The message is for logs and never holds the vendor's body. */
export class VendorError extends Error {
  readonly status: number | null;
  readonly retryAfterSeconds: number | null;

  constructor(
    readonly trouble: VendorTrouble,
    message: string,
    facts: { status?: number; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: facts.cause });
    this.name = 'VendorError';
    this.status = facts.status ?? null;
    this.retryAfterSeconds = facts.retryAfterSeconds ?? null;
  }
}
