/** Everything OAuth needs to know about a vendor. Data alone: the flow itself is the same for all. */
export interface OAuthFacts {
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  /** Where client id and secret go in token calls. */
  readonly clientAuth: 'basic' | 'body';
  /** S256 challenge. */
  readonly pkce?: boolean;
  /** Empty: no `scope` parameter. */
  readonly defaultScope: string;
  /** How the authorization address is written: `percent` (default; spaces `%20`) or `form` (spaces `+`). */
  readonly encoding?: 'percent' | 'form';
  /** Further parameters of the authorization address, after `scope`. */
  readonly authorizeParameters?: Readonly<Record<string, string>>;
  readonly account: AccountLookup;
  /** One call after the first token; its outcome does not matter. */
  readonly afterToken?: OAuthCall;
  /** Tells the vendor that the user left; tried in order while a call answers one of its `nextOn` statuses. */
  readonly revoke?: readonly OAuthCall[];
}

/**
 * A call of the OAuth dance. These are replaced in every text of it: `{access_token}`, `{client_id}`,
 * `{client_secret}`, `{provider_user_id}`, `{user_id}` (ours). A call whose placeholder has no value is not made.
 */
export interface OAuthCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the API base, or with `from: 'token'` relative to the token address. */
  readonly path: string;
  readonly from?: 'api' | 'token';
  readonly auth: 'bearer' | 'basic' | 'none';
  readonly query?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: Readonly<Record<string, string>>;
  readonly timeoutSeconds?: number;
  readonly nextOn?: readonly number[];
}

/** How the account behind a fresh token is found. Fields are dotted paths; a lookup that fails leaves nulls. */
export type AccountLookup =
  /** A field of the token answer. */
  | { readonly from: 'token'; readonly id: string; readonly username?: readonly string[] }
  /** Claims of the access token, a JWT that is not verified. */
  | { readonly from: 'access-token'; readonly id: string; readonly username?: readonly string[] }
  /** A call with the token. `root`: the answer's member that holds the fields, when it is there. */
  | {
      readonly from: 'api';
      readonly path: string;
      readonly root?: string;
      readonly id: string;
      /** The first that is not empty. */
      readonly username?: readonly string[];
      /** Username from another address, independent of the first call. */
      readonly usernameFrom?: { readonly url: string; readonly field: string };
      /** A list of granted permissions, asked after the id was found: sorted, joined by spaces, kept as scope. */
      readonly permissions?: { readonly path: string; readonly field: string };
    };
