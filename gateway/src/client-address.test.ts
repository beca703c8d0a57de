import { describe, expect, it } from 'vitest';
import { createClientAddress, networkOf } from './client-address.ts';

describe('the address of a client', () => {
  it('is the socket, whatever X-Forwarded-For says, when no proxy is trusted', () => {
    const addressOf = createClientAddress([]);
    expect(addressOf('10.0.0.9', '1.2.3.4')).toBe('10.0.0.9');
    expect(addressOf('::ffff:10.0.0.9', undefined)).toBe('10.0.0.9');
    expect(addressOf(undefined, '1.2.3.4')).toBe('unknown');
  });

  it('is the rightmost address a trusted proxy did not add', () => {
    const addressOf = createClientAddress(['10.0.0.0/8', '::1']);
    expect(addressOf('10.0.0.9', '1.2.3.4')).toBe('1.2.3.4');
    expect(addressOf('10.0.0.9', '6.6.6.6, 1.2.3.4, 10.1.1.1')).toBe('1.2.3.4');
    expect(addressOf('::1', '1.2.3.4')).toBe('1.2.3.4');
    expect(addressOf('192.168.0.1', '1.2.3.4')).toBe('192.168.0.1');
    expect(addressOf('10.0.0.9', 'not an address')).toBe('10.0.0.9');
    expect(addressOf('10.0.0.9', undefined)).toBe('10.0.0.9');
  });

  it('T45: is one for a whole /64 of IPv6', () => {
    const addressOf = createClientAddress([]);
    const one = addressOf('2001:db8:1:2:aaaa::1', undefined);
    expect(one).toBe('2001:db8:1:2::/64');
    expect(addressOf('2001:0db8:0001:0002:ffff:1:2:3', undefined)).toBe(one);
    expect(addressOf('2001:db8:1:3::1', undefined)).not.toBe(one);
    expect(addressOf('::1', undefined)).toBe('0:0:0:0::/64');
    expect(addressOf('fe80::1%eth0', undefined)).toBe('fe80:0:0:0::/64');
  });

  it('refuses a proxy that is not an address', () => {
    expect(() => createClientAddress(['proxy.test'])).toThrow('trusted proxy');
  });
});

describe('the network of a client, for the audit record', () => {
  it.each([
    ['203.0.113.77', '203.0.113.0/24'],
    ['2001:db8:7:1::/64', '2001:db8:7::/48'],
    ['unknown', 'unknown'],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
