import type { ScoreCategory } from './score-category.js';
import type { SeriesCode } from './series-type.js';

/** What a vendor deleted, in its own terms. */
export type Removal =
  /** The event (or sleep fragment) of this id, with the provider's scores at its start of the categories named. */
  | {
      readonly kind: 'event';
      readonly category: 'workout' | 'sleep';
      readonly externalId: string;
      readonly scores?: readonly ScoreCategory[];
    }
  /**
   * The earliest score of the category recorded within 24 hours from the end of the sleep with this id, with the
   * points of the series at the same instant.
   */
  | {
      readonly kind: 'score-after-sleep';
      readonly sleepExternalId: string;
      readonly category: ScoreCategory;
      readonly series: readonly SeriesCode[];
    };
