import { describe, expect, it } from 'vitest';
import { DEFAULT_HOST } from '../../../src/engine/config';
import { seq } from '../../../src/engine/seq';
import {
  ackTimed,
  backOff,
  createRto,
  persistUs,
  reinitializeAfterSyn,
  resetRto,
  startTiming,
  stopTiming,
  takeSample,
} from '../../../src/engine/tcp/rto';

const CONFIG = { ...DEFAULT_HOST, name: 'a', address: '10.0.0.1', port: 1 };

describe('samples (RFC 6298 section 2)', () => {
  it.each([
    // least RTO, on variance, R; SRTT, RTTVAR, RTO
    [0, false, 101, 101, 51, 305],
    [0, false, 0, 0, 0, 1],
    [200_000, false, 10_000, 10_000, 5000, 200_000],
    [200_000, true, 10_000, 10_000, 5000, 210_000],
    [200_000, true, 200_000, 200_000, 100_000, 600_000],
  ])(
    'the first, with a least RTO of %i (on the variance: %s): R = %i',
    (rtoMinUs, rtoMinOnVariance, rttUs, ...wanted) => {
      const config = { ...CONFIG, rtoMinUs, rtoMinOnVariance };
      const rto = createRto(config);
      takeSample(rto, rttUs, config);
      expect([rto.srttUs, rto.rttvarUs, rto.rtoUs]).toEqual(wanted);
    },
  );

  it.each([
    // 3/4 * 50,000 + 1/4 * |100,000 - R|; 7/8 * 100,000 + 1/8 * R
    [180_000, 57_500, 110_000],
    [20_000, 57_500, 90_000],
    [100_002, 37_501, 100_000],
    [100_004, 37_501, 100_001],
  ])('a later one of %i us counts an eighth, its deviation a quarter', (rttUs, rttvarUs, srttUs) => {
    const rto = createRto(CONFIG);
    takeSample(rto, 100_000, CONFIG);
    takeSample(rto, rttUs, CONFIG);
    expect(rto).toMatchObject({ rttvarUs, srttUs });
  });

  it.each([
    [999, null],
    [1000, 300],
    [1001, 300],
  ])('an ACK of %i ends the timing of a segment before 1000: %s', (ack, sample) => {
    const rto = createRto(CONFIG);
    startTiming(rto, seq(1000), 5000);
    startTiming(rto, seq(2000), 5100);
    expect(ackTimed(rto, seq(ack), 5300, CONFIG)).toBe(sample !== null);
    expect(rto.srttUs).toBe(sample);
    expect(rto.timing).toEqual(sample === null ? { end: 1000, sentAtUs: 5000 } : null);
  });

  it('a segment that goes again is not timed (section 3, Karn)', () => {
    const rto = createRto(CONFIG);
    startTiming(rto, seq(1000), 5000);
    stopTiming(rto);
    expect(ackTimed(rto, seq(1000), 5300, CONFIG)).toBe(false);
    expect(rto.srttUs).toBeNull();
  });
});

describe('slop (FreeBSD: TCPT_RANGESET)', () => {
  const config = { ...CONFIG, rtoMinUs: 30_000, rtoMaxUs: 64_000_000, rtoSlopUs: 200_000 };

  it('comes on top of what was measured, and is not doubled', () => {
    const rto = createRto(config);
    takeSample(rto, 100_000, config);
    expect(rto.rtoUs).toBe(500_000);
    backOff(rto, config);
    expect(rto.rtoUs).toBe(800_000);
    for (let i = 0; i < 20; i++) backOff(rto, config);
    expect(rto.rtoUs).toBe(64_000_000);
  });

  it('comes on top of the lower bound', () => {
    const rto = createRto(config);
    takeSample(rto, 1000, config);
    expect(rto.rtoUs).toBe(230_000);
  });

  it('window probes have bounds of their own', () => {
    const bounded = { ...config, persistBoundsUs: { least: 5_000_000, most: 60_000_000 } };
    const rto = { ...createRto(config), rtoUs: 230_000 };
    const waits = [0, 4, 5, 12].map((probes) => persistUs({ ...rto, probes }, bounded));
    expect(waits).toEqual([5_000_000, 5_000_000, 7_360_000, 60_000_000]);
  });
});

describe('the timer (RFC 6298 section 5)', () => {
  it.each([
    [1_000_000, 2_000_000],
    [30_000_000, 60_000_000],
    [30_000_001, 60_000_000],
  ])('5.5: %i us become %i', (before, after) => {
    const rto = { ...createRto(CONFIG), rtoUs: before };
    backOff(rto, CONFIG);
    expect(rto.rtoUs).toBe(after);
  });

  it.each([
    // a SYN timed out, RTO at first, SRTT, RTO now
    [true, 1_000_000, null, 3_000_000],
    [false, 1_000_000, null, 2_000_000],
    [true, 2_999_999, null, 3_000_000],
    [true, 3_000_000, null, 2_000_000],
    [true, 1_000_000, 5000, 2_000_000],
  ])('5.7: a SYN timed out %s, RTO at first %i, SRTT %s: %i', (synTimedOut, rtoInitialUs, srttUs, wanted) => {
    const config = { ...CONFIG, rtoInitialUs };
    const rto = { ...createRto(config), synTimedOut, srttUs, rtoUs: 2_000_000 };
    reinitializeAfterSyn(rto, config);
    expect(rto).toMatchObject({ rtoUs: wanted, synTimedOut: false });
  });

  it.each([
    [1_000_000, 0, 60_000_000, 1_000_000],
    [1_000_000, 1, 60_000_000, 2_000_000],
    [1_000_000, 3, 60_000_000, 8_000_000],
    [1_000_000, 6, 60_000_000, 60_000_000],
    [1, 29, 2 ** 40, 2 ** 29],
    [1, 31, 2 ** 40, 2 ** 30],
  ])(
    'probes: RTO %i after %i probes, at most %i: %i (RFC 9293 section 3.8.6.1, SHLD-30)',
    (rtoUs, probes, rtoMaxUs, wanted) => {
      expect(persistUs({ ...createRto(CONFIG), rtoUs, probes }, { ...CONFIG, rtoMaxUs })).toBe(wanted);
    },
  );

  it('a new connection begins anew', () => {
    const rto = createRto(CONFIG);
    Object.assign(rto, { srttUs: 1, rttvarUs: 2, rtoUs: 3, attempts: 4, synTimedOut: true, probes: 5 });
    startTiming(rto, seq(1), 1);
    resetRto(rto, CONFIG);
    const fresh = { srttUs: null, rttvarUs: null, rtoUs: 1_000_000, attempts: 0 };
    expect(rto).toEqual({ ...fresh, slopUs: 0, waitsSinceUs: 0, timing: null, synTimedOut: false, probes: 0 });
  });
});
