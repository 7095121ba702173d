import type { Instant, JsonObject, JsonValue } from '#libs/model';
import type { Removal } from './mapping-context.js';
import type { SyncWindow } from './resource.js';
import type { ProviderEnvironment } from './vendor-request.js';

/** What the vendor sent us, untouched. */
export interface VendorDelivery {
  /** Exactly the bytes that were signed. */
  readonly body: Buffer;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly receivedAt: Instant;
}

export type Verdict =
  /** `isTrusted` false: only the registered subscription vouches for it; a deregistration is then asked back. */
  | { readonly kind: 'accept'; readonly isTrusted: boolean }
  /** 401 `Invalid webhook signature`; nothing is stored. */
  | { readonly kind: 'refuse' }
  /** Answered at once and not stored (pings, verifications). */
  | { readonly kind: 'answer'; readonly status: number; readonly body: JsonObject };

export const ACCEPT: Verdict = { kind: 'accept', isTrusted: true };
export const REFUSE: Verdict = { kind: 'refuse' };

/** A vendor's deliveries to us. All of it pure. */
export interface VendorWebhooks {
  /** Compares in constant time (`hmacMatches`, `textMatches`). Missing secrets refuse. */
  verify(delivery: VendorDelivery, environment: ProviderEnvironment): Verdict;
  /** Why a body is turned away at the door (400 with this detail); null: fine. Bodies are JSON objects unless `acceptsArrays`. */
  problemOf?(body: JsonValue): string | null;
  readonly acceptsArrays?: boolean;
  /** What the body asks for, in the order in which it is done. Throws `InvalidPayload` when it makes no sense. */
  interpret(body: JsonValue): readonly VendorNotice[];
  /** Answers the GET by which the vendor checks a subscription. Not there: 501. Throws `Failure` to refuse. */
  challenge?(query: Readonly<Record<string, string>>, environment: ProviderEnvironment): JsonObject;
}

/** One thing that happened to one account. */
export interface VendorNotice {
  /** Account by id or by username, as the vendor names it. All users connected to it are served. */
  readonly account: { readonly id: string } | { readonly username: string };
  /** What it is about, for people: `sleep.updated`. */
  readonly label: string;
  readonly action: NoticeAction;
  /** Result of the job; `user_id` is that of the first user. */
  readonly report: NoticeReport;
}

export type NoticeAction =
  /** Fetch one object with the resource's `one`, map it. */
  | { readonly kind: 'object'; readonly resource: string; readonly id: string }
  /** Pull the resource for a window. */
  | { readonly kind: 'window'; readonly resource: string; readonly window: SyncWindow }
  /** The records are here. */
  | { readonly kind: 'records'; readonly resource: string; readonly records: readonly JsonValue[] }
  | { readonly kind: 'remove'; readonly removal: Removal }
  /** The user left at the vendor. `confirm`: for deliveries that are not trusted, a call whose 401 proves it. */
  | { readonly kind: 'deregister'; readonly confirm?: string }
  /** The user changed what we may read. */
  | { readonly kind: 'permissions'; readonly permissions: readonly string[] }
  /** Nothing to do for a known user; `report.done` says why. */
  | { readonly kind: 'nothing' };

export interface NoticeReport {
  readonly done: (outcome: NoticeOutcome) => JsonObject;
  /** No active connection to the account. */
  readonly unknownAccount: JsonObject;
}

export interface NoticeOutcome {
  readonly userId: string;
  /** Records of the first user by kind, new or known; `removed`: what a removal took. */
  readonly points: number;
  readonly workouts: number;
  readonly sleep: number;
  readonly scores: number;
  readonly removed: number;
  /** Records that could not be stored. */
  readonly dropped: number;
  /** Records, and parts of records, that were left out, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
}

/** A verified body that is not what the vendor documents: job result `{"status":"error","error":"Invalid payload: ..."}`, no retry. */
export class InvalidPayload extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvalidPayload';
  }
}
