import { randomBytes } from 'node:crypto';

export type IdPrefix = 'ep' | 'msg' | 'atmpt';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LENGTH = 27;
/** Seconds since 2014-05-13T16:53:20Z, as in a KSUID. */
const EPOCH_SECONDS = 1_400_000_000;
const STEPS_PER_SECOND = 256;
const COUNTER_BYTES = 3;
const RANDOM_BYTES = 12;

let lastStep = 0;
let counter = 0;

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
  const tail = randomBytes(COUNTER_BYTES + RANDOM_BYTES);
  tail.writeUIntBE(counter, 0, COUNTER_BYTES);
  return `${prefix}_${encode(lastStep, tail)}`;
}

/** Smaller than every id made at that time or later, greater than or equal to those made before. */
export const idAt = (prefix: IdPrefix, at: Date): string =>
  `${prefix}_${encode(stepOf(at.getTime()), Buffer.alloc(COUNTER_BYTES + RANDOM_BYTES))}`;

const stepOf = (millis: number): number => Math.max(0, Math.floor((millis / 1000 - EPOCH_SECONDS) * STEPS_PER_SECOND));

function encode(step: number, tail: Buffer): string {
  let rest = (BigInt(step) << BigInt(8 * tail.length)) | BigInt(`0x${tail.toString('hex')}`);
  const characters: string[] = [];
  for (let i = 0; i < LENGTH; i++) {
    characters.push(ALPHABET[Number(rest % 62n)]!);
    rest /= 62n;
  }
  return characters.reverse().join('');
}
