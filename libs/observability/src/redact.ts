const SECRET_KEY =
  /pass(word|wd)|secret|token|authorization|cookie|api[-_]?key|private[-_]?key|credential|database[-_]?url|redis[-_]?url/i;
const HIDDEN = '[redacted]';
const MAX_DEPTH = 6;

const SECRET_TEXT: readonly [RegExp, string][] = [
  [/\b(sk|rt|app|secret)[-_][0-9a-f]{32,64}\b/gi, `$1-${HIDDEN}`],
  [/\bwhsec_[A-Za-z0-9+/=]{20,}/g, `whsec_${HIDDEN}`],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${HIDDEN}`],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, HIDDEN],
  [/([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s@/]+@/gi, `$1:${HIDDEN}@`],
];

/** Text without API keys, bearer tokens, JWTs and the passwords of URLs. */
export function redactText(text: string): string {
  return SECRET_TEXT.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);
}

/**
 * A copy of a log entry that is fit to be read by others: values under secret names are hidden at any depth, secrets
 * inside texts too. Errors stay as they are; the logger serialises them.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null || value instanceof Error || value instanceof Date) return value;
  if (depth >= MAX_DEPTH) return '[too deep]';
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, hides(key, item) ? HIDDEN : redact(item, depth + 1)]),
  );
}

/** A count named `tokens` is no secret. */
const hides = (key: string, value: unknown): boolean =>
  SECRET_KEY.test(key) &&
  value !== null &&
  value !== undefined &&
  typeof value !== 'number' &&
  typeof value !== 'boolean';
