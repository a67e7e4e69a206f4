import { describe, expect, it } from 'vitest';
import type { HostConfig } from '../../../src/engine/config';
import { seqAdd } from '../../../src/engine/seq';
import { freshCongestion } from '../../../src/engine/tcp/congestion';
import { CUBIC } from '../../../src/engine/tcp/congestion/cubic';
import type { Bench } from './harness';
import {
  arrive,
  bench,
  connect,
  expire,
  ISNS,
  inState,
  pass,
  rulesOf,
  send,
  sendOne,
  sent,
  sentWithRules,
} from './harness';

const MSS = 1460;

/** ESTABLISHED with a round trip of 100 ms measured, and `segments` full segments on their way out of `segments + more`. */
function inFlight(segments: number, overrides: Partial<HostConfig> = {}, more = 0, iss = 1000, peerIss = 5000): Bench {
  const b = inState('ESTABLISHED', overrides, iss, peerIss);
  b.tcb.congestion.cwndBytes = segments * MSS;
  send(b, (segments + more) * MSS);
  sent(b);
  b.events.length = 0;
  return b;
}

/** ESTABLISHED where both sides permit SACK. */
function sackInFlight(segments: number, overrides: Partial<HostConfig> = {}, more = 0): Bench {
  const b = bench({ sack: true, ...overrides });
  connect(b);
  sent(b);
  pass(b, 20_000);
  arrive(b, 'SYN-ACK', { seq: 0, ack: 1, options: { mss: MSS, sackOK: true } });
  sent(b);
  b.tcb.congestion.cwndBytes = segments * MSS;
  send(b, (segments + more) * MSS);
  sent(b);
  b.events.length = 0;
  return b;
}

/** An ACK with SACK blocks, all counted in full segments. */
function sack(b: Bench, ack: number, ...blocks: [number, number][]): void {
  const at = (segment: number) => seqAdd(b.iss, 1 + segment * MSS);
  const options = { sack: blocks.map(([left, right]) => [at(left), at(right)] as const) };
  arrive(b, 'ACK', { ack: 1 + ack * MSS, options });
}

const cwnd = (b: Bench): number => b.tcb.congestion.cwndBytes / MSS;
const ssthresh = (b: Bench): number => b.tcb.congestion.ssthreshBytes / MSS;
const segment = (index: number): string => `ACK seq ${1 + index * MSS} ack 1 len ${MSS}`;

describe('the congestion window (RFC 5681 section 3.1, RFC 6928)', () => {
  it('begins with ten segments', () => {
    const b = inState('ESTABLISHED');
    send(b, 20 * MSS);
    expect(sent(b)).toHaveLength(10);
  });

  it.each([
    [1460, 3],
    [1000, 4],
    [2200, 2],
  ])('or with the window of RFC 5681: MSS %i gives %i segments', (mssBytes, segments) => {
    const b = bench({ initialWindowSegments: null, mssBytes });
    connect(b);
    sent(b);
    arrive(b, 'SYN-ACK', { seq: 0, ack: 1, options: { mss: mssBytes } });
    expect(b.tcb.congestion.cwndBytes).toBe(segments * mssBytes);
  });

  it('begins with one segment after a SYN was lost', () => {
    const b = inState('SYN-SENT');
    expire(b);
    sent(b);
    arrive(b, 'SYN-ACK', { seq: 0, ack: 1, options: { mss: MSS } });
    expect(cwnd(b)).toBe(1);
  });

  it('slow start: one segment more for each ACK, so that two leave', () => {
    const b = inFlight(4, {}, 10);
    arrive(b, 'ACK', { ack: 1 + MSS });
    expect(cwnd(b)).toBe(5);
    expect(sent(b)).toEqual([segment(4), segment(5)]);
  });

  it('congestion avoidance: one segment more for each window', () => {
    const b = inFlight(4, {}, 20);
    b.tcb.congestion.ssthreshBytes = 4 * MSS;
    for (let i = 1; i <= 4; i++) arrive(b, 'ACK', { ack: 1 + i * MSS });
    expect(cwnd(b)).toBe(5);
  });

  it('does not grow while the application leaves it unused', () => {
    const b = inState('ESTABLISHED');
    send(b, 100);
    sent(b);
    arrive(b, 'ACK', { ack: 101 });
    expect(cwnd(b)).toBe(10);
  });

  it('starts again after an idle time of one RTO (section 4.1)', () => {
    const b = inFlight(20);
    arrive(b, 'ACK', { ack: 1 + 20 * MSS });
    pass(b, 2_000_000);
    send(b, 30 * MSS);
    expect(sent(b)).toHaveLength(10);
    expect(rulesOf(b, 'note')).toContain('idle-restart');
  });

  it('is not there when it is off', () => {
    const b = inState('ESTABLISHED', { congestionControl: 'off' });
    send(b, 40 * MSS);
    expect(sent(b)).toHaveLength(40);
  });
});

