import { describe, expect, test } from 'vitest';
import type { Octets } from '../../src/engine/octets';
import {
  NO_OCTETS,
  octetsConcat,
  octetsEqual,
  octetsFromText,
  octetsOfPattern,
  octetsSlice,
  octetsToBytes,
} from '../../src/engine/octets';
import type { SegmentPattern } from '../../src/engine/pattern';
import { matchesPattern } from '../../src/engine/pattern';
import type { FlagName, Segment } from '../../src/engine/segment';
import { FLAG, NO_OPTIONS } from '../../src/engine/segment';
import { seq } from '../../src/engine/seq';

const BASE = { senderIss: seq(2 ** 32 - 1), receiverIss: seq(5000) };

function bits(names: string): number {
  return names === '' ? 0 : names.split('-').reduce((flags, name) => flags | FLAG[name as FlagName], 0);
}

function segment(names: string, payload: Octets = NO_OCTETS, more: Partial<Segment> = {}): Segment {
  return {
    source: { address: '10.0.0.1', port: 1 },
    destination: { address: '10.0.0.2', port: 2 },
    seq: seq(0),
    ack: seq(5001),
    flags: bits(names),
    wnd: 1000,
    up: 0,
    options: NO_OPTIONS,
    payload,
    ecn: 0,
    ...more,
  };
}

function pattern(more: Partial<SegmentPattern>): SegmentPattern {
  const open = { lengthBytes: null, text: null, seq: null, ack: null, wnd: null, up: null, options: null } as const;
  return { kind: 'flags', flags: 0, ...open, ...more };
}

describe('flags, as a textbook writes them', () => {
  test.each([
    ['SYN', 'SYN', true],
    ['SYN', 'SYN-ACK', false],
    ['SYN', 'SYN-ECE-CWR', true],
    ['SYN-ACK', 'SYN-ACK', true],
    ['SYN-ACK', 'SYN', false],
    ['SYN-ACK', 'ACK', false],
    ['FIN', 'FIN', true],
    ['FIN', 'FIN-ACK', true],
    ['FIN', 'FIN-PSH-ACK', true],
    ['FIN', 'ACK', false],
    ['FIN', 'SYN-FIN', false],
    ['FIN-ACK', 'FIN-ACK', true],
    ['FIN-ACK', 'FIN', false],
    ['RST', 'RST', true],
    ['RST', 'RST-ACK', true],
    ['RST-ACK', 'RST', false],
    ['ACK', 'ACK', true],
    ['ACK', 'ACK-ECE', true],
    ['ACK', 'SYN-ACK', false],
    ['ACK', 'FIN-ACK', false],
    ['PSH', 'PSH-ACK', true],
    ['PSH', 'ACK', false],
    ['ACK-ECE', 'ACK', false],
  ])('%s for %s: %s', (named, flags, matches) => {
    expect(matchesPattern(pattern({ flags: bits(named) }), segment(flags), BASE)).toBe(matches);
  });

  test('ACK is a bare acknowledgment, unless a length is given', () => {
    const data = segment('PSH-ACK', octetsOfPattern(0, 10));
    expect(matchesPattern(pattern({ flags: FLAG.ACK }), data, BASE)).toBe(false);
    expect(matchesPattern(pattern({ flags: FLAG.ACK, lengthBytes: 10 }), data, BASE)).toBe(true);
    expect(matchesPattern(pattern({ flags: FLAG.ACK | FLAG.PSH }), data, BASE)).toBe(true);
    expect(matchesPattern(pattern({ flags: FLAG.FIN }), segment('FIN-ACK', octetsOfPattern(0, 10)), BASE)).toBe(true);
  });
});

describe('classes and fields', () => {
  const data = segment('ACK', octetsFromText('GET /'), { seq: seq(0), up: 3, options: { mss: 1460, ts: [7, 8] } });

  test.each<[string, Partial<SegmentPattern>, boolean]>([
    ['any', { kind: 'any' }, true],
    ['data', { kind: 'data' }, true],
    ['5 bytes', { kind: 'data', lengthBytes: 5 }, true],
    ['6 bytes', { kind: 'data', lengthBytes: 6 }, false],
    ['its text', { kind: 'data', text: 'GET /' }, true],
    ['another text of its length', { kind: 'data', text: 'PUT /' }, false],
    ['absolute seq', { kind: 'data', seq: { kind: 'absolute', value: seq(0) } }, true],
    ['seq +1, across the wrap', { kind: 'data', seq: { kind: 'relative', offset: 1 } }, true],
    ['seq +2', { kind: 'data', seq: { kind: 'relative', offset: 2 } }, false],
    ['ack +1 of the receiver', { kind: 'data', ack: { kind: 'relative', offset: 1 } }, true],
    ['another ack', { kind: 'data', ack: { kind: 'absolute', value: seq(1) } }, false],
    ['win', { kind: 'data', wnd: 1000 }, true],
    ['another win', { kind: 'data', wnd: 999 }, false],
    ['up', { kind: 'data', up: 3 }, true],
    ['another up', { kind: 'data', up: 0 }, false],
    ['some of its options', { kind: 'data', options: { mss: 1460 } }, true],
    ['all of its options', { kind: 'data', options: { mss: 1460, ts: [7, 8], sackOK: false } }, true],
    ['another mss', { kind: 'data', options: { mss: 536 } }, false],
    ['other timestamps', { kind: 'data', options: { ts: [7, 9] } }, false],
    ['an option that it has not', { kind: 'data', options: { wscale: 0 } }, false],
    ['an absent SACK-permitted', { kind: 'data', options: { sackOK: true } }, false],
  ])('%s', (_name, fields, matches) => {
    expect(matchesPattern(pattern(fields), data, BASE)).toBe(matches);
  });

  test('a segment without payload is no data, and one without ACK has no ack', () => {
    expect(matchesPattern(pattern({ kind: 'data' }), segment('ACK'), BASE)).toBe(false);
    const zeroAck = { kind: 'absolute', value: seq(0) } as const;
    expect(
      matchesPattern(pattern({ flags: FLAG.RST, ack: zeroAck }), segment('RST', NO_OCTETS, { ack: seq(0) }), BASE),
    ).toBe(false);
  });
});

describe('octets', () => {
  test('text is UTF-8', () => {
    const text = 'aé€😀\ud800';
    expect(octetsToBytes(octetsFromText(text))).toEqual(new Uint8Array(Buffer.from(text)));
  });

  test('are equal however they are held', () => {
    const stretch = octetsOfPattern(300, 600);
    expect(octetsEqual(stretch, { kind: 'bytes', bytes: octetsToBytes(stretch) })).toBe(true);
    expect(octetsEqual(stretch, octetsOfPattern(300 + 251, 600))).toBe(true);
    expect(octetsEqual(stretch, octetsOfPattern(301, 600))).toBe(false);
    expect(octetsEqual(stretch, octetsOfPattern(300, 599))).toBe(false);
  });

  test('parts put together again are the whole', () => {
    const whole = octetsOfPattern(0, 500);
    const parts = [octetsSlice(whole, 0, 100), octetsSlice(whole, 100, 100), octetsSlice(whole, 100, 500)];
    expect(octetsConcat(parts)).toEqual(whole);
    const mixed = octetsConcat([octetsFromText('ab'), octetsSlice(whole, 1, 3)]);
    expect([...octetsToBytes(mixed)]).toEqual([97, 98, 1, 2]);
  });
});
