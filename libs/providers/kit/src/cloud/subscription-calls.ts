import type { JsonObject, JsonValue } from '#libs/model';
import { isJsonObject, listAt } from './json-path.js';
import type { Subscription, SubscriptionResult } from './subscriptions.js';
import {
  VendorError,
  type ApplicationSession,
  type ProviderEnvironment,
  type VendorRequest,
} from './vendor-request.js';

/** What tells one vendor's subscription API from another's. */
export interface SubscriptionApi {
  /** The vendor in errors. */
  readonly vendor: string;
  readonly path: string;
  /** The request with the application's credentials where this vendor wants them. */
  readonly signed: (request: VendorRequest, environment: ProviderEnvironment) => VendorRequest;
  /** Dotted path of the list in the answer; `''`: the answer is the list. */
  readonly items: string;
  /** Null for an entry that cannot be read; it is left out. */
  readonly read: (entry: JsonValue) => Subscription | null;
  /** Statuses of the listing that mean that there are none. */
  readonly noneOn?: readonly number[];
}

type Call = Omit<VendorRequest, 'path'>;

/** Calls of a vendor's subscription API, as far as they are the same everywhere. */
export class SubscriptionCalls {
  constructor(private readonly api: SubscriptionApi) {}

  /** `below`: parts of the path below the list of all. */
  send(session: ApplicationSession, call: Call = {}, ...below: string[]): ReturnType<ApplicationSession['call']> {
    const path = [this.api.path, ...below.map((part) => encodeURIComponent(part))].join('/');
    return session.call(this.api.signed({ ...call, path }, session.environment));
  }

  /** @throws VendorError when the vendor does not say */
  readonly list = async (session: ApplicationSession): Promise<readonly Subscription[]> => {
    const { status, json } = await this.send(session);
    if (this.api.noneOn?.includes(status)) return [];
    if (!isOk(status)) throw this.refusal(status, ' to the listing');
    return listAt(json, this.api.items).flatMap((entry) => this.api.read(entry) ?? []);
  };

  /** @throws VendorError */
  readonly find = async (session: ApplicationSession, id: string): Promise<Subscription | null> => {
    const { status, json } = await this.send(session, {}, id);
    if (status === 404) return null;
    if (!isOk(status)) throw this.refusal(status);
    return this.api.read(json);
  };

  readonly remove = (session: ApplicationSession, id: string): Promise<SubscriptionResult> =>
    this.change(session, id, 'deleted', { method: 'DELETE' });

  /** A call about one subscription, told as what it `did` or as a failure. */
  async change(session: ApplicationSession, id: string, did: string, call: Call): Promise<SubscriptionResult> {
    const result = await this.send(session, call, id).then(
      ({ status }) => (isOk(status) ? { status: did } : this.failed(status)),
      troubleOf,
    );
    return { subscription_id: id, ...result };
  }

  failed(status: number): SubscriptionResult {
    return { status: 'error', error: this.words(status) };
  }

  private refusal(status: number, to = ''): VendorError {
    return new VendorError('status', this.words(status) + to, { status });
  }

  private words(status: number): string {
    return `${this.api.vendor} answered ${status}`;
  }
}

/** A step that brought no answer, as its own result. @throws anything that is no trouble of the vendor's */
export function troubleOf(error: unknown): SubscriptionResult {
  if (error instanceof VendorError) return { status: 'error', error: error.message };
  throw error;
}

export const isOk = (status: number): boolean => status >= 200 && status < 300;

/** The object an answer is; an empty one for anything else. */
export const objectIn = (json: JsonValue): JsonObject => (isJsonObject(json) ? json : {});
