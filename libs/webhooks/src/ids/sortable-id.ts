import { randomFillSync } from 'node:crypto';

export type IdPrefix = 'ep' | 'msg' | 'atmpt';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LENGTH = 27;
/** Seconds since 2014-05-13T16:53:20Z, as in a KSUID. */
const EPOCH_SECONDS = 1_400_000_000;
const STEPS_PER_SECOND = 256;
/** What 5 bytes hold, in the year 2150. */
const LAST_STEP = 2 ** 40 - 1;
const COUNTER_BYTES = 3;
const RANDOM_BYTES = 12;

let lastStep = 0;
let counter = 0;

/** Chance for many ids at a time, because asking for it takes longer than the rest. */
const chance = Buffer.alloc(RANDOM_BYTES * 512);
let spent = chance.length;

/**
 * `prefix_` and 27 characters whose text order is the order of making: time in 1/256 s, a counter within it, chance.
 * Never goes back within one process, even when its clock does.
 */
export function sortableId(prefix: IdPrefix, now: number = Date.now()): string {
  const step = stepOf(now);
  if (step > lastStep) {
    lastStep = step;
    counter = 0;
  } else if (++counter >= 2 ** (8 * COUNTER_BYTES)) {
    lastStep++;
    counter = 0;
  }
  if (spent === chance.length) {
    randomFillSync(chance);
    spent = 0;
  }
  const random = chance.subarray(spent, (spent += RANDOM_BYTES));
  return `${prefix}_${encode(lastStep, counter, random)}`;
}

/** Smaller than every id made at that time or later, greater than or equal to those made before. */
export const idAt = (prefix: IdPrefix, at: Date): string =>
  `${prefix}_${encode(stepOf(at.getTime()), 0, Buffer.alloc(RANDOM_BYTES))}`;

/** Times before and after all ids are the first and the last. */
const stepOf = (millis: number): number =>
  Math.min(Math.max(0, Math.floor((millis / 1000 - EPOCH_SECONDS) * STEPS_PER_SECOND)), LAST_STEP);

/** 5 bytes of time, 3 of the counter and 12 of chance as one number to the base 62, divided 32 bits at a time. */
function encode(step: number, count: number, random: Buffer): string {
  const limbs = [Math.floor(step / 2 ** 8), (step % 2 ** 8) * 2 ** (8 * COUNTER_BYTES) + count];
  for (let at = 0; at < RANDOM_BYTES; at += 4) limbs.push(random.readUInt32BE(at));
  let text = '';
  for (let i = 0; i < LENGTH; i++) {
    let rest = 0;
    for (let at = 0; at < limbs.length; at++) {
      const value = rest * 2 ** 32 + limbs[at]!;
      limbs[at] = Math.floor(value / 62);
      rest = value % 62;
    }
    text = ALPHABET[rest]! + text;
  }
  return text;
}
