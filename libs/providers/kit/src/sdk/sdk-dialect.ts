import type { SdkProvider } from './sdk-envelope.js';

/** How one platform's uploads differ from the others'. */
export interface SdkDialect {
  readonly provider: SdkProvider;
  /** States percentages as fractions 0..1 and blood alcohol as a share. */
  readonly reportsFractions: boolean;
  /** Sends the vendor's sleep score with its sleep segments. */
  readonly deliversSleepScore: boolean;
}
