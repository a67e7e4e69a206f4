import { describe, expect, it } from 'vitest';
import type { HostConfig } from '../../../src/engine/config';
import { seqAdd } from '../../../src/engine/seq';
import { entryAt, outstandingSegments } from '../../../src/engine/tcp/retransmissionQueue';
import {
  arrive,
  type Bench,
  bench,
  close,
  connect,
  expire,
  inState,
  pass,
  rulesOf,
  send,
  sendOne,
  sent,
} from './harness';

const MSS = 1000;

/** ESTABLISHED with SACK, a round trip of 20 ms measured, and so many full segments on their way; the last may be short. */
function flight(segments: number, overrides: Partial<HostConfig> = {}, lastBytes = MSS): Bench {
  const b = bench({ sack: true, mssBytes: MSS, ...overrides });
  connect(b);
  sent(b);
  pass(b, 20_000);
  arrive(b, 'SYN-ACK', { seq: 0, ack: 1, options: { mss: MSS, sackOK: true } });
  sent(b);
  b.tcb.congestion.cwndBytes = segments * MSS;
  send(b, (segments - 1) * MSS + lastBytes);
  sent(b);
  b.events.length = 0;
  return b;
}

/** An ACK of `ack` full segments, with SACK blocks counted in full segments. */
function sack(b: Bench, ack: number, ...blocks: [number, number][]): void {
  const at = (segment: number) => seqAdd(b.iss, 1 + segment * MSS);
  arrive(b, 'ACK', {
    ack: 1 + ack * MSS,
    options: { sack: blocks.map(([left, right]) => [at(left), at(right)] as const) },
  });
}

/** The segments on their way that are taken to be lost, counted from the oldest. */
function lost(b: Bench): number[] {
  const queue = b.tcb.retransmissionQueue;
  return Array.from({ length: outstandingSegments(queue) }, (_, index) => index).filter(
    (index) => entryAt(queue, index)?.lost === true,
  );
}

describe('IsLost() (RFC 6675 section 4)', () => {
  it.each<[string, [number, number][], number[]]>([
    ['one segment above says nothing', [[1, 2]], []],
    ['two full segments above are no more than DupThresh - 1 of them', [[1, 3]], []],
    ['three segments above', [[1, 4]], [0]],
    [
      'three in all, with holes between',
      [
        [7, 8],
        [5, 6],
        [3, 4],
      ],
      [0, 1, 2],
    ],
    [
      'what is between counts only those above itself',
      [
        [6, 8],
        [1, 2],
      ],
      [0],
    ],
    [
      'the highest hole has only one above it',
      [
        [7, 8],
        [2, 5],
      ],
      [0, 1],
    ],
  ])('%s', (_name, blocks, expected) => {
    const b = flight(8);
    sack(b, 0, ...blocks);
    expect(lost(b)).toEqual(expected);
    expect(rulesOf(b, 'note').includes('sack-loss')).toBe(expected.length > 0);
  });

  it('by octets: more than two full segments above, though they are two pieces', () => {
    const b = flight(4, {}, 1);
    sack(b, 0, [2, 3]);
    expect(lost(b)).toEqual([]);
    arrive(b, 'ACK', { ack: 1, options: { sack: [[seqAdd(b.iss, 1 + 1 * MSS), seqAdd(b.iss, 1 + 3 * MSS)]] } });
    expect(lost(b)).toEqual([]);
    arrive(b, 'ACK', { ack: 1, options: { sack: [[seqAdd(b.iss, 1 + 1 * MSS), seqAdd(b.iss, 2 + 3 * MSS)]] } });
    expect(lost(b)).toEqual([0]);
  });

  it.each([
    [2, [[1, 3]], [0]],
    [4, [[1, 4]], []],
    [4, [[1, 5]], [0]],
  ] as [number, [number, number][], number[]][])('a threshold of %i', (dupThresh, blocks, expected) => {
    const b = flight(8, { dupThresh });
    sack(b, 0, ...blocks);
    expect(lost(b)).toEqual(expected);
  });

  it('is noted once: a segment that is known to be lost is no news', () => {
    const b = flight(8);
    sack(b, 0, [1, 4]);
    b.events.length = 0;
    sack(b, 0, [1, 5]);
    expect(rulesOf(b, 'note')).not.toContain('sack-loss');
  });
});

describe('the reordering timer (RFC 8985 section 6.3)', () => {
  /** Two segments have overtaken the first, which gets a little time because reordering was seen before. */
  function overtaken(): Bench {
    const b = flight(6, { rack: true });
    b.tcb.recovery.reordering = true;
    pass(b, 20_000);
    sack(b, 0, [1, 3]);
    return b;
  }

  it('runs while a segment that was overtaken may still come', () => {
    const b = overtaken();
    expect(lost(b)).toEqual([]);
    expect(b.tcb.timers.reordering).toBeGreaterThan(b.ctx.nowUs);
    expect(rulesOf(b, 'timer-started')).toContain('reordering-wait');
  });

  it('takes it to be lost when the time is over, and recovery begins', () => {
    const b = overtaken();
    const { reordering } = b.tcb.timers;
    const cwndBytes = b.tcb.congestion.cwndBytes;
    expect(expire(b)).toMatch(/^reordering/);
    expect(b.ctx.nowUs).toBe(reordering);
    expect(lost(b)).toEqual([0]);
    expect(b.tcb.recovery.phase).toBe('recovery');
    expect(rulesOf(b, 'note')).toContain('rack-recovery-begins');
    expect(b.tcb.congestion.ssthreshBytes).toBeLessThan(cwndBytes);
    expect(sent(b)[0]).toBe(`ACK seq 1 ack 1 len ${MSS}`);
  });

  it('stops when the segment comes after all', () => {
    const b = overtaken();
    arrive(b, 'ACK', { ack: 1 + 3 * MSS });
    expect(b.tcb.timers.reordering).toBe(Number.POSITIVE_INFINITY);
    expect(b.tcb.recovery.phase).toBe('open');
  });

  it('does not begin a second recovery', () => {
    const b = overtaken();
    expire(b);
    sent(b);
    const { ssthreshBytes } = b.tcb.congestion;
    b.tcb.timers.reordering = b.ctx.nowUs + 1;
    b.events.length = 0;
    expire(b);
    expect(rulesOf(b, 'note')).not.toContain('rack-recovery-begins');
    expect(b.tcb.congestion.ssthreshBytes).toBe(ssthreshBytes);
  });
});

describe('replies', () => {
  it('a segment that asks without data carries RCV.NXT and the window, scaled as agreed', () => {
    const b = bench({ windowScale: 3, rcvbufBytes: 40_000, keepAliveUs: 5_000_000 });
    connect(b);
    sent(b);
    arrive(b, 'SYN-ACK', { seq: 0, ack: 1, options: { mss: MSS, wscale: 2 } });
    sent(b);
    expect(expire(b)).toMatch(/^keep-alive/);
    const asked = sendOne(b);
    expect(asked?.text).toBe('ACK seq 0 ack 1');
    expect(asked?.segment.wnd).toBe(40_000 >> 3);
    expect(asked?.rule).toBe('keep-alive-timeout');
    expect(asked?.retransmission).toBe(false);
  });

  it('no answer goes to nobody: a listening side has no remote socket to ask', () => {
    const b = inState('LISTEN');
    close(b);
    expect(sent(b)).toEqual([]);
  });
});
