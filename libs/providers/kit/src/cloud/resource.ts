import type { Instant, JsonValue, SeriesCode } from '#libs/model';
import type { HealthBatchBuilder } from '../health-batch-builder.js';
import type { MappingContext } from './mapping-context.js';
import type { ProviderEnvironment, VendorRequest, VendorSession } from './vendor-request.js';

/** From, and up to but not including. */
export interface SyncWindow {
  readonly start: Instant;
  readonly end: Instant;
}

/** One kind of data of a vendor: how it is fetched and what its records mean. */
export interface CloudResource {
  /** Unique within the provider, stable: the cursor hangs on it. */
  readonly name: string;
  /** Which half of a manual sync it belongs to (`data_type`). */
  readonly part: 'workouts' | 'data_247';
  /** Name in the counts of a run; default `name`. */
  readonly resultKey?: string;
  /** How far a live pull reaches back before the cursor, because devices upload late. Default 2. */
  readonly lookbackDays?: number;
  /** Left out of live pulls for so long after one that went well: it costs many requests. Default: never. */
  readonly pullEveryHours?: number;
  /** Not there for data that only webhooks bring. */
  readonly pull?: PullPlan | PullFunction;
  /**
   * Also pulled (once a day) while the provider is in webhook mode: no webhook announces it. Everything else is only
   * pulled then when the connection has been silent.
   */
  readonly pullInWebhookMode?: boolean;
  /** Fetches what a webhook named. `id` is what the notice says: an object id, a path, a file's address. */
  readonly one?: (id: string, session: VendorSession) => Promise<readonly JsonValue[]>;
  /** Series whose newest stored values (of this provider and user) the mapper compares: `context.newest`. */
  readonly compares?: readonly SeriesCode[];
  /** Local dates of a record whose zone offset the mapper asks for: `context.zoneOffsetOn`. */
  readonly localDates?: (record: JsonValue) => readonly string[];
  /** Off by the installation's settings. */
  readonly isWanted?: (environment: ProviderEnvironment) => boolean;
  /**
   * Puts one record into the batch. Pure. Throws `BadRecord` for one that cannot be stored: it is reported by its
   * place, what it had added is taken back, and the others go on.
   */
  map(record: JsonValue, batch: HealthBatchBuilder, context: MappingContext): void;
}

/** Fetching as data: one request per chunk of the window, each paged to its end. */
export interface PullPlan {
  /** The first request of a chunk. */
  readonly request: (chunk: SyncWindow, environment: ProviderEnvironment) => VendorRequest;
  /** Default: the whole window in one. */
  readonly chunk?: Chunking;
  /** Default: one page. */
  readonly paging?: Paging;
  /** Dotted path of the list in an answer; `''`: the answer is the list. Not there: the answer is one record. */
  readonly items?: string;
  /** Records outside are dropped: for vendors that cannot filter. */
  readonly keep?: (record: JsonValue, window: SyncWindow) => boolean;
  /** The vendor ignores the window; it is asked once, whatever the window. */
  readonly ignoresWindow?: boolean;
  /** The vendor tells of so many days and no more: a window that ended before is not asked for. */
  readonly reachDays?: number;
}

/**
 * Whatever a plan cannot say: records, page by page. Each page is fetched when it is asked for, not before: an answer is
 * good only until something newer is stored.
 */
export type PullFunction = (session: VendorSession, window: SyncWindow) => AsyncIterable<readonly JsonValue[]>;

export type Chunking =
  /** [start, start + days), the next begins where it ended. */
  | { readonly days: number; readonly by: 'instant' }
  /**
   * By UTC dates, both inclusive: a chunk covers `days` dates, the next begins on the day after. Start and end of the
   * chunk are the midnights of its first date and of its last date.
   */
  | { readonly days: number; readonly by: 'date' };

export type Paging =
  /** `answer`: dotted path of the next token, sent as `parameter` (in the JSON body when the request has one). */
  | { readonly kind: 'token'; readonly answer: string; readonly parameter: string }
  /** Numbered pages until one is shorter than `size`; the request itself says the size. */
  | { readonly kind: 'page'; readonly parameter: string; readonly first: number; readonly size: number }
  /** `parameter` counts records; until a page is shorter than `size`. */
  | { readonly kind: 'offset'; readonly parameter: string; readonly size: number }
  /** The answer names the next address; only followed on the API's own host. */
  | { readonly kind: 'link'; readonly answer: string }
  /** The next cursor is a field of the last record; until the list is empty or the cursor stands still. */
  | { readonly kind: 'cursor'; readonly parameter: string; readonly field: string; readonly more?: string };
