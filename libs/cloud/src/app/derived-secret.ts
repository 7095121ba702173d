import { hkdfSync } from 'node:crypto';

const BYTES = 32;

/** Secret of one purpose out of the installation's own: HKDF-SHA256 with the purpose as info, lower-case hex. */
export const derivedSecret = (secretKey: string, purpose: string): string =>
  Buffer.from(hkdfSync('sha256', secretKey, '', purpose, BYTES)).toString('hex');
