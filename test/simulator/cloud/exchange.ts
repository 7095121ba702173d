import type { IncomingMessage } from 'node:http';

/** A request as the clouds see it. */
export interface Call {
  readonly method: string;
  /** Below the vendor's own root. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** What a cloud says. A text is sent as it is, everything else as JSON; no body: an empty answer. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const NOTHING: Answer = { status: 204 };
export const fail = (status: number, error: string): Answer => ({ status, body: { error } });

export async function readCall(request: IncomingMessage, root: string): Promise<Call> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '/', 'http://simulator');
  return {
    method: request.method ?? 'GET',
    path: url.pathname.slice(root.length) || '/',
    query: url.searchParams,
    headers: request.headers as Record<string, string>,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

/** The members of a JSON object in the body; none for anything else. */
export function jsonOf(call: Call): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(call.body || '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

export const formOf = (call: Call): URLSearchParams => new URLSearchParams(call.body);
