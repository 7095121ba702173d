import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
const KEY_BYTES = 24;
const MOST_KEY_BYTES = 64;

/** A new secret: `whsec_` and the base64 of 24 random bytes. */
export const newSecret = (): string => PREFIX + randomBytes(KEY_BYTES).toString('base64');

/** The bytes to sign with; null when the text is no secret of 24 to 64 bytes. */
export function secretKey(secret: string): Buffer | null {
  if (!secret.startsWith(PREFIX)) return null;
  const text = secret.slice(PREFIX.length);
  const key = Buffer.from(text, 'base64');
  const isBase64 = key.toString('base64') === text;
  return isBase64 && key.length >= KEY_BYTES && key.length <= MOST_KEY_BYTES ? key : null;
}

/**
 * Headers of one attempt under both names that verifiers know. One signature per key, HMAC-SHA256 over
 * `id.timestamp.body`; `atSeconds` is Unix time.
 */
export function signedHeaders(
  messageId: string,
  atSeconds: number,
  body: Buffer,
  keys: readonly Buffer[],
): Record<string, string> {
  const signatures = keys.map((key) =>
    createHmac('sha256', key).update(`${messageId}.${atSeconds}.`).update(body).digest('base64'),
  );
  const values = [
    ['id', messageId],
    ['timestamp', String(atSeconds)],
    ['signature', signatures.map((signature) => `v1,${signature}`).join(' ')],
  ] as const;
  return Object.fromEntries(
    values.flatMap(([name, value]) => [
      [`svix-${name}`, value],
      [`webhook-${name}`, value],
    ]),
  );
}
