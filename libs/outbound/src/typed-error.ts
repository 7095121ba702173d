import { OutboundError } from './outbound-error.js';

const TIMEOUTS = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
  'ETIMEOUT',
]);

/** Whatever the client threw, as the error callers know. */
export function typedError(error: unknown, origin: string): OutboundError {
  if (error instanceof OutboundError) return error;
  const code = codeOf(error);
  const reason = code !== undefined && TIMEOUTS.has(code) ? 'timeout' : 'network';
  return new OutboundError(reason, `${origin} gave no answer (${code ?? 'unknown'})`, error);
}

/** Several addresses tried in vain come as one error that holds theirs. */
function codeOf(error: unknown): string | undefined {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const code = (first as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}
