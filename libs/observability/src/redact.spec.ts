import { describe, expect, it } from '@jest/globals';
import { redact, redactText } from './redact.js';

const KEY = `sk-${'0123456789abcdef'.repeat(2)}`;

describe('redactText', () => {
  it.each([
    [`key ${KEY} used`, 'key sk-[redacted] used'],
    ['signed with whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX', 'signed with whsec_[redacted]'],
    ['Authorization: Bearer abcdef.ghijkl-mnop', 'Authorization: Bearer [redacted]'],
    ['token eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl end', 'token [redacted] end'],
    ['postgresql://app:s3cret@db:5432/x', 'postgresql://app:[redacted]@db:5432/x'],
    ['redis://:s3cret@cache', 'redis://:[redacted]@cache'],
    ['https://example.com/users/1?at=12:30', 'https://example.com/users/1?at=12:30'],
    ['sk-short', 'sk-short'],
  ])('turns %j into %j', (text, expected) => {
    expect(redactText(text)).toBe(expected);
  });
});

describe('redact', () => {
  it('hides secrets by name at any depth and keeps the rest', () => {
    const entry = {
      user_id: 'u1',
      password: 'x',
      headers: { Authorization: 'Bearer y', cookie: 'z', accept: 'json' },
      list: [{ refresh_token: 'r', 'X-API-Key': KEY }],
      config: { databaseUrl: 'postgresql://a:b@c/d' },
    };
    expect(redact(entry)).toEqual({
      user_id: 'u1',
      password: '[redacted]',
      headers: { Authorization: '[redacted]', cookie: '[redacted]', accept: 'json' },
      list: [{ refresh_token: '[redacted]', 'X-API-Key': '[redacted]' }],
      config: { databaseUrl: '[redacted]' },
    });
  });

  it('keeps counts, flags and absence under secret names', () => {
    const entry = { tokens: 3, has_password: true, token: null };
    expect(redact(entry)).toEqual(entry);
  });

  it('shortens what is not for reading', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(JSON.stringify(redact(circle))).toContain('[too deep]');
    expect(redact({ body: Buffer.from('abc'), big: 10n })).toEqual({ body: '[3 bytes]', big: '10' });
  });
});