describe.each(ISNS)('fast retransmit and NewReno (RFC 5681 section 3.2, RFC 6582), %s', (_name, iss, peerIss) => {
  const start = (segments: number, more = 0): Bench => inFlight(segments, {}, more, iss, peerIss);
  const duplicates = (b: Bench, count: number): void => {
    for (let i = 0; i < count; i++) arrive(b, 'ACK', { ack: 1 });
  };

  it('two duplicate ACKs let new data out (RFC 3042), the third sends the oldest segment again', () => {
    const b = start(8, 10);
    duplicates(b, 1);
    expect(sent(b)).toEqual([segment(8)]);
    duplicates(b, 1);
    expect(sent(b)).toEqual([segment(9)]);
    duplicates(b, 1);
    expect(sentWithRules(b)).toEqual([`${segment(0)} (fast-retransmit)`]);
    // The two segments that limited transmit let out do not count.
    expect([ssthresh(b), cwnd(b)]).toEqual([4, 7]);
  });

  it('each further duplicate inflates cwnd; the ACK of everything deflates it', () => {
    const b = start(8, 10);
    duplicates(b, 6);
    expect(cwnd(b)).toBe(4 + 6);
    expect(sent(b)).toEqual([segment(0), segment(8), segment(9)]);
    arrive(b, 'ACK', { ack: 1 + 8 * MSS });
    expect(b.tcb.recovery.phase).toBe('open');
    expect(cwnd(b)).toBe(3);
    expect(rulesOf(b, 'note')).toContain('recovery-ends');
  });

  it('a partial ACK sends the next segment again', () => {
    const b = start(8);
    duplicates(b, 3);
    sent(b);
    arrive(b, 'ACK', { ack: 1 + 2 * MSS });
    expect(sentWithRules(b)).toEqual([`${segment(2)} (partial-ack-retransmit)`]);
    expect(b.tcb.recovery.phase).toBe('recovery');
  });

  it('only the first partial ACK restarts the retransmission timer, which leads many losses to slow start', () => {
    const b = start(8);
    const leftUs = () => b.tcb.timers.retransmission - b.ctx.nowUs;
    const partialAck = (segments: number) => {
      pass(b, 100_000);
      arrive(b, 'ACK', { ack: 1 + segments * MSS });
      sent(b);
    };
    duplicates(b, 3);
    sent(b);
    partialAck(2);
    expect(leftUs()).toBe(b.tcb.rto.rtoUs);
    partialAck(3);
    expect(leftUs()).toBe(b.tcb.rto.rtoUs - 100_000);
    partialAck(4);
    expect(leftUs()).toBe(b.tcb.rto.rtoUs - 200_000);
    // The end of recovery is no partial ACK.
    partialAck(8);
    expect(leftUs()).toBe(Number.POSITIVE_INFINITY);
    expect(b.tcb.recovery.phase).toBe('open');
  });

  it('with SACK each ACK that says something new restarts it (RFC 6298 section 5.3)', () => {
    const b = sackInFlight(8);
    sack(b, 0, [1, 2]);
    sack(b, 0, [1, 3]);
    sack(b, 0, [1, 4]);
    sent(b);
    for (const acked of [4, 5, 6]) {
      pass(b, 100_000);
      sack(b, acked, [7, 8]);
      sent(b);
      expect(b.tcb.timers.retransmission - b.ctx.nowUs).toBe(b.tcb.rto.rtoUs);
    }
  });

  it('two duplicates are not enough, and new ACKs start the count again', () => {
    const b = start(8);
    duplicates(b, 2);
    arrive(b, 'ACK', { ack: 1 + MSS });
    for (let i = 0; i < 2; i++) arrive(b, 'ACK', { ack: 1 + MSS });
    expect(sent(b)).toEqual([]);
  });
});

