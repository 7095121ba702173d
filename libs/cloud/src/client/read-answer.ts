import type { JsonValue } from '#libs/model';
import { isJsonObject, VendorError, type VendorRequest } from '#libs/providers/kit';
import type { VendorAnswer } from './vendor-client.js';

/**
 * JSON of a 2xx answer; null for an empty body and for the request's empty statuses.
 * @throws VendorError for any other status, for what is no JSON, and for an error inside a 2xx
 */
export function readAnswer(provider: string, request: VendorRequest, answer: VendorAnswer): JsonValue {
  const body = bytesOf(provider, request, answer);
  if (body === null || body.length === 0) return null;
  const json = parse(provider, body);
  if (isJsonObject(json) && json['error']) {
    const code = typeof json['code'] === 'number' && json['code'] >= 400 ? json['code'] : 400;
    throw new VendorError('status', `${provider} reports an error inside of a 2xx`, { status: code });
  }
  return json;
}

/** Body of a 2xx answer; null for the request's empty statuses. @throws VendorError for any other status */
export function bytesOf(provider: string, request: VendorRequest, { status, body }: VendorAnswer): Buffer | null {
  if (status >= 200 && status < 300) return body;
  if (request.emptyStatuses?.includes(status)) return null;
  const trouble = status === 401 || status === 403 ? 'unauthorized' : 'status';
  throw new VendorError(trouble, `${provider} answers ${status}`, { status });
}

function parse(provider: string, body: Buffer): JsonValue {
  try {
    return JSON.parse(body.toString('utf8')) as JsonValue;
  } catch (cause) {
    throw new VendorError('unreadable', `${provider} answers something that is no JSON`, { cause });
  }
}
