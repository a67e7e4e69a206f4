import { describe, expect, test } from 'vitest';
import { decodeDatagram, decodeOptions, formatAddress, internetChecksum, parseAddress } from '../../../src/engine/wire';

/**
 * A SYN from 10.0.0.1:4660 to 10.0.0.2:80, SEQ 1. Its words reckoned by hand (RFC 1071): the IP header sums to 0xd931 and
 * its checksum is 0x26ce; with the pseudo-header the segment's checksum is 0x795b.
 */
const SYN = '45000028 00004000 400626ce 0a000001 0a000002 12340050 00000001 00000000 50021000 795b0000';

function octets(hex: string): Uint8Array {
  const digits = hex.replaceAll(' ', '');
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

/** The datagram with one octet replaced and the IPv4 header checksum made right again. */
function with4(at: number, value: number): Uint8Array {
  const bytes = octets(SYN);
  bytes[at] = value;
  bytes[10] = 0;
  bytes[11] = 0;
  const sum = internetChecksum(bytes.subarray(0, 20));
  bytes[10] = sum >> 8;
  bytes[11] = sum & 0xff;
  return bytes;
}

/** The datagram with another data offset (in words) and the TCP checksum made right again: 0x1000 is one word. */
function withDataOffset(words: number): Uint8Array {
  const bytes = octets(SYN);
  bytes[32] = words << 4;
  const sum = (0x795b + (5 - words) * 0x1000) % 0xffff;
  bytes[36] = sum >> 8;
  bytes[37] = sum & 0xff;
  return bytes;
}

test('RFC 1071 section 3: the example sums to ddf2', () => {
  expect(internetChecksum(octets('0001f203f4f5f6f7'))).toBe(~0xddf2 & 0xffff);
  expect(internetChecksum(octets('01'))).toBe(~0x0100 & 0xffff);
});

test('a SYN with checksums made by hand is read', () => {
  expect(decodeDatagram(octets(SYN))).toMatchObject({ ok: true, segment: { seq: 1, flags: 2, wnd: 4096 } });
});

describe('datagrams that hold no segment say why', () => {
  test.each([
    ['no octets', new Uint8Array(0), 'truncated'],
    ['half a header', octets(SYN).subarray(0, 12), 'truncated'],
    ['the TCP header cut off', octets(SYN).subarray(0, 30), 'truncated'],
    ['half an IPv6 header', octets('600000000014'), 'truncated'],
    ['a total length inside the TCP header', with4(3, 30), 'truncated'],
    ['version 5', with4(0, 0x55), 'ip-version'],
    ['a header of 4 words', with4(0, 0x44), 'truncated'],
    ['a flipped bit in the IP header', octets(SYN.replace('0a000002', '0a000003')), 'ip-checksum'],
    ['a first fragment', with4(6, 0x20), 'fragment'],
    ['a later fragment', with4(7, 1), 'fragment'],
    ['UDP', with4(9, 17), 'not-tcp'],
    ['a wrong TCP checksum', octets(SYN.replace('795b', '795a')), 'checksum'],
    ['a data offset of 4 words', withDataOffset(4), 'data-offset'],
    ['a data offset beyond the end', withDataOffset(6), 'truncated'],
  ])('%s', (_name, bytes, error) => {
    expect(decodeDatagram(bytes)).toEqual({ ok: false, error });
  });
});

describe('options', () => {
  test.each([
    ['none', '', {}, true],
    ['END stops', '00 02040100', {}, true],
    ['NOPs are passed over', '0101 0204 05b4', { mss: 1460 }, true],
    ['an unknown kind is passed over by its length', 'fe06 f9890102 020405b4', { mss: 1460 }, true],
    ['a known kind of a wrong length is passed over', '0203 05 030307', { wscale: 7 }, true],
    ['a shift above 14 is 14', '0303 ff', { wscale: 14 }, true],
    ['SACK blocks', '050a 00000001 00000003', { sack: [[1, 3]] }, true],
    ['SACK with half a block is passed over', '0506 00000001', {}, true],
    ['length 0', '020405b4 0300', { mss: 1460 }, false],
    ['length 1', '0301', {}, false],
    ['a length beyond the end', '080a 0000', {}, false],
    ['no length at all', '02', {}, false],
  ])('%s', (_name, hex, options, wellFormed) => {
    expect(decodeOptions(octets(hex))).toEqual({ options, wellFormed });
  });
});

describe('addresses', () => {
  test.each([
    ['10.0.0.1', '10.0.0.1'],
    ['2001:0db8:0:0:0:0:0:1', '2001:db8::1'],
    ['::', '::'],
    ['::1', '::1'],
    ['fe80::', 'fe80::'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
  ])('%s is written %s', (text, canonical) => {
    const bytes = parseAddress(text);
    if (bytes === null) throw new Error(`${text} was refused`);
    expect(formatAddress(bytes)).toBe(canonical);
  });

  test.each([
    '',
    '10.0.0',
    '10.0.0.256',
    '10.0.0.1.2',
    'client',
    ':',
    ':::',
    '1::2::3',
    '1:2:3',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    '1.2.3.4::',
    '::1:2:3:4:5:6:7:8',
  ])('%j is none', (text) => {
    expect(parseAddress(text)).toBeNull();
  });
});
