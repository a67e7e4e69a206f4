import { describe, expect, it } from 'vitest';
import type { HostConfig } from '../../../src/engine/config';
import type { SegmentOptions } from '../../../src/engine/segment';
import { seqDiff } from '../../../src/engine/seq';
import type { Bench } from './harness';
import {
  arrive,
  bench,
  connect,
  expire,
  inState,
  listen,
  pass,
  receivedBytes,
  rulesOf,
  send,
  sendOne,
  sent,
} from './harness';

const ALL: Partial<HostConfig> = { windowScale: 7, timestamps: true, sack: true };
const PEER_ALL: SegmentOptions = { mss: 1460, wscale: 3, sackOK: true, ts: [100, 1] };

/** An ESTABLISHED connection on which both sides offered everything. */
function established(overrides: Partial<HostConfig> = {}): Bench {
  const b = bench({ ...ALL, ...overrides });
  connect(b);
  sent(b);
  arrive(b, 'SYN-ACK', { seq: 0, ack: 1, wnd: 1000, options: PEER_ALL });
  sent(b);
  b.events.length = 0;
  return b;
}

/** The SACK blocks of the next segment, relative to the peer's ISN. */
function blocks(b: Bench): [number, number][] {
  const sack = sendOne(b)?.segment.options.sack ?? [];
  return sack.map(([left, right]) => [seqDiff(left, b.peerIss), seqDiff(right, b.peerIss)]);
}

describe('options of the SYNs (RFC 7323 section 1.3, RFC 2018 section 2)', () => {
  it('are only the MSS as long as the host asks for no more', () => {
    const b = bench();
    connect(b);
    expect(sendOne(b)?.segment.options).toEqual({ mss: 1460 });
  });

  it('all go along in a SYN that asks for them', () => {
    const b = bench(ALL);
    connect(b);
    expect(sendOne(b)?.segment.options).toEqual({ mss: 1460, wscale: 7, sackOK: true, ts: [1, 0] });
  });

  it.each<[string, SegmentOptions, SegmentOptions]>([
    ['everything', PEER_ALL, { mss: 1460, wscale: 7, sackOK: true, ts: [1, 100] }],
    ['nothing', { mss: 1460 }, { mss: 1460 }],
    ['timestamps', { mss: 1460, ts: [100, 0] }, { mss: 1460, ts: [1, 100] }],
    ['SACK-permitted', { mss: 1460, sackOK: true }, { mss: 1460, sackOK: true }],
    ['a window scale', { mss: 1460, wscale: 0 }, { mss: 1460, wscale: 7 }],
  ])('a SYN-ACK answers %s with as much', (_name, offered, answered) => {
    const b = bench(ALL);
    listen(b);
    arrive(b, 'SYN', { seq: 0, options: offered });
    expect(sendOne(b)?.segment.options).toEqual(answered);
  });

  it('a host that has them off answers none', () => {
    const b = bench();
    listen(b);
    arrive(b, 'SYN', { seq: 0, options: PEER_ALL });
    expect(sendOne(b)?.segment.options).toEqual({ mss: 1460 });
  });
});

describe('window scaling (RFC 7323 section 2)', () => {
  it('shifts the windows that arrive, but not those of SYNs', () => {
    const b = established();
    expect(b.tcb.snd.wnd).toBe(1000);
    arrive(b, 'ACK', { wnd: 1000, options: { ts: [101, 1] } });
    expect(b.tcb.snd.wnd).toBe(8000);
  });

  it('shifts the windows that leave, but not those of SYNs', () => {
    const b = bench({ ...ALL, rcvbufBytes: 1 << 20 });
    connect(b);
    expect(sendOne(b)?.segment.wnd).toBe(65_535);
    arrive(b, 'SYN-ACK', { seq: 0, ack: 1, options: PEER_ALL });
    sent(b);
    arrive(b, 'ACK', { len: 100, options: { ts: [101, 1] } });
    expect(sendOne(b)?.segment.wnd).toBe((1 << 20) >> 7);
  });
});

