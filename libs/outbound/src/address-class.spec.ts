import { describe, expect, it } from '@jest/globals';
import { addressClass } from './address-class.js';

const REFUSED = [
  ['unspecified', '0.0.0.0', '0.1.2.3', '::'],
  ['private', '10.1.1.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fd12::1', 'fec0::1'],
  ['link-local and metadata', '169.254.169.254', 'fe80::1', 'fe80::1%eth0', '100.100.100.200', '168.63.129.16'],
  ['carrier-grade NAT', '100.64.0.1', '100.127.255.255'],
  ['multicast and broadcast', '224.0.0.1', '239.255.255.255', '255.255.255.255', 'ff02::1'],
  [
    'reserved',
    '192.0.0.1',
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '240.0.0.1',
    '2001:db8::1',
    '100::1',
  ],
  ['IPv4 inside IPv6', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::1'],
  ['tunnels', '2002:7f00:1::', '2001:0:1::', '192.88.99.1'],
  ['outside of the global block', '4000::1', '5f00::1', '1::1'],
  ['no address', '', 'localhost', '1.2.3.4.5', '999.1.1.1'],
].flatMap(([kind, ...addresses]) => addresses.map((address) => [kind, address]));

describe('addressClass', () => {
  it.each(REFUSED)('refuses %s %j', (_, address) => {
    expect(addressClass(address!)).toBe('refused');
  });

  it.each(['127.0.0.1', '127.255.255.254', '::1'])('knows loopback %s', (address) => {
    expect(addressClass(address)).toBe('loopback');
  });

  it.each(['8.8.8.8', '172.32.0.1', '100.63.255.255', '2606:4700::1', '2001:4860:4860::8888'])(
    'lets %s pass',
    (address) => {
      expect(addressClass(address)).toBe('public');
    },
  );
});
