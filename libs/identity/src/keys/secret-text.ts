import { createHash, randomBytes } from 'node:crypto';

/** What is stored of a secret that is long and random: enough to recognise it, not to use it. */
export const secretHash = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** A refresh token. */
export const newRefreshToken = (): string => `rt-${randomBytes(16).toString('hex')}`;

/** The id and the secret of an application. */
export const newAppId = (): string => `app_${randomBytes(16).toString('hex')}`;
export const newAppSecret = (): string => `secret_${randomBytes(32).toString('hex')}`;

/** The token of a link: 43 characters. */
export const newLinkToken = (): string => randomBytes(32).toString('base64url');
