import type { Scope } from './access.js';

/** An integrator's backend. */
export interface ApiKeyPrincipal {
  readonly kind: 'api-key';
  /** Id of the key. */
  readonly id: string;
  readonly scopes: ReadonlySet<Scope>;
}

/** Somebody who is logged in. */
export interface DeveloperPrincipal {
  readonly kind: 'developer';
  /** Id of the developer. */
  readonly id: string;
  /** What logging out ends. */
  readonly sessionId: string;
}

/** A phone of one user. */
export interface SdkPrincipal {
  readonly kind: 'sdk';
  /** Id of the user whose phone it is. */
  readonly id: string;
  /** What paired the phone: an application's id, `admin:<developer id>` or `invite:<developer id>`. */
  readonly appId: string;
  readonly sessionId: string;
}

/** Who is calling. */
export type Principal = ApiKeyPrincipal | DeveloperPrincipal | SdkPrincipal;
