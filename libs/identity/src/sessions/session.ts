/** Whose session it is, and what minted it. */
export type SessionOwner =
  | { readonly kind: 'developer'; readonly developerId: string }
  | {
      readonly kind: 'sdk';
      readonly userId: string;
      /** The application's id, `admin:<developer id>` or `invite:<developer id>`; informational. */
      readonly appId: string;
      /** Ends with this application. */
      readonly applicationId: string | null;
      /** Ends with this developer. */
      readonly developerId: string | null;
    };

/** The answer of every route that hands out tokens. */
export interface TokenPair {
  readonly access_token: string;
  readonly token_type: 'bearer';
  readonly refresh_token: string;
  /** Life of the access token in seconds. */
  readonly expires_in: number;
}
