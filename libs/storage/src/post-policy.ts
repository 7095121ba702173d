import { createHmac } from 'node:crypto';
import type { UploadTerms } from './object-storage.js';

export interface SigningCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';

/**
 * Fields of a browser-based upload to S3 (POST with Signature Version 4): key and content type are fixed, the length
 * is limited.
 */
export function postPolicyFields(
  bucket: string,
  region: string,
  credentials: SigningCredentials,
  { key, contentType, maxBytes, expiresSeconds }: UploadTerms,
  now: Date,
): Record<string, string> {
  const time = `${now.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
  const day = time.slice(0, 8);
  const fixed: Record<string, string> = {
    key,
    'Content-Type': contentType,
    'x-amz-algorithm': ALGORITHM,
    'x-amz-credential': `${credentials.accessKeyId}/${day}/${region}/s3/aws4_request`,
    'x-amz-date': time,
    ...(credentials.sessionToken ? { 'x-amz-security-token': credentials.sessionToken } : {}),
  };
  const policy = {
    expiration: new Date(now.getTime() + expiresSeconds * 1000).toISOString(),
    conditions: [
      { bucket },
      ...Object.entries(fixed).map(([name, value]) => ({ [name]: value })),
      ['content-length-range', 1, maxBytes],
    ],
  };
  const encoded = Buffer.from(JSON.stringify(policy)).toString('base64');
  return { ...fixed, policy: encoded, 'x-amz-signature': signatureOf(encoded, credentials, day, region) };
}

export function signatureOf(
  policy: string,
  { secretAccessKey }: SigningCredentials,
  day: string,
  region: string,
): string {
  const signingKey = [day, region, 's3', 'aws4_request'].reduce<Buffer | string>(
    (key, part) => createHmac('sha256', key).update(part).digest(),
    `AWS4${secretAccessKey}`,
  );
  return createHmac('sha256', signingKey).update(policy).digest('hex');
}
