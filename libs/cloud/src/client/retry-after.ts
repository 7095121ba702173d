const LONGEST_SECONDS = 86_400;

/** Seconds that a vendor asks us to wait: `Retry-After` as seconds or as a date. Null without a usable one. */
export function retryAfterSeconds(headers: Readonly<Record<string, string>>, now: Date): number | null {
  const text = headers['retry-after']?.trim();
  if (!text) return null;
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : (Date.parse(text) - now.getTime()) / 1000;
  return Number.isFinite(seconds) ? Math.min(Math.max(0, seconds), LONGEST_SECONDS) : null;
}
