import { describe, expect, it } from '@jest/globals';
import { redactTarget } from './redact.js';

const KEY = 'sk-0123456789abcdef0123456789abcdef';

describe('redactTarget', () => {
  it.each([
    ['/api/v1/users?limit=5&sort_by=email', '/api/v1/users?limit=5&sort_by=email'],
    ['/api/v1/users?search=Ann+Lee&page=2', '/api/v1/users?search=[redacted]&page=2'],
    ['/api/v1/users?email=a%40b.com', '/api/v1/users?email=[redacted]'],
    ['/callback?code=abc&state=xyz', '/callback?code=[redacted]&state=[redacted]'],
    ['/hook?hub.verify_token=a&hub.mode=b', '/hook?hub.verify_token=[redacted]&hub.mode=[redacted]'],
    ['/x?access_token=a=b&%74oken=c', '/x?access_token=[redacted]&%74oken=[redacted]'],
    ['/x?%E0%A4%A=secret', '/x?%E0%A4%A=[redacted]'],
    [`/api/v1/developer/api-keys/${KEY}`, '/api/v1/developer/api-keys/sk-[redacted]'],
    [`/x?anything=${KEY}`, '/x?anything=sk-[redacted]'],
    ['/?flag', '/?flag'],
    ['/', '/'],
  ])('%s -> %s', (target, expected) => {
    expect(redactTarget(target)).toBe(expected);
  });
});