describe('the retransmission timer and the congestion window (RFC 5681 section 3.1)', () => {
  it('cwnd falls to one segment, ssthresh to half of what was on its way, and slow start sends the rest again', () => {
    const b = inFlight(8);
    expire(b);
    expect([cwnd(b), ssthresh(b)]).toEqual([1, 4]);
    expect(sent(b)).toEqual([segment(0)]);
    arrive(b, 'ACK', { ack: 1 + MSS });
    expect(sentWithRules(b)).toEqual([`${segment(1)} (resend-after-timeout)`, `${segment(2)} (resend-after-timeout)`]);
  });

  it('a second timeout of the same segment leaves ssthresh alone', () => {
    const b = inFlight(8);
    expire(b);
    sent(b);
    expire(b);
    expect(ssthresh(b)).toBe(4);
  });

  it('what arrived after all is not sent again', () => {
    const b = inFlight(8);
    expire(b);
    sent(b);
    arrive(b, 'ACK', { ack: 1 + 8 * MSS });
    expect(sent(b)).toEqual([]);
    expect(b.tcb.recovery.phase).toBe('open');
  });
});

describe('recovery with SACK (RFC 6675)', () => {
  it('sends again only what is missing', () => {
    const b = sackInFlight(10);
    sack(b, 1, [2, 3]);
    sack(b, 1, [2, 4]);
    expect(sent(b)).toEqual([]);
    sack(b, 1, [2, 5]);
    expect(sentWithRules(b)).toEqual([`${segment(1)} (sack-retransmit)`]);
    sack(b, 1, [6, 10], [2, 5]);
    expect(sentWithRules(b)).toEqual([`${segment(5)} (sack-resend)`]);
  });

  it('SACKs outside of what was sent are ignored', () => {
    const b = sackInFlight(4);
    sack(b, 0, [2, 9]);
    expect(b.tcb.retransmissionQueue.sackedSegments).toBe(0);
  });

  it('a timeout forgets nothing that was SACKed', () => {
    const b = sackInFlight(4);
    sack(b, 0, [2, 3]);
    expire(b);
    sent(b);
    sack(b, 1, [2, 3]);
    expect(sent(b)).toEqual([segment(1), segment(3)]);
  });
});

describe('NextSeg() rule 3 (RFC 6675 section 4)', () => {
  /** Of six segments 0 and 3 are missing; too little above 3 is SACKed to call it lost. */
  function twoMissing(): Bench {
    const b = sackInFlight(6);
    sack(b, 0, [1, 2]);
    sack(b, 0, [1, 3]);
    expect(sent(b)).toEqual([]);
    sack(b, 0, [4, 5], [1, 3]);
    expect(sentWithRules(b)).toEqual([`${segment(0)} (sack-retransmit)`]);
    sack(b, 0, [4, 6], [1, 3]);
    return b;
  }

  it('with nothing lost and nothing new to send, what lies below the highest SACK goes again', () => {
    expect(sentWithRules(twoMissing())).toEqual([`${segment(3)} (sack-resend-gap)`]);
  });

  it.each<[string, Partial<HostConfig>]>([
    ['where the host does not', { resendsGaps: false }],
    ['where time tells what is lost', { rack: true }],
  ])('not %s', (_name, overrides) => {
    const b = sackInFlight(6, overrides);
    sack(b, 0, [1, 3], [4, 6]);
    const texts = sentWithRules(b);
    expect(texts[0]).toContain(segment(0));
    expect(texts.filter((text) => text.includes('sack-resend-gap'))).toEqual([]);
  });

  it('new data is better (rule 2)', () => {
    const b = sackInFlight(6, {}, 3);
    sack(b, 0, [1, 3], [4, 6]);
    expect(sent(b)).toEqual([segment(0), segment(6)]);
  });

  it('what went like that does not go again when SACKs show that it was lost (rule 1.a)', () => {
    const b = twoMissing();
    expect(sent(b)).toEqual([segment(3)]);
    sack(b, 3, [4, 6]);
    send(b, MSS);
    expect(sent(b)).toEqual([segment(6)]);
    sack(b, 3, [4, 7]);
    expect(sent(b)).toEqual([]);
    expect(b.tcb.retransmissionQueue).toMatchObject({ lostSegments: 1, resentSegments: 1, sackedSegments: 3 });
  });

  it('nothing above the highest SACK goes, and nothing twice', () => {
    const b = sackInFlight(8);
    sack(b, 0, [1, 4]);
    expect(sent(b)).toEqual([segment(0)]);
    sack(b, 0, [1, 6]);
    expect(sent(b)).toEqual([]);
  });
});

