import { badRequest } from '#libs/model';

/** @throws Failure 400 when a type would have more buckets than an answer may */
export function checkBucketCount(count: number, most: number): void {
  if (count > most) {
    throw badRequest(`Too many buckets: ${count}. Use a larger bucket or a shorter range (at most ${most}).`);
  }
}
