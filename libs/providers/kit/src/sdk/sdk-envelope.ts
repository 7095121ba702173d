import { badRequest, parseSdkInstant } from '#libs/model';
import { SDK_COLLECTIONS } from '../upload/upload-scanner.js';
import { MESSAGE } from './sdk-messages.js';

export const SDK_PROVIDERS = ['apple', 'samsung', 'google'] as const;
export type SdkProvider = (typeof SDK_PROVIDERS)[number];

export interface EnvelopeFacts {
  readonly provider: SdkProvider;
  /** Null when missing or no text; the upload is then invalid. */
  readonly sdkVersion: string | null;
  /** Why the upload as a whole cannot be processed; null when it can. */
  readonly problem: string | null;
}

/**
 * Reads the envelope of an upload.
 * @throws Failure 400 `Unsupported provider: ...`
 */
export function checkEnvelope(envelope: object): EnvelopeFacts {
  const fields = envelope as Readonly<Record<string, unknown>>;
  const { sdkVersion } = fields;
  return {
    provider: sdkProvider(fields['provider']),
    sdkVersion: typeof sdkVersion === 'string' ? sdkVersion : null,
    problem: envelopeProblem(fields),
  };
}

function sdkProvider(value: unknown): SdkProvider {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const provider = SDK_PROVIDERS.find((code) => code === text.toLowerCase());
  if (!provider) throw badRequest(`Unsupported provider: ${text}. Supported: ${SDK_PROVIDERS.join(', ')}`);
  return provider;
}

function envelopeProblem(fields: Readonly<Record<string, unknown>>): string | null {
  if (fields['sdkVersion'] === undefined) return MESSAGE.required;
  if (typeof fields['sdkVersion'] !== 'string') return MESSAGE.text;
  if (fields['syncTimestamp'] === undefined) return MESSAGE.required;
  if (parseSdkInstant(fields['syncTimestamp']) === null) return MESSAGE.instant;
  const { data } = fields;
  if (data === undefined) return null;
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return MESSAGE.item;
  const collections = data as Readonly<Record<string, unknown>>;
  const isList = (name: string): boolean => collections[name] === undefined || Array.isArray(collections[name]);
  return SDK_COLLECTIONS.every(isList) ? null : MESSAGE.list;
}