describe('RACK-TLP (RFC 8985)', () => {
  const RACK: Partial<HostConfig> = { rack: true, tailLossProbe: true, prr: true, countsSegments: true, undo: true };

  it('waits a quarter of the round trip for what was overtaken', () => {
    const b = sackInFlight(6, RACK);
    pass(b, 20_000);
    sack(b, 0, [1, 2]);
    expect(sent(b)).toEqual([]);
    expect(expire(b)).toMatch(/^reordering /);
    expect(sentWithRules(b)).toEqual([`${segment(0)} (rack-resend)`]);
  });

  it('the overtaken segment arrives in time: nothing is sent again', () => {
    const b = sackInFlight(6, RACK);
    pass(b, 20_000);
    sack(b, 0, [1, 2]);
    pass(b, 1_000);
    sack(b, 2);
    expect(b.tcb.timers.reordering).toBe(Number.POSITIVE_INFINITY);
    expect(sent(b)).toEqual([]);
    expect(b.tcb.recovery.reordering).toBe(true);
  });

  it('a DSACK while segments overtake each other widens the window, once in a round trip', () => {
    const b = sackInFlight(8, RACK);
    pass(b, 20_000);
    sack(b, 0, [1, 2]);
    sack(b, 2);
    sack(b, 3, [0, 1]);
    sack(b, 3, [1, 2]);
    expect(b.tcb.recovery.reorderingSteps).toBe(2);
    sack(b, 8, [2, 3]);
    expect(b.tcb.recovery.reorderingSteps).toBe(3);
  });

  it('probes the tail after two round trips, with new data if there is some', () => {
    const b = sackInFlight(4, RACK);
    expect(expire(b)).toBe('loss-probe 0.06');
    expect(sentWithRules(b)).toEqual([`${segment(3)} (tail-probe)`]);
    const withMore = sackInFlight(4, RACK, 2);
    expire(withMore);
    expect(sentWithRules(withMore)).toEqual([`${segment(4)} (tail-probe)`]);
  });

  it('a probe that repaired the tail counts as a loss', () => {
    const b = sackInFlight(4, RACK);
    b.tcb.congestion.cwndBytes = 8 * MSS;
    expire(b);
    sent(b);
    send(b, MSS);
    sent(b);
    sack(b, 5);
    expect(ssthresh(b)).toBe(4);
    expect(rulesOf(b, 'note')).toContain('tail-probe-repaired');
  });

  it('reduces in proportion: the first ACK of recovery lets one segment out (RFC 9937)', () => {
    const b = sackInFlight(10, { ...RACK, tailLossProbe: false }, 10);
    pass(b, 20_000);
    sack(b, 0, [1, 2]);
    sack(b, 0, [1, 3]);
    sent(b);
    sack(b, 0, [1, 4]);
    expect(sendOne(b)?.text).toBe(segment(0));
    expect(ssthresh(b)).toBe(5);
    expect(sendOne(b)).toBeNull();
  });
});

describe('a reduction that was a false alarm', () => {
  const UNDO: Partial<HostConfig> = { undo: true, prr: true, countsSegments: true };

  it('is taken back when a DSACK tells of the retransmission, even after recovery (RFC 3708)', () => {
    const b = sackInFlight(10, UNDO);
    for (const right of [2, 3, 4]) sack(b, 0, [1, right]);
    expect(sent(b)).toEqual([segment(0)]);
    sack(b, 10);
    expect([b.tcb.recovery.phase, ssthresh(b)]).toEqual(['open', 5]);
    sack(b, 10, [0, 1]);
    expect(cwnd(b)).toBeGreaterThanOrEqual(10);
    expect(rulesOf(b, 'note')).toContain('dsack-undone');
  });

  it('stands when the DSACK tells of something else', () => {
    const b = sackInFlight(10, UNDO);
    for (const right of [2, 3, 4]) sack(b, 0, [1, right]);
    sent(b);
    sack(b, 10);
    expect(ssthresh(b)).toBe(5);
    sack(b, 10);
    expect(ssthresh(b)).toBe(5);
  });

  it('is taken back when timestamps show that the first copy was only late (RFC 3522)', () => {
    const b = bench({ ...UNDO, timestamps: true, rtoMinUs: 10_000 });
    connect(b);
    sent(b);
    arrive(b, 'SYN-ACK', { seq: 0, ack: 1, options: { mss: MSS, ts: [1, 1] } });
    sent(b);
    send(b, 4 * 1448);
    const stamp = sendOne(b)?.segment.options.ts?.[0] ?? 0;
    sent(b);
    expire(b);
    sent(b);
    expect(cwnd(b)).toBeLessThan(2);
    b.ctx.nowUs += 1000;
    arrive(b, 'ACK', { ack: 1 + 1448, options: { ts: [2, stamp] } });
    expect(rulesOf(b, 'note')).toContain('reduction-undone');
    expect(b.tcb.congestion.cwndBytes).toBeGreaterThanOrEqual(10 * 1448);
  });
});

