import { createHash, randomBytes } from 'node:crypto';

const PREFIX_LENGTH = 8;

/** A new API key: `sk-` and 16 random bytes in hex. */
export const newApiKey = (): string => `sk-${randomBytes(16).toString('hex')}`;

/** What is stored of a key: enough to recognise it, not to use it. */
export const keyHash = (key: string): Buffer => createHash('sha256').update(key).digest();

/** The part of a key that lists may show. */
export const keyPrefix = (key: string): string => key.slice(0, PREFIX_LENGTH);