describe('timestamps (RFC 7323 sections 3 to 5)', () => {
  it('are on every segment, echo TS.Recent, and make room in full segments', () => {
    const b = established();
    pass(b, 5000);
    arrive(b, 'ACK', { len: 10, wnd: 8000, options: { ts: [140, 1] } });
    send(b, 3000);
    const first = sendOne(b);
    expect(first?.segment.options).toEqual({ ts: [6, 140] });
    expect(first?.text).toBe('ACK seq 1 ack 11 len 1448');
  });

  it('PAWS drops an old duplicate and acknowledges (R1)', () => {
    const b = established();
    arrive(b, 'ACK', { len: 10, options: { ts: [140, 1] } });
    sent(b);
    arrive(b, 'ACK', { seq: 11, len: 10, options: { ts: [139, 1] } });
    expect(rulesOf(b, 'segment-discarded')).toEqual(['timestamp-old']);
    expect(sent(b)).toEqual(['ACK seq 1 ack 11']);
    expect(receivedBytes(b)).toBe(10);
  });

  it('TS.Recent keeps still for a segment beyond Last.ACK.sent', () => {
    const b = established();
    arrive(b, 'ACK', { seq: 101, len: 10, options: { ts: [150, 1] } });
    expect(b.tcb.options.tsRecent).toBe(100);
  });

  it('a segment without them is dropped, or taken where the host is lenient', () => {
    const strict = established();
    arrive(strict, 'ACK', { len: 10 });
    expect(rulesOf(strict, 'segment-discarded')).toEqual(['timestamp-missing']);
    const lenient = established({ timestampsRequired: false });
    arrive(lenient, 'ACK', { len: 10 });
    expect(receivedBytes(lenient)).toBe(10);
  });

  it('time a segment that was sent twice (RTTM)', () => {
    const b = established();
    send(b, 10);
    sent(b);
    expire(b);
    const again = sendOne(b);
    pass(b, 7000);
    arrive(b, 'ACK', { ack: 11, options: { ts: [101, again?.segment.options.ts?.[0] ?? 0] } });
    // The handshake took no time at all: SRTT = 7/8 * 0 + 1/8 * 7 ms.
    expect(b.tcb.rto.srttUs).toBe(875);
  });
});

describe('SACK blocks (RFC 2018 section 4, RFC 2883 section 4)', () => {
  const data = (b: Bench, seq: number, len: number): void => arrive(b, 'ACK', { seq, len, options: { ts: [101, 1] } });

  it('report the block that holds the latest segment first, three beside timestamps', () => {
    const b = established();
    data(b, 101, 10);
    expect(blocks(b)).toEqual([[101, 111]]);
    data(b, 201, 10);
    expect(blocks(b)).toEqual([
      [201, 211],
      [101, 111],
    ]);
    data(b, 111, 10);
    expect(blocks(b)).toEqual([
      [101, 121],
      [201, 211],
    ]);
    data(b, 301, 10);
    data(b, 401, 10);
    expect(blocks(b)).toEqual([
      [401, 411],
      [301, 311],
      [101, 121],
    ]);
  });

  it('go away as the gap is filled', () => {
    const b = established();
    data(b, 11, 10);
    data(b, 31, 10);
    sent(b);
    data(b, 1, 10);
    expect(blocks(b)).toEqual([[31, 41]]);
    data(b, 21, 10);
    expect(blocks(b)).toEqual([]);
  });

  it('report what came twice, once: below RCV.NXT and above', () => {
    const b = established();
    data(b, 1, 10);
    sent(b);
    data(b, 1, 10);
    expect(blocks(b)).toEqual([[1, 11]]);
    data(b, 21, 10);
    sent(b);
    data(b, 21, 10);
    expect(blocks(b)).toEqual([
      [21, 31],
      [21, 31],
    ]);
    data(b, 6, 10);
    expect(blocks(b)).toEqual([
      [6, 11],
      [21, 31],
    ]);
  });

  it('are not sent where they were not agreed on', () => {
    const b = inState('ESTABLISHED', { sack: true });
    arrive(b, 'ACK', { seq: 101, len: 10 });
    expect(blocks(b)).toEqual([]);
  });
});
