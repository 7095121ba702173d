import { describe, expect, it } from '@jest/globals';
import { email, text, url, uuid } from './text.kinds.js';
import { WireProblem } from './wire-problem.js';

const outcome = (read: unknown): unknown => (read instanceof WireProblem ? read.message : read);

describe('text', () => {
  it('counts characters, not code units', () => {
    expect(text({ max: 2 }).read('😀😀')).toBe('😀😀');
    expect(outcome(text({ max: 2 }).read('abc'))).toBe('String should have at most 2 characters');
    expect(outcome(text({ min: 1 }).read(''))).toBe('String should have at least 1 character');
  });

  it('keeps blanks as given', () => {
    expect(text().read('  ')).toBe('  ');
  });

  it.each([5, true, null, {}, []])('refuses %j', (raw) => {
    expect(outcome(text().read(raw))).toBe('Input should be a valid string');
  });

  it('quotes its pattern', () => {
    expect(outcome(text({ pattern: /^(asc|desc)$/ }).read('up'))).toBe("String should match pattern '^(asc|desc)$'");
  });

  it('refuses U+0000, which the database cannot store', () => {
    expect(outcome(text().read('a\0b'))).toBe('Value error, text must not contain U+0000');
  });
});

describe('uuid', () => {
  const canonical = '3f1c2d1e-0a4b-4f6e-9a55-3b1d7c2e9f10';

  it.each([
    canonical,
    canonical.toUpperCase(),
    canonical.replaceAll('-', ''),
    `{${canonical}}`,
    `urn:uuid:${canonical}`,
    `URN:UUID:${canonical.toUpperCase()}`,
  ])('reads %s', (raw) => {
    expect(uuid().read(raw)).toBe(canonical);
  });

  it.each([
    ['', 'invalid length: expected length 32 for simple format, found 0'],
    ['xyz', 'invalid character: expected an optional prefix of `urn:uuid:` followed by [0-9a-fA-F-], found `x` at 1'],
    ['abc', 'invalid length: expected length 32 for simple format, found 3'],
    ['ab-cd', 'invalid group count: expected 5, found 2'],
    ['3f1c2d1e-0a4b-4f6e-9a55-3b1d7c2e9f1', 'invalid group length in group 4: expected 12, found 11'],
    [
      `{${canonical}`,
      'invalid character: expected an optional prefix of `urn:uuid:` followed by [0-9a-fA-F-], found `{` at 1',
    ],
  ])('refuses %j', (raw, reason) => {
    expect(outcome(uuid().read(raw))).toBe(`Input should be a valid UUID, ${reason}`);
  });
});

describe('email', () => {
  it.each([
    ['a@b.example.com', 'a@b.example.com'],
    ['Ann.Lee@Example.COM', 'Ann.Lee@example.com'],
    ['Ann Lee <ann@example.com>', 'ann@example.com'],
    ['ünal+tag@bücher.example.org', 'ünal+tag@bücher.example.org'],
    [`${'x'.repeat(300)}@example.com`, `${'x'.repeat(300)}@example.com`],
    [' a@example.com ', 'a@example.com'],
  ])('reads %s', (raw, expected) => {
    expect(email().read(raw)).toBe(expected);
  });

  it.each([
    ['', 'An email address must have an @-sign.'],
    ['plain', 'An email address must have an @-sign.'],
    ['@example.com', 'There must be something before the @-sign.'],
    ['a@', 'There must be something after the @-sign.'],
    ['a@b', 'The part after the @-sign is not valid. It should have a period.'],
    ['a@1.2.3.4', 'The part after the @-sign is not valid. It should have a period.'],
    ['a@x.test', 'The part after the @-sign is a special-use or reserved name that cannot be used with email.'],
    ['a@localhost', 'The part after the @-sign is a special-use or reserved name that cannot be used with email.'],
    ['a@x..com', 'The part after the @-sign contains invalid characters or is malformed.'],
    ['a@-x.com', 'The part after the @-sign contains invalid characters or is malformed.'],
    ['a@x_y.com', 'The part after the @-sign contains invalid characters or is malformed.'],
    ['.a@example.com', 'An email address cannot start with a period.'],
    ['a.@example.com', 'An email address cannot have a period immediately before the @-sign.'],
    ['a..b@example.com', 'An email address cannot have two periods in a row.'],
    ['a b@example.com', 'The email address contains invalid characters before the @-sign.'],
    ['a\0b@example.com', 'The email address contains invalid characters before the @-sign.'],
    ['a@b@example.com', 'The email address must have exactly one @-sign.'],
  ])('refuses %j', (raw, reason) => {
    expect(outcome(email().read(raw))).toBe(`value is not a valid email address: ${reason}`);
  });

  it('refuses what is no text', () => {
    expect(outcome(email().read(5))).toBe('Input should be a valid string');
  });
});

describe('url', () => {
  it('takes absolute web addresses only', () => {
    expect(url().read(' https://example.com/hook?x=1 ')).toBe('https://example.com/hook?x=1');
    expect(outcome(url().read('ftp://example.com'))).toBe("URL scheme should be 'http' or 'https'");
    expect(outcome(url().read('/hook'))).toBe('Input should be a valid URL, relative URL without a base');
    expect(outcome(url().read(1))).toBe('URL input should be a string or URL');
  });
});
