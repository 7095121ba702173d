import type { Account } from './account.js';
import type { Answer, Call } from './exchange.js';

/** A call to a vendor's API, with what its path and credentials say. */
export interface ApiCall extends Call {
  readonly parameters: Readonly<Record<string, string>>;
  /** Whose token it carries. Only routes for users get here without being asked first. */
  readonly account: Account;
  readonly nowMs: number;
  /** Beats of continuous heart rate are this far apart. */
  readonly beatMinutes: number;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/v2/sleep/:id` */
  readonly path: string;
  readonly answer: (call: ApiCall) => Answer;
}

/** Something happened to one thing of one account. */
export interface Change {
  readonly what: 'workout' | 'sleep' | 'recovery' | 'day' | 'account';
  readonly action: 'create' | 'update' | 'delete';
  /** Key of the thing; the date for days. */
  readonly key: string;
}

/** A delivery, before it is signed. */
export interface Notice {
  readonly body: object;
}

/** Names the vendor gave to what it knows of our application. */
export interface Application {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Secret of the webhook, when the vendor makes one. */
  readonly webhookSecret: string;
  readonly subscriptionId: number;
}

/** What makes one vendor's cloud different from another's. */
export interface Vendor {
  readonly name: 'whoop' | 'oura' | 'polar' | 'strava';
  readonly clientAuth: 'basic' | 'body';
  readonly refreshes: boolean;
  readonly accountId: (person: number) => string;
  readonly tokenExtras: (account: Account) => object;
  readonly routes: readonly Route[];
  /** What is told of a change; empty for what this vendor does not announce. `at`: when it is told. */
  readonly notices: (
    account: Account,
    change: Change,
    application: Application,
    atMs: number,
    root: string,
  ) => Notice[];
  /** Headers that prove where a delivery comes from. */
  readonly sign: (body: string, application: Application, atMs: number) => Readonly<Record<string, string>>;
  /** Path of the token revocation of this vendor, and how it names the token. */
  readonly revocation?: (call: Call) => string | null;
}
