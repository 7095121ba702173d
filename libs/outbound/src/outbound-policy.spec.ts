import { describe, expect, it } from '@jest/globals';
import { OutboundPolicy } from './outbound-policy.js';

const LIST = ['hooks.internal:8443', '10.0.0.5', '[fd00::1]:80'];

function verdict(environment: string, url: string, allowLoopback?: boolean): string {
  try {
    return new OutboundPolicy({ environment, outboundAllowedHosts: LIST }).check(new URL(url), allowLoopback);
  } catch (error) {
    return (error as { reason: string }).reason;
  }
}

describe('OutboundPolicy', () => {
  it.each([
    ['https://example.com/hook', 'public'],
    ['https://example.com:443/hook', 'public'],
    ['https://8.8.8.8/', 'public'],
    ['http://example.com/hook', 'insecure'],
    ['ftp://example.com/', 'insecure'],
    ['file:///etc/passwd', 'insecure'],
    ['https://user:password@example.com/', 'insecure'],
    ['https://example.com:22/', 'refused-address'],
    ['https://hooks.internal:8443/', 'allowed'],
    ['http://hooks.internal:8443/', 'allowed'],
    ['https://hooks.internal./', 'public'],
    ['https://hooks.internal:9000/', 'refused-address'],
    ['http://10.0.0.5:1234/', 'allowed'],
    ['http://0xa.0.0.5/', 'allowed'],
    ['http://[fd00::1]/', 'allowed'],
    ['https://[fd00::1]/', 'refused-address'],
  ])('in production %s is %s', (url, expected) => {
    expect(verdict('production', url)).toBe(expected);
    expect(verdict('production', url, true)).toBe(expected);
  });

  it.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0x7f.0.0.1/',
    'https://0177.0.0.1/',
    'https://017700000001/',
    'https://127.0.0.1./',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[0:0:0:0:0:ffff:7f00:1]/',
    'https://①②⑦.0.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://[fe80::1]/',
    'https://192.168.0.1/',
  ])('in production %s is refused in every spelling', (url) => {
    expect(verdict('production', url, true)).toBe('refused-address');
  });

  it.each([
    ['local', 'http://127.0.0.1:4000/', undefined, 'loopback'],
    ['test', 'http://localhost:4000/', undefined, 'loopback'],
    ['local', 'http://127.0.0.1:4000/', false, 'refused-address'],
    ['local', 'http://192.168.0.1/', undefined, 'refused-address'],
    ['staging', 'http://127.0.0.1/', undefined, 'refused-address'],
    ['development', 'http://127.0.0.1:4000/', true, 'loopback'],
    ['staging', 'http://example.com/', undefined, 'public'],
  ])('in %s %s with allowLoopback %s is %s', (environment, url, allowLoopback, expected) => {
    expect(verdict(environment, url, allowLoopback)).toBe(expected);
  });
});
