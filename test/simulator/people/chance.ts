/*
 * Chance without a state: the same names always give the same number, in whatever order they are asked for.
 */

/** A number from 0 up to but not including 1 that belongs to these names. */
export function chance(...names: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const character of names.join('|')) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  }
  // The low bits of FNV are poor; this spreads them.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}

/** Between two numbers. */
export const between = (low: number, high: number, ...names: readonly (string | number)[]): number =>
  low + (high - low) * chance(...names);

/** Between two whole numbers, both possible. */
export const wholeBetween = (low: number, high: number, ...names: readonly (string | number)[]): number =>
  Math.floor(between(low, high + 1, ...names));

export const oneOf = <T>(choices: readonly T[], ...names: readonly (string | number)[]): T =>
  choices[wholeBetween(0, choices.length - 1, ...names)]!;

/** A UUID of version 4 in form that belongs to these names. */
export function uuidOf(...names: readonly (string | number)[]): string {
  const words = Array.from({ length: 4 }, (_, at) => Math.floor(chance(at, ...names) * 2 ** 32));
  const digits = [...words.map((word) => word.toString(16).padStart(8, '0')).join('')];
  digits[12] = '4';
  digits[16] = '89ab'[parseInt(digits[16]!, 16) % 4]!;
  return digits.join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** A positive whole number of up to `digits` digits that belongs to these names. */
export const numberOf = (digits: number, ...names: readonly (string | number)[]): number =>
  wholeBetween(10 ** (digits - 1), 10 ** digits - 1, ...names);
