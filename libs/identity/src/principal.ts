import type { Scope } from './access.js';

/** Who is calling, and what they may do. */
export interface Principal {
  readonly kind: 'api-key';
  /** Id of the key. */
  readonly id: string;
  readonly scopes: ReadonlySet<Scope>;
}