describe('F-RTO (RFC 5682)', () => {
  const FRTO: Partial<HostConfig> = { frto: true, undo: true };

  it('after the first ACK new data goes, and an ACK of what was sent once proves the timeout false', () => {
    const b = sackInFlight(6, FRTO, 4);
    expire(b);
    expect(sent(b)).toEqual([segment(0)]);
    sack(b, 1);
    expect(sent(b)).toEqual([segment(6), segment(7)]);
    sack(b, 3);
    expect(rulesOf(b, 'note')).toContain('frto-sack-spurious');
    expect(cwnd(b)).toBeGreaterThanOrEqual(6);
  });

  it('a duplicate instead: the loss was real', () => {
    const b = sackInFlight(6, FRTO, 4);
    expire(b);
    sent(b);
    sack(b, 1);
    sent(b);
    sack(b, 1, [6, 7]);
    expect(sent(b)).toContain(segment(1));
  });
});

describe('CUBIC (RFC 9438)', () => {
  it('falls to 0.7 of the window', () => {
    const b = inFlight(10, { congestionControl: 'cubic', countsSegments: true, prr: true });
    for (let i = 0; i < 3; i++) arrive(b, 'ACK', { ack: 1 });
    expect(ssthresh(b)).toBe(7);
  });

  it('climbs back towards the window of the last loss, slower as it comes near, then faster', () => {
    const state = { ...freshCongestion(), cwndBytes: 700 * MSS, wMaxBytes: 1000 * MSS };
    const windows: number[] = [];
    for (let round = 0; round < 200; round++) {
      const view = {
        mssBytes: MSS,
        wholeSegments: true,
        slowStartBytes: MSS,
        flightBytes: 0,
        nowUs: round * 100_000,
        srttUs: 100_000,
        tickUs: 1,
      };
      CUBIC.avoid(state, state.cwndBytes, view);
      windows.push(state.cwndBytes / MSS);
    }
    const at = (seconds: number): number => windows[seconds * 10] ?? 0;
    // K = cbrt(300 / 0.4) = 9.09 s
    expect(at(9)).toBeGreaterThan(990);
    expect(at(9)).toBeLessThan(1005);
    expect(at(3) - 700).toBeGreaterThan(at(9) - at(6));
    expect(at(18) - at(15)).toBeGreaterThan(at(12) - at(9));
  });

  it('a loss before the old window is reached lets others in: fast convergence (section 4.7)', () => {
    const state = { ...freshCongestion(), cwndBytes: 80 * MSS, wMaxBytes: 100 * MSS };
    const loss = { mssBytes: MSS, wholeSegments: true, slowStartBytes: MSS, flightBytes: 0 };
    const view = { ...loss, nowUs: 0, srttUs: 100_000, tickUs: 1 };
    expect(CUBIC.threshold(state, view)).toBe(56 * MSS);
    expect(state.wMaxBytes).toBeLessThan(70 * MSS);
  });
});

describe('ECN (RFC 3168 section 6.1)', () => {
  it('is agreed on in the SYNs, and new data is ECN-capable', () => {
    const b = bench({ ecn: 'on' });
    connect(b);
    expect(sendOne(b)?.text).toBe('SYN-ECE-CWR seq 0');
    arrive(b, 'SYN-ACK-ECE', { seq: 0, ack: 1, options: { mss: MSS } });
    sent(b);
    send(b, 10);
    expect(sendOne(b)?.segment.ecn).toBe(2);
  });

  it('ECE halves the window once, and the next new data says CWR', () => {
    const b = bench({ ecn: 'on' });
    connect(b);
    sent(b);
    arrive(b, 'SYN-ACK-ECE', { seq: 0, ack: 1, options: { mss: MSS } });
    sent(b);
    send(b, 30 * MSS);
    sent(b);
    arrive(b, 'ACK-ECE', { ack: 1 + MSS });
    arrive(b, 'ACK-ECE', { ack: 1 + 2 * MSS });
    // Half of cwnd: that this ACK takes a segment off FlightSize does not matter.
    expect(ssthresh(b)).toBe(5);
    arrive(b, 'ACK', { ack: 1 + 8 * MSS });
    expect(sendOne(b)?.text).toBe(`ACK-CWR seq ${1 + 10 * MSS} ack 1 len ${MSS}`);
  });
});
