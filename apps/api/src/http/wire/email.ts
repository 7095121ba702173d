import { domainToASCII } from 'node:url';
import { WireProblem } from './wire-problem.js';

const RESERVED_DOMAINS = ['arpa', 'invalid', 'local', 'localhost', 'onion', 'test'];
const DISPLAY_NAME = /^[^<>@]*<([^<>]+)>$/;
/** RFC 5322 atom text, plus everything beyond ASCII (RFC 6531) except controls, blanks and lone surrogates. */
const LOCAL_PART = /^[\p{L}\p{N}\p{M}\p{S}\p{Pd}\p{Pc}!#%&'*/?.]+$/u;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Checks an email address. `Name <a@b.c>` is reduced to the address; the domain comes back lower-cased, the local part
 * as given.
 * @returns the address, or a problem that starts with `value is not a valid email address: `
 */
export function readEmail(raw: string): string | WireProblem {
  const address = (DISPLAY_NAME.exec(raw.trim())?.[1] ?? raw).trim();
  const at = address.lastIndexOf('@');
  const local = address.slice(0, Math.max(at, 0));
  const domain = address
    .slice(at + 1)
    .toLowerCase()
    .normalize('NFC');
  const reason = at < 0 ? 'An email address must have an @-sign.' : (localReason(local) ?? domainReason(domain));
  if (reason !== null) return new WireProblem(`value is not a valid email address: ${reason}`, 'value_error');
  return `${local}@${domain}`;
}

function localReason(local: string): string | null {
  if (local === '') return 'There must be something before the @-sign.';
  if (local.includes('@')) return 'The email address must have exactly one @-sign.';
  if (local.startsWith('.')) return 'An email address cannot start with a period.';
  if (local.endsWith('.')) return 'An email address cannot have a period immediately before the @-sign.';
  if (local.includes('..')) return 'An email address cannot have two periods in a row.';
  return LOCAL_PART.test(local) ? null : 'The email address contains invalid characters before the @-sign.';
}

function domainReason(domain: string): string | null {
  if (domain === '') return 'There must be something after the @-sign.';
  const ascii = domainToASCII(domain);
  const labels = ascii.split('.');
  if (ascii === '' || ascii.length > 253 || !labels.every((label) => LABEL.test(label))) {
    return 'The part after the @-sign contains invalid characters or is malformed.';
  }
  const top = labels[labels.length - 1] ?? '';
  if (RESERVED_DOMAINS.includes(top)) {
    return 'The part after the @-sign is a special-use or reserved name that cannot be used with email.';
  }
  return labels.length < 2 || /^\d+$/.test(top)
    ? 'The part after the @-sign is not valid. It should have a period.'
    : null;
}
