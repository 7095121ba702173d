import { VendorError, type VendorRequest } from '#libs/providers/kit';

/** A request as it goes out. */
export interface BuiltRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/** @throws VendorError when the path leads away from the host of `base` */
export function buildRequest(
  base: string,
  request: VendorRequest,
  headers: Readonly<Record<string, string>>,
): BuiltRequest {
  const built = {
    method: request.method ?? 'GET',
    url: addressOf(base, request),
    headers: { accept: 'application/json', ...lowerCase(request.headers ?? {}), ...headers },
  };
  if (request.json !== undefined) {
    return withBody(built, JSON.stringify(request.json), 'application/json');
  }
  if (request.form !== undefined) {
    return withBody(built, new URLSearchParams(request.form).toString(), 'application/x-www-form-urlencoded');
  }
  return built;
}

const withBody = (built: Omit<BuiltRequest, 'body'>, body: string, type: string): BuiltRequest => ({
  ...built,
  headers: { ...built.headers, 'content-type': type },
  body,
});

/** A token must never leave for another host than the one the operator or the provider named. */
export function addressOf(base: string, { path, query = {} }: VendorRequest): string {
  const root = new URL(base);
  const text = path.startsWith('/') ? `${base}${path}` : path;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.origin !== root.origin) throw new VendorError('unreadable', 'An address outside of the API was named');
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url.href;
}

const lowerCase = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
