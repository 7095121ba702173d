import { randomInt } from 'node:crypto';

export const CODE_LENGTH = 8;
export const CODE_PATTERN = /^[A-Z2-9]{8}$/;
/** Without letters and digits that look alike. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** A code that people type: 40 random bits. */
export const newPairingCode = (): string =>
  Array.from({ length: CODE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
