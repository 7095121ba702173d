import { badRequest } from '#libs/model';

const MOST_BUCKETS = 5000;

/** @throws Failure 400 when a type would have more buckets than an answer may */
export function checkBucketCount(count: number): void {
  if (count > MOST_BUCKETS) {
    throw badRequest(`Too many buckets: ${count}. Use a larger bucket or a shorter range (at most ${MOST_BUCKETS}).`);
  }
}
