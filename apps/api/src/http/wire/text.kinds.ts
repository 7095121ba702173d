import type { Kind } from './kind.js';
import { readEmail } from './email.js';
import { readUuid } from './uuid.js';
import { WireProblem } from './wire-problem.js';

export interface TextRules {
  /** Characters (code points), not bytes. */
  readonly min?: number;
  readonly max?: number;
  /** The message quotes its source. */
  readonly pattern?: RegExp;
}

/** Text as sent. U+0000 is refused because no database text can hold it. */
export function text(rules: TextRules = {}): Kind<string> {
  return {
    schema: { type: 'string', minLength: rules.min, maxLength: rules.max, pattern: rules.pattern?.source },
    read: (raw) => (typeof raw === 'string' ? checkedText(raw, rules) : notText()),
  };
}

/** A UUID in any of its usual spellings, read as lower-case hyphenated text. */
export function uuid(): Kind<string> {
  return { schema: { type: 'string', format: 'uuid' }, read: readUuid };
}

/** An email address with a dotted, non-reserved domain; the domain is lower-cased, the local part kept. */
export function email(): Kind<string> {
  return {
    schema: { type: 'string', format: 'email' },
    read: (raw) => (typeof raw === 'string' ? readEmail(raw) : notText()),
  };
}

/** An absolute http or https address. */
export function url(): Kind<string> {
  return {
    schema: { type: 'string', format: 'uri' },
    read: (raw) => {
      if (typeof raw !== 'string') return new WireProblem('URL input should be a string or URL', 'url_type');
      if (!URL.canParse(raw.trim())) {
        return new WireProblem('Input should be a valid URL, relative URL without a base', 'url_parsing');
      }
      const isWeb = /^https?:\/\//i.test(raw.trim());
      return isWeb ? raw.trim() : new WireProblem("URL scheme should be 'http' or 'https'", 'url_scheme');
    },
  };
}

function checkedText(value: string, { min, max, pattern }: TextRules): string | WireProblem {
  const length = min === undefined && max === undefined ? 0 : [...value].length;
  if (min !== undefined && length < min) {
    return new WireProblem(`String should have at least ${characters(min)}`, 'string_too_short');
  }
  if (max !== undefined && length > max) {
    return new WireProblem(`String should have at most ${characters(max)}`, 'string_too_long');
  }
  if (pattern && !pattern.test(value)) {
    return new WireProblem(`String should match pattern '${pattern.source}'`, 'string_pattern_mismatch');
  }
  if (value.includes('\0')) return new WireProblem('Value error, text must not contain U+0000', 'value_error');
  return value;
}

const characters = (count: number): string => (count === 1 ? '1 character' : `${count} characters`);
const notText = (): WireProblem => new WireProblem('Input should be a valid string', 'string_type');
