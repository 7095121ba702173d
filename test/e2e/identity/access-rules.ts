import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Access } from '#libs/identity';

/** Method or `*`; path with `*` for one segment and `/**` for any further ones; who may call it. The first match counts. */
type Rule = readonly [method: string, path: string, access: string];

const RULES = JSON.parse(readFileSync(join('test', 'e2e', 'identity', 'access-rules.json'), 'utf8')) as readonly Rule[];

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replace(/\/\*\*$/, '(/.*)?').replace(/(?<=\/)\*(?=\/|$|\()/g, '[^/]+')}$`);

const PATTERNS = RULES.map(([method, path, access]) => ({ method, pattern: patternOf(path), access }));

/** Who may call a route according to the public contract; undefined where no rule speaks of it. */
export function agreedAccess(method: string, path: string): string | undefined {
  return PATTERNS.find((rule) => (rule.method === '*' || rule.method === method) && rule.pattern.test(path))?.access;
}

/** Access as the rules write it. */
export const written = (access: Access): string => (access.kind === 'scope' ? `scope ${access.scope}` : access.kind);
