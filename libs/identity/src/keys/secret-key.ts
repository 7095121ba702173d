import { randomBytes } from 'node:crypto';

const PREFIX_LENGTH = 8;

/** A new API key: `sk-` and 16 random bytes in hex. */
export const newApiKey = (): string => `sk-${randomBytes(16).toString('hex')}`;

/** The part of a key that lists may show. */
export const keyPrefix = (key: string): string => key.slice(0, PREFIX_LENGTH);
