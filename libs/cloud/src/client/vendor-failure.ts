import { Failure } from '#libs/model';
import { VendorError } from '#libs/providers/kit';
import { vendorName } from '../app/cloud-app.js';
import { Unconnected } from '../tokens/unconnected.js';

/** What a caller of ours hears about a vendor that did not deliver. Never the vendor's words. */
export function vendorFailure(provider: string, error: unknown): unknown {
  if (!(error instanceof VendorError)) return error;
  const cause = { cause: error };
  if (error instanceof Unconnected) return new Failure(409, error.detail, cause);
  const name = vendorName(provider);
  switch (error.trouble) {
    case 'unauthorized':
      return new Failure(409, `${name} authorization expired. Please re-authorize.`, cause);
    case 'rate-limited':
      return new Failure(502, `${name} API error: 429`, { ...cause, headers: retryAfter(error) });
    case 'status':
      return new Failure(502, `${name} API error: ${error.status ?? 'unknown'}`, cause);
    default:
      return new Failure(502, `Failed to fetch data from ${name}`, cause);
  }
}

const retryAfter = ({ retryAfterSeconds }: VendorError): Record<string, string> =>
  retryAfterSeconds === null ? {} : { 'Retry-After': String(Math.ceil(retryAfterSeconds)) };
