import { HOUR, type Instant, MINUTE } from '#libs/model';

/** Lengths into which a query may have its samples gathered; `raw` leaves them as they are. */
export const RESOLUTIONS = ['raw', '1min', '5min', '15min', '1hour'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];
export type BucketResolution = Exclude<Resolution, 'raw'>;

const LENGTHS: Readonly<Record<BucketResolution, number>> = {
  '1min': MINUTE,
  '5min': 5 * MINUTE,
  '15min': 15 * MINUTE,
  '1hour': HOUR,
};

/** Microseconds of one bucket. */
export const bucketLength = (resolution: BucketResolution): number => LENGTHS[resolution];

/** Start of the bucket that holds the instant; buckets are aligned to the Unix epoch. */
export const bucketStart = (instant: Instant, length: number): Instant => Math.floor(instant / length) * length;

export const nextBucketStart = (instant: Instant, length: number): Instant => Math.ceil(instant / length) * length;
