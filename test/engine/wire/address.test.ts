import { describe, expect, it } from 'vitest';
import { isHostAddress, isLoopbackAddress } from '../../../src/engine/wire';

describe('an address that one host can have', () => {
  it.each(['10.0.0.1', '192.0.2.255', '1.0.0.0', '223.255.255.255', '240.0.0.1', '127.0.0.1'])('%s', (address) => {
    expect(isHostAddress(address)).toBe(true);
  });

  it.each(['2001:db8::1', '::1', 'fe80::1', '::ffff:10.0.0.1'])('%s', (address) => {
    expect(isHostAddress(address)).toBe(true);
  });
});

describe('an address that no single host can have', () => {
  it.each([
    ['unspecified', '0.0.0.0'],
    ['of "this network"', '0.1.2.3'],
    ['the first multicast address', '224.0.0.0'],
    ['the last multicast address', '239.255.255.255'],
    ['broadcast', '255.255.255.255'],
    ['unspecified, IPv6', '::'],
    ['multicast, IPv6', 'ff02::1'],
    ['no address', 'somewhere'],
  ])('%s: %s', (_what, address) => {
    expect(isHostAddress(address)).toBe(false);
  });
});

describe('an address that means the host itself (RFC 1122 section 3.2.1.3 (g))', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.255.255.254', true],
    ['::1', true],
    ['128.0.0.1', false],
    ['10.0.0.1', false],
    ['::', false],
    ['::2', false],
    ['1::1', false],
    ['somewhere', false],
  ])('%s: %s', (address, expected) => {
    expect(isLoopbackAddress(address)).toBe(expected);
  });
});
