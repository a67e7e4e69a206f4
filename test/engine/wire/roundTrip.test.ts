import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { octetsFromText, octetsOfPattern, octetsToBytes } from '../../../src/engine/octets';
import type { Segment, SegmentOptions } from '../../../src/engine/segment';
import { seq } from '../../../src/engine/seq';
import {
  datagramBytes,
  decodeDatagram,
  encodeDatagram,
  formatAddress,
  MAX_OPTION_BYTES,
  optionsLengthBytes,
  parseAddress,
  tcpLengthBytes,
} from '../../../src/engine/wire';

const uint16 = fc.integer({ min: 0, max: 0xffff });
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });

const options: fc.Arbitrary<SegmentOptions> = fc
  .record(
    {
      mss: uint16,
      wscale: fc.integer({ min: 0, max: 14 }),
      sackOK: fc.constant(true as const),
      ts: fc.tuple(uint32, uint32),
      sack: fc.array(fc.tuple(uint32.map(seq), uint32.map(seq)), { minLength: 1, maxLength: 4 }),
    },
    { requiredKeys: [] },
  )
  .filter((made) => optionsLengthBytes(made) <= MAX_OPTION_BYTES);

const ipv4 = fc.uint8Array({ minLength: 4, maxLength: 4 }).map(formatAddress);
const ipv6 = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(formatAddress);

function segments(address: fc.Arbitrary<string>): fc.Arbitrary<Segment> {
  return fc.record({
    source: fc.record({ address, port: uint16 }),
    destination: fc.record({ address, port: uint16 }),
    seq: uint32.map(seq),
    ack: uint32.map(seq),
    flags: fc.integer({ min: 0, max: 0xff }),
    wnd: uint16,
    up: uint16,
    options,
    payload: fc.oneof(
      fc.tuple(fc.nat(100_000), fc.nat(1500)).map(([start, length]) => octetsOfPattern(start, length)),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => ({ kind: 'bytes' as const, bytes })),
    ),
    ecn: fc.integer({ min: 0, max: 3 }),
  });
}

describe.each([
  ['IPv4', segments(ipv4)],
  ['IPv6', segments(ipv6)],
] as const)('over %s', (_version, arbitrary) => {
  test('what is written is read again', () => {
    fc.assert(
      fc.property(arbitrary, (segment) => {
        const bytes = encodeDatagram(segment);
        expect(bytes).toHaveLength(datagramBytes(segment));
        const payload = { kind: 'bytes', bytes: new Uint8Array(octetsToBytes(segment.payload)) };
        const decoded = decodeDatagram(bytes);
        expect(decoded).toEqual({ ok: true, segment: { ...segment, payload }, optionsWellFormed: true });
      }),
      { seed: 9293, numRuns: 150 },
    );
  });

  test('one flipped bit of the TCP segment is always noticed by its checksum', () => {
    fc.assert(
      fc.property(arbitrary, fc.nat(), (segment, choice) => {
        const bytes = encodeDatagram(segment);
        const tcpBytes = tcpLengthBytes(segment);
        const bit = choice % (tcpBytes * 8);
        const at = bytes.length - tcpBytes + (bit >> 3);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
        expect(decodeDatagram(bytes)).toEqual({ ok: false, error: 'checksum' });
      }),
      { seed: 9293, numRuns: 150 },
    );
  });
});

test('any octets whatsoever are answered by a value', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.constantFrom(0x45, 0x60, 0x4f, 0x00), (bytes, first) => {
      if (bytes.length > 0) bytes[0] = first;
      expect(typeof decodeDatagram(bytes).ok).toBe('boolean');
    }),
    { seed: 9293, numRuns: 500 },
  );
});

test('any IPv6 address is read back from its text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      expect(parseAddress(formatAddress(bytes))).toEqual(bytes);
    }),
    { seed: 9293 },
  );
});

test('what can not be written is a bug, which throws', () => {
  const segment: Segment = {
    source: { address: '10.0.0.1', port: 1 },
    destination: { address: '10.0.0.2', port: 2 },
    seq: seq(0),
    ack: seq(0),
    flags: 0,
    wnd: 0,
    up: 0,
    options: {},
    payload: octetsFromText('x'),
    ecn: 0,
  };
  expect(() => encodeDatagram({ ...segment, destination: { address: '::1', port: 2 } })).toThrow(/no datagram can go/);
  expect(() => encodeDatagram({ ...segment, payload: octetsOfPattern(0, 65_500) })).toThrow(/too large for IPv4/);
  const sack = new Array<readonly [ReturnType<typeof seq>, ReturnType<typeof seq>]>(5).fill([seq(1), seq(2)]);
  expect(() => encodeDatagram({ ...segment, options: { sack } })).toThrow(/do not fit/);
});
