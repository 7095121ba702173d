import { redactText } from './redact.js';

const MAX_CAUSES = 5;

/**
 * An error as the log shows it: type, message, code, stack and causes. Everything else an error may carry (the
 * parameters of a query, the body of a request) stays out.
 */
export function errorEntry(error: unknown, causesLeft = MAX_CAUSES): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? redactText(error) : error;
  const code = (error as { code?: unknown }).code;
  return {
    type: error.name,
    message: redactText(error.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: redactText(error.stack) }),
    ...(error.cause === undefined || causesLeft === 0 ? {} : { cause: errorEntry(error.cause, causesLeft - 1) }),
  };
}
