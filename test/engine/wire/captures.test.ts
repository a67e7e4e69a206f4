import { describe, expect, test } from 'vitest';
import { decodeDatagram, encodeDatagram, IPV4_HEADER_BYTES } from '../../../src/engine/wire';
import { readCapture } from '../../support/pcap';

/** Captures of Linux, with how many segments each holds. */
const CAPTURES: readonly (readonly [string, number])[] = [
  ['handshake-plain', 3],
  ['handshake', 3],
  ['refused', 2],
  ['syn-lost', 4],
  ['close-client-first', 7],
  ['simultaneous-open', 6],
  ['simultaneous-close', 7],
  ['half-close', 13],
  ['timestamps', 10],
  ['loss-1-sack', 44],
  ['ecn', 60],
];

describe.each(CAPTURES)('the capture %s of Linux', (name, count) => {
  const capture = readCapture(name);

  test('every segment is read with right checksums', () => {
    expect(capture).toHaveLength(count);
    for (const { bytes } of capture) expect(decodeDatagram(bytes)).toMatchObject({ ok: true, optionsWellFormed: true });
  });

  test('every segment is written again octet by octet', () => {
    for (const { bytes } of capture) {
      const decoded = decodeDatagram(bytes);
      if (!decoded.ok) throw new Error(decoded.error);
      expect(encodeDatagram(decoded.segment).subarray(IPV4_HEADER_BYTES)).toEqual(bytes.subarray(IPV4_HEADER_BYTES));
    }
  });

  test('a segment of which any octet is changed is refused', () => {
    const [first] = capture;
    if (first === undefined) throw new Error('an empty capture');
    for (let at = 0; at < first.bytes.length; at++) {
      const damaged = first.bytes.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      expect(decodeDatagram(damaged).ok, `octet ${at}`).toBe(false);
    }
  });
});

test('the SYN of a plain handshake means what tcpdump says', () => {
  const [syn] = readCapture('handshake-plain');
  if (syn === undefined) throw new Error('an empty capture');
  const decoded = decodeDatagram(syn.bytes);
  expect(decoded).toMatchObject({
    ok: true,
    segment: {
      source: { address: '10.0.0.1', port: 40000 },
      destination: { address: '10.0.0.2', port: 8080 },
      seq: 0x1aeb341c,
      ack: 0,
      flags: 0x02,
      wnd: 64240,
      options: { mss: 1460 },
    },
  });
});
