/** Reads the text of one variable. Throws a `Mistake` whose text goes on after the variable's name. */
export type Kind<T> = (text: string) => T;

/** The rest of a sentence that begins with the variable's name, for example `must be a whole number`. */
export class Mistake extends Error {}

export const text: Kind<string> = (value) => value;

export const flag: Kind<boolean> = (value) => {
  const lower = value.toLowerCase();
  if (['true', '1', 'yes', 'on'].includes(lower)) return true;
  if (['false', '0', 'no', 'off'].includes(lower)) return false;
  throw new Mistake(`must be true or false, not ${JSON.stringify(value)}`);
};

export const integer =
  (min: number, max: number): Kind<number> =>
  (value) => {
    const number = /^-?\d{1,15}$/.test(value) ? Number(value) : NaN;
    if (number >= min && number <= max) return number;
    throw new Mistake(`must be a whole number from ${min} to ${max}, not ${JSON.stringify(value)}`);
  };

/** One of some words, in any case; `aliases` maps other spellings to them. */
export const choice =
  <const T extends string>(words: readonly T[], aliases: Readonly<Record<string, T>> = {}): Kind<T> =>
  (value) => {
    const lower = value.toLowerCase();
    const found = words.find((word) => word === lower) ?? aliases[lower];
    if (found !== undefined) return found;
    throw new Mistake(`must be one of ${words.join(', ')}, not ${JSON.stringify(value)}`);
  };

/** An address with one of some protocols. Never repeated in the mistake: it may carry a password. */
export const url =
  (...protocols: readonly string[]): Kind<string> =>
  (value) => {
    const parsed = URL.canParse(value) ? new URL(value) : null;
    if (parsed && protocols.includes(parsed.protocol.slice(0, -1))) return value;
    throw new Mistake(`must be an address that starts with ${protocols.map((name) => `${name}://`).join(' or ')}`);
  };

export const webAddress: Kind<string> = (value) => url('http', 'https')(value).replace(/\/+$/, '');

export const email: Kind<string> = (value) => {
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) return value;
  throw new Mistake(`must be an email address, not ${JSON.stringify(value)}`);
};

/** An email address, also as `Name <address>`. */
export const sender: Kind<string> = (value) => {
  if (/^([^<>@"\r\n]+ )?<[^\s@<>]+@[^\s@<>]+>$|^[^\s@<>]+@[^\s@<>]+$/.test(value)) return value;
  throw new Mistake(`must be an email address or "Name <address>", not ${JSON.stringify(value)}`);
};

/** A JSON array of web origins; a slash at the end of an origin is dropped. */
export const origins: Kind<readonly string[]> = (value) => {
  const list = parsedJson(value);
  if (!Array.isArray(list) || !list.every(isOrigin)) {
    throw new Mistake('must be a JSON array of origins, for example ["https://app.example.com"]');
  }
  return list.map((origin) => new URL(origin).origin);
};

/** A JSON array of hosts, each with or without a port, in lower case. */
export const hosts: Kind<readonly string[]> = (value) => {
  const list = parsedJson(value);
  if (!Array.isArray(list) || !list.every(isHost)) {
    throw new Mistake('must be a JSON array of hosts, for example ["hooks.internal", "10.0.0.5:8443"]');
  }
  return list.map((host) => host.toLowerCase());
};

/** A JSON array of web origins or schemes (`myapp:`). */
export const redirectTargets: Kind<readonly string[]> = (value) => {
  const list = parsedJson(value);
  if (!Array.isArray(list) || !list.every((item) => isOrigin(item) || isScheme(item))) {
    throw new Mistake('must be a JSON array of origins and schemes, for example ["https://app.example.com","myapp:"]');
  }
  return list.map((item) => (isScheme(item) ? item.toLowerCase() : new URL(item).origin));
};

const UNIT_SECONDS = { d: 86_400, h: 3600, m: 60 } as const;

/** `2d`, `20h`, `90m`, `1d12h30m`, in seconds. */
export const duration: Kind<number> = (value) => {
  const lower = value.toLowerCase();
  if (!/^(\d{1,6}[dhm])+$/.test(lower))
    throw new Mistake(`must be like 2d, 20h or 1d12h30m, not ${JSON.stringify(value)}`);
  const parts = [...lower.matchAll(/(\d+)([dhm])/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNIT_SECONDS[unit as 'd' | 'h' | 'm'], 0);
};

export const apiKey: Kind<string> = (value) => {
  if (value.length >= 16 && !/\s/.test(value)) return value;
  throw new Mistake('must have at least 16 characters and no spaces');
};

function parsedJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

const isOrigin = (value: unknown): value is string =>
  typeof value === 'string' && /^https?:\/\/[^/?#]+\/*$/.test(value) && URL.canParse(value);

const isHost = (value: unknown): value is string =>
  typeof value === 'string' && /^(\[[0-9a-f:.]+\]|[\w.-]+)(:\d{1,5})?$/i.test(value) && URL.canParse(`http://${value}`);
const isScheme = (value: unknown): value is string => typeof value === 'string' && /^[a-z][a-z0-9+.-]*:$/i.test(value);
