import { HOUR, MIN_INSTANT, type Instant } from '#libs/model';

/** Room for clocks that run ahead and for local times sent as UTC. */
const MOST_AHEAD = 48 * HOUR;

export const isInFuture = (instant: Instant, now: Instant): boolean => instant > now + MOST_AHEAD;

/** An exact instant that is neither before what the wire can express nor in the future. */
export const isStorableTime = (instant: Instant, now: Instant): boolean =>
  Number.isSafeInteger(instant) && instant >= MIN_INSTANT && !isInFuture(instant, now);
