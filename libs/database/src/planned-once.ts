import { createHash } from 'node:crypto';

const names = new Map<string, string>();

/**
 * Marks a hot statement whose plan does not depend on its values: each connection parses and plans it once and not every
 * time. Not for statements whose result has `*` in it, which may change while an older release runs.
 */
export function plannedOnce(text: string): string {
  if (!names.has(text)) names.set(text, `s${createHash('sha256').update(text).digest('hex').slice(0, 24)}`);
  return text;
}

/** Under which name the server knows the statement; undefined for most. */
export const nameOfPlan = (text: string): string | undefined => names.get(text);
