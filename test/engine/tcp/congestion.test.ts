import { describe, expect, it } from 'vitest';
import { seq, seqAdd } from '../../../src/engine/seq';
import {
  type CongestionControl,
  type CongestionState,
  type CongestionView,
  cloneCongestion,
  congestionControl,
  freshCongestion,
  growWindow,
  initialWindowBytes,
} from '../../../src/engine/tcp/congestion';
import { CUBIC } from '../../../src/engine/tcp/congestion/cubic';
import { CUBIC_COUNTING, type CubicState, freshCubic } from '../../../src/engine/tcp/congestion/cubicCounting';
import { freshHystart, type HystartState, watchSlowStart } from '../../../src/engine/tcp/congestion/hystart';
import { RENO } from '../../../src/engine/tcp/congestion/reno';

const MSS = 1000;
/** A clock of 250 Hz. */
const TICK_US = 4000;

const VIEW: CongestionView = {
  mssBytes: MSS,
  wholeSegments: true,
  slowStartBytes: Number.POSITIVE_INFINITY,
  flightBytes: 0,
  nowUs: 0,
  srttUs: 100_000,
  tickUs: TICK_US,
};

const stateWith = (fields: Partial<CongestionState>): CongestionState => ({ ...freshCongestion(), ...fields });

describe('the initial window (RFC 6928 section 2, RFC 5681 section 3.1)', () => {
  it.each<[number | null, number, boolean, number]>([
    [null, 1095, false, 4 * 1095],
    [null, 1096, false, 3 * 1096],
    [null, 2190, false, 3 * 2190],
    [null, 2191, false, 2 * 2191],
    [10, 1000, false, 10_000],
    [10, 1460, false, 14_600],
    [10, 5000, false, 14_600],
    [10, 9000, false, 18_000],
    [10, 9000, true, 90_000],
  ])('of %s segments with an MSS of %i, whole segments %s', (segments, mssBytes, whole, bytes) => {
    expect(initialWindowBytes(segments, mssBytes, whole)).toBe(bytes);
  });
});

describe('growth by an ACK (RFC 5681 section 3.1)', () => {
  const NO_BOUND = Number.POSITIVE_INFINITY;
  it.each<[string, number, number, number, boolean, number, number[], number?]>([
    ['slow start: one segment at most', 4000, Number.POSITIVE_INFINITY, 3000, false, 5000, [], MSS],
    ['slow start: L of two segments (RFC 3465)', 4000, Number.POSITIVE_INFINITY, 3000, false, 6000, [], 2 * MSS],
    ['slow start: no more than was acknowledged', 4000, Number.POSITIVE_INFINITY, 300, false, 4300, [], MSS],
    ['slow start without a bound: all', 4000, Number.POSITIVE_INFINITY, 3000, true, 7000, []],
    ['slow start ends at ssthresh', 4000, 4500, 3000, false, 4500, []],
    ['what is left goes to congestion avoidance where segments count', 4000, 5000, 3000, true, 5000, [2000]],
    ['nothing is left', 4000, 5000, 1000, true, 5000, []],
    ['at ssthresh it is congestion avoidance', 4000, 4000, 1000, true, 4000, [1000]],
    ['at ssthresh it is congestion avoidance, in bytes', 4000, 4000, 1500, false, 4000, [1500]],
  ])('%s', (_name, cwndBytes, ssthreshBytes, acked, wholeSegments, expected, avoided, slowStartBytes = NO_BOUND) => {
    const state = stateWith({ cwndBytes, ssthreshBytes });
    const calls: number[] = [];
    const control: CongestionControl = {
      threshold: () => 0,
      avoid: (_state, bytes) => void calls.push(bytes),
    };
    growWindow(control, state, acked, { ...VIEW, wholeSegments, slowStartBytes });
    expect([state.cwndBytes, calls]).toEqual([expected, avoided]);
  });
});

describe('the controls', () => {
  it('are found by name and by how the host counts time', () => {
    expect(congestionControl('off')).toBeNull();
    expect(congestionControl('off', true)).toBeNull();
    expect([congestionControl('reno'), congestionControl('reno', true)]).toEqual([RENO, RENO]);
    expect(congestionControl('cubic')).toBe(CUBIC);
    expect(congestionControl('cubic', true)).toBe(CUBIC_COUNTING);
  });

  it('a copy of their state lives on its own', () => {
    const state = stateWith({ cwndBytes: 5000 });
    const copy = cloneCongestion(state);
    expect(copy).toEqual(state);
    copy.cubic.acked = 7;
    copy.hystart.found = true;
    copy.cwndBytes = 1;
    expect([state.cubic.acked, state.hystart.found, state.cwndBytes]).toEqual([0, false, 5000]);
  });

  it('begin without a loss and without a round trip', () => {
    const state = freshCongestion();
    expect([state.cwndBytes, state.ssthreshBytes]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect([state.limited, state.hystart.found]).toEqual([false, false]);
    expect(state.hystart.roundRttUs).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('Reno (RFC 5681)', () => {
  it.each<[string, boolean, number, number, number]>([
    ['half of what is on its way', false, 10_000, 8000, 4000],
    ['whole bytes', false, 10_000, 7001, 3500],
    ['what limited transmit let out does not count', false, 6000, 8000, 3000],
    ['two segments at least', false, 10_000, 3000, 2000],
    ['half the window where segments count', true, 8000, 0, 4000],
    ['whole segments', true, 9500, 0, 4000],
    ['two whole segments at least', true, 3000, 9000, 2000],
  ])('ssthresh: %s', (_name, wholeSegments, cwndBytes, flightBytes, expected) => {
    expect(RENO.threshold(stateWith({ cwndBytes }), { ...VIEW, wholeSegments, flightBytes })).toBe(expected);
  });

  it.each<[string, number, number, number, [number, number]]>([
    ['less than a window is kept as credit', 0, 4000, 3999, [4000, 3999]],
    ['a window makes one segment', 0, 4000, 4000, [5000, 0]],
    ['so does credit that becomes a window', 3999, 4000, 1, [5000, 0]],
    ['two windows make two segments, and the rest stays', 0, 4000, 9000, [6000, 1000]],
    ['credit of a whole window, since the window fell, counts once', 4000, 4000, 100, [5000, 100]],
    ['also when it is more', 9000, 4000, 100, [5000, 100]],
  ])('congestion avoidance: %s', (_name, creditBytes, cwndBytes, acked, expected) => {
    const state = stateWith({ creditBytes, cwndBytes });
    RENO.avoid(state, acked, VIEW);
    expect([state.cwndBytes, state.creditBytes]).toEqual(expected);
  });
});

describe('CUBIC (RFC 9438), in bytes', () => {
  it.each<[string, boolean, number, number, number, number]>([
    ['0.7 in whole segments', true, 10_000, 0, 7000, 10_000],
    ['0.7 in bytes', false, 10_000, 0, 7000, 10_000],
    ['0.7 to the byte, where a binary 0.7 would lose one', false, 10_250, 0, 7175, 10_250],
    ['two segments at least', true, 2000, 0, 2000, 2000],
    ['two segments at least, in bytes', false, 2500, 0, 2000, 2500],
    ['as large as at the last loss: no fast convergence', true, 10_000, 10_000, 7000, 10_000],
    ['smaller than at the last loss: fast convergence', true, 8000, 10_000, 5000, 6800],
  ])('ssthresh and W_max: %s', (_name, wholeSegments, cwndBytes, wMaxBytes, expected, wMax) => {
    const state = stateWith({ cwndBytes, wMaxBytes, epochUs: 5 });
    expect(CUBIC.threshold(state, { ...VIEW, wholeSegments })).toBe(expected);
    expect([state.wMaxBytes, state.epochUs]).toEqual([wMax, null]);
  });

  // K = cbrt((100 - 70) / 0.4) = 4.217 s; the values follow from the formulas of RFC 9438 sections 4.2 and 4.3.
  const EPOCH = { wMaxBytes: 100_000, epochUs: 5_000_000, epochBytes: 70_000, estimateBytes: 70_000 };
  it.each<[string, Partial<CongestionState>, number, number, [number, number, number]]>([
    ['W_cubic(0.1 s) = 72.08 segments', { cwndBytes: 70_000 }, 5_000_000, 1000, [70_000, 29.77, 70_007.563]],
    ['W_cubic(3.1 s) = 99.44 segments', { cwndBytes: 80_000 }, 8_000_000, 2000, [80_000, 486.057, 70_013.235]],
    [
      'never more than half a window in a round trip',
      { cwndBytes: 80_000 },
      35_000_000,
      80_000,
      [120_000, 0, 70_529.412],
    ],
    [
      'not slower than Reno, which adds a whole segment in a round trip once it is beyond W_max',
      { cwndBytes: 101_000, estimateBytes: 120_000 },
      9_200_000,
      1010,
      [101_000, 190.1, 120_010],
    ],
    [
      'at W_max Reno adds a whole segment already',
      { cwndBytes: 100_000, estimateBytes: 100_000 },
      9_200_000,
      1000,
      [100_000, 0.1, 100_010],
    ],
  ])('%s', (_name, fields, nowUs, acked, [cwndBytes, credit, estimate]) => {
    const state = stateWith({ ...EPOCH, ...fields });
    CUBIC.avoid(state, acked, { ...VIEW, nowUs });
    expect(state.cwndBytes).toBe(cwndBytes);
    expect(state.creditBytes).toBeCloseTo(credit, 2);
    expect(state.estimateBytes).toBeCloseTo(estimate, 2);
  });

  it('a first ACK begins the epoch: time, window, and no credit of before', () => {
    const state = stateWith({ cwndBytes: 70_000, wMaxBytes: 100_000, creditBytes: 999, estimateBytes: 5 });
    CUBIC.avoid(state, 1000, { ...VIEW, nowUs: 5_000_000 });
    expect([state.epochUs, state.epochBytes]).toEqual([5_000_000, 70_000]);
    expect(state.creditBytes).toBeCloseTo(29.77, 2);
    expect(state.estimateBytes).toBeCloseTo(70_007.563, 2);
  });

  it('credit of exactly one segment is one segment; the rest is kept', () => {
    const at = { ...EPOCH, cwndBytes: 80_000 };
    const exact = stateWith({ ...at, wMaxBytes: 0, epochBytes: 80_000, creditBytes: 1000, estimateBytes: 0 });
    CUBIC.avoid(exact, 0, { ...VIEW, nowUs: 5_000_000, srttUs: 0 });
    expect([exact.cwndBytes, exact.creditBytes]).toEqual([81_000, 0]);
    const more = stateWith({ ...at, wMaxBytes: 0, epochBytes: 80_000, creditBytes: 2500, estimateBytes: 0 });
    CUBIC.avoid(more, 0, { ...VIEW, nowUs: 5_000_000, srttUs: 0 });
    expect([more.cwndBytes, more.creditBytes]).toEqual([82_000, 500]);
  });
});

describe('CUBIC in segments and ticks (Linux: tcp_cubic.c)', () => {
  const cubicWith = (fields: Partial<CubicState>): CubicState => ({ ...freshCubic(), ...fields });

  it.each<[string, number, number, number, number]>([
    ['717/1024 of the window', 10, 0, 7, 10],
    ['two segments at least', 2, 0, 2, 2],
    ['as large as at the last loss', 10, 10, 7, 10],
    ['smaller than at the last loss: fast convergence', 80, 100, 56, 68],
  ])('ssthresh and W_max: %s', (_name, cwnd, lastMax, expected, max) => {
    const state = stateWith({ cwndBytes: cwnd * MSS, cubic: cubicWith({ lastMax, epochTick: 4 }) });
    expect(CUBIC_COUNTING.threshold(state, VIEW)).toBe(expected * MSS);
    expect([state.cubic.lastMax, state.cubic.epochTick]).toEqual([max, null]);
  });

  const BEGUN: Partial<CubicState> = {
    lastMax: 100,
    epochTick: 500,
    origin: 100,
    k: 4317,
    reno: 70,
    leastRttUs: 100_000,
  };
  // What bictcp_update() of Linux answers with HZ = 250: cnt, ack_cnt and tcp_cwnd.
  it.each<[string, Partial<CubicState>, number, number, number, [number, number, number]]>([
    ['begins below W_max', { lastMax: 100 }, 70, 1, 500, [7000, 1, 70]],
    ['a round trip ahead on the curve', { lastMax: 100, leastRttUs: 100_001 }, 70, 1, 500, [23, 1, 70]],
    ['begins above W_max', { lastMax: 50 }, 70, 1, 500, [7000, 1, 70]],
    ['begins at W_max', { lastMax: 70 }, 70, 1, 500, [7000, 1, 70]],
    ['no loss yet: a twentieth in a round trip', {}, 70, 1, 500, [20, 1, 70]],
    ['forgets what was acknowledged before', { lastMax: 100, acked: 50, reno: 3 }, 70, 1, 500, [7000, 1, 70]],
    ['two seconds on', BEGUN, 95, 1, 1000, [47, 1, 70]],
    ['at least two acknowledged for one', BEGUN, 80, 1, 1500, [4, 1, 70]],
    ['on the plateau', BEGUN, 100, 1, 1500, [10_000, 1, 70]],
    ['beyond it', BEGUN, 100, 1, 2100, [25, 1, 70]],
    ['never more than a half', BEGUN, 100, 1, 5500, [2, 1, 70]],
    [
      'as much as Reno waits for, exactly',
      { ...BEGUN, acked: 130, segmentsPerStep: 70 },
      110,
      76,
      1500,
      [11_000, 206, 70],
    ],
    ['Reno grows by one', { ...BEGUN, reno: 110, acked: 131 }, 110, 76, 1500, [110, 1, 111]],
    ['Reno grows by three', { ...BEGUN, reno: 110, acked: 600 }, 110, 76, 1500, [36, 58, 113]],
    [
      'the same tick: the curve is not asked again, but Reno is',
      { ...BEGUN, reno: 80, lastTick: 500, lastCwnd: 69, segmentsPerStep: 55 },
      70,
      2,
      500,
      [7, 2, 80],
    ],
    [
      'the same window within 1/32 second: nothing is asked',
      { ...BEGUN, reno: 80, lastTick: 500, lastCwnd: 70, segmentsPerStep: 55 },
      70,
      2,
      507,
      [55, 2, 80],
    ],
    [
      'the same window, later',
      { ...BEGUN, reno: 80, lastTick: 500, lastCwnd: 70, segmentsPerStep: 55 },
      70,
      2,
      508,
      [7, 2, 80],
    ],
    [
      'another window within 1/32 second',
      { ...BEGUN, reno: 80, lastTick: 500, lastCwnd: 69, segmentsPerStep: 55 },
      70,
      2,
      501,
      [7, 2, 80],
    ],
  ])('%s', (_name, fields, cwnd, acked, tick, expected) => {
    const state = stateWith({ cwndBytes: cwnd * MSS, cubic: cubicWith(fields) });
    // No growth comes of it: one segment at a time never fills a step of two or more.
    CUBIC_COUNTING.avoid(state, acked * MSS, { ...VIEW, nowUs: tick * TICK_US });
    const { segmentsPerStep, acked: counted, reno } = state.cubic;
    expect([segmentsPerStep, counted, reno]).toEqual(expected);
  });

  it('an epoch remembers its tick, window, K and origin', () => {
    const state = stateWith({ cwndBytes: 70 * MSS, cubic: cubicWith({ lastMax: 100 }) });
    CUBIC_COUNTING.avoid(state, MSS, { ...VIEW, nowUs: 500 * TICK_US + 3999 });
    expect(state.cubic).toMatchObject({ epochTick: 500, lastTick: 500, lastCwnd: 70, k: 4317, origin: 100 });
    const above = stateWith({ cwndBytes: 70 * MSS, cubic: cubicWith({ lastMax: 50 }) });
    CUBIC_COUNTING.avoid(above, MSS, { ...VIEW, nowUs: 500 * TICK_US });
    expect(above.cubic).toMatchObject({ k: 0, origin: 70 });
  });

  const STEP = { ...BEGUN, lastTick: 500, lastCwnd: 70, segmentsPerStep: 10 };
  it.each<[string, number, number, [number, number]]>([
    ['a step less one', 0, 9, [70, 9]],
    ['a step', 0, 10, [71, 0]],
    ['two steps and a half', 0, 25, [72, 5]],
    ['credit that is a step already counts once', 10, 3, [71, 3]],
    ['also when it is more', 35, 3, [71, 3]],
  ])('grows by one segment for each step (tcp_cong_avoid_ai): %s', (_name, credit, acked, [cwnd, left]) => {
    const state = stateWith({ cwndBytes: 70 * MSS, creditBytes: credit * MSS, cubic: cubicWith(STEP) });
    CUBIC_COUNTING.avoid(state, acked * MSS, { ...VIEW, nowUs: 500 * TICK_US });
    expect([state.cwndBytes / MSS, state.creditBytes / MSS]).toEqual([cwnd, left]);
  });

  it.each<[string, number | null, number, number, number, number]>([
    ['the first', null, 0, 50_000, 1, 50_000],
    ['a shorter one', null, 60_000, 50_000, 1, 50_000],
    ['a longer one', null, 40_000, 50_000, 1, 40_000],
    ['none at all counts as the least', null, 40_000, 0, 1, 1],
    ['within a second of a recovery', 100, 60_000, 50_000, 349, 60_000],
    ['a second after a recovery', 100, 60_000, 50_000, 350, 50_000],
  ])('the least round trip: %s', (_name, epochTick, leastRttUs, rttUs, tick, expected) => {
    const state = stateWith({ cubic: cubicWith({ epochTick, leastRttUs }) });
    CUBIC_COUNTING.measured?.(state, rttUs, { ...VIEW, nowUs: tick * TICK_US });
    expect(state.cubic.leastRttUs).toBe(expected);
  });

  it('a timeout forgets everything', () => {
    const state = stateWith({ cubic: cubicWith({ ...STEP, acked: 5 }) });
    CUBIC_COUNTING.timedOut?.(state);
    expect(state.cubic).toEqual(freshCubic());
  });

  it.each<[string, number | null, number, number, number | null]>([
    ['the curve stands still as long', 500, 40_000, 600, 510],
    ['whole ticks', 500, 43_999, 600, 510],
    ['not beyond now', 500, 40_000, 505, 505],
    ['no time', 500, 0, 400, 500],
    ['no epoch', null, 40_000, 600, null],
  ])('after idle time (RFC 9438 section 5.8): %s', (_name, epochTick, idleUs, tick, expected) => {
    const state = stateWith({ cubic: cubicWith({ epochTick }) });
    CUBIC_COUNTING.resumes?.(state, idleUs, { ...VIEW, nowUs: tick * TICK_US + 1 });
    expect(state.cubic.epochTick).toBe(expected);
  });
});

describe('HyStart (Linux: hystart_update)', () => {
  const ROUND = seq(10_000);
  interface Case {
    readonly hystart?: Partial<HystartState>;
    readonly cwnd?: number;
    readonly ssthresh?: number;
    readonly nowUs?: number;
    readonly rttUs?: number;
    readonly past?: boolean;
  }

  /** A round that began at 1 s, with a least round trip of 40 ms; an ACK of its middle, 1 ms after its beginning. */
  function ackOf(fields: Case): CongestionState {
    const hystart: HystartState = {
      ...freshHystart(),
      roundAtUs: 1_000_000,
      lastAckUs: 1_000_000,
      roundEnd: ROUND,
      leastRttUs: 40_000,
      ...fields.hystart,
    };
    const ssthreshBytes = fields.ssthresh === undefined ? Number.POSITIVE_INFINITY : fields.ssthresh * MSS;
    const state = stateWith({ cwndBytes: (fields.cwnd ?? 20) * MSS, ssthreshBytes, hystart });
    const una = seqAdd(ROUND, fields.past === true ? 1 : 0);
    const { nowUs = 1_001_000, rttUs = 40_000 } = fields;
    watchSlowStart(state, { nowUs, rttUs, una, nxt: seq(30_000), mssBytes: MSS });
    return state;
  }

  // Half of the least round trip and of what a large piece takes: (40 000 + 1 000) / 2 = 20 500.
  const TRAIN: Case = { hystart: { lastAckUs: 1_020_000 }, nowUs: 1_020_501 };
  const FULL = { samples: 8, roundRttUs: 50_000 };
  it.each<[string, Case, boolean]>([
    ['a train longer than half a round trip', TRAIN, true],
    ['a train of exactly half a round trip', { ...TRAIN, nowUs: 1_020_500 }, false],
    ['an ACK 2 ms after the last is of the train', { ...TRAIN, nowUs: 1_022_000 }, true],
    ['a later ACK is not', { ...TRAIN, nowUs: 1_022_001 }, false],
    ['not below 16 segments', { ...TRAIN, cwnd: 15 }, false],
    ['from 16 segments on', { ...TRAIN, cwnd: 16 }, true],
    ['only once', { ...TRAIN, hystart: { lastAckUs: 1_020_000, found: true } }, false],
    ['not in congestion avoidance', { ...TRAIN, ssthresh: 20 }, false],
    ['up to ssthresh', { ...TRAIN, ssthresh: 21 }, true],
    ['the first ACK beyond the round begins a new one', { ...TRAIN, past: true }, false],
    ['eight samples and an eighth slower', { hystart: FULL, rttUs: 45_001 }, true],
    ['an eighth is not slower', { hystart: FULL, rttUs: 45_000 }, false],
    ['one sample of the round was fast', { hystart: { ...FULL, roundRttUs: 40_500 }, rttUs: 60_000 }, false],
    ['seven samples say nothing', { hystart: { ...FULL, samples: 7 }, rttUs: 60_000 }, false],
    ['4 ms at least', { hystart: { ...FULL, leastRttUs: 8000 }, rttUs: 12_000 }, false],
    ['more than 4 ms', { hystart: { ...FULL, leastRttUs: 8000 }, rttUs: 12_001 }, true],
    ['16 ms at most', { hystart: { ...FULL, leastRttUs: 400_000, roundRttUs: 500_000 }, rttUs: 416_001 }, true],
    ['exactly 16 ms', { hystart: { ...FULL, leastRttUs: 400_000, roundRttUs: 500_000 }, rttUs: 416_000 }, false],
  ])('ends slow start: %s', (_name, fields, ends) => {
    const state = ackOf(fields);
    const before = fields.ssthresh === undefined ? Number.POSITIVE_INFINITY : fields.ssthresh * MSS;
    expect(state.ssthreshBytes).toBe(ends ? state.cwndBytes : before);
    expect(state.hystart.found).toBe(ends || fields.hystart?.found === true);
  });

  it('remembers the last ACK of the train, and counts samples up to eight', () => {
    const { hystart } = ackOf({ hystart: { roundRttUs: 70_000, samples: 3 }, nowUs: 1_001_500, rttUs: 60_000 });
    expect(hystart).toMatchObject({ lastAckUs: 1_001_500, roundRttUs: 60_000, samples: 4 });
    expect(ackOf({ hystart: { ...FULL } }).hystart.samples).toBe(8);
    expect(ackOf({ nowUs: 1_002_001 }).hystart.lastAckUs).toBe(1_000_000);
  });

  it('a new round begins with the ACK that goes beyond the last', () => {
    const { hystart } = ackOf({ hystart: FULL, past: true, nowUs: 1_500_000, rttUs: 70_000 });
    expect(hystart).toMatchObject({ roundAtUs: 1_500_000, lastAckUs: 1_500_000, roundEnd: 30_000 });
    expect(hystart).toMatchObject({ roundRttUs: 70_000, samples: 1 });
  });

  it.each([
    [0, 50_000, 50_000],
    [40_000, 30_000, 30_000],
    [40_000, 50_000, 40_000],
    [40_000, 0, 1],
  ])('the least round trip: %i, then %i', (leastRttUs, rttUs, expected) => {
    expect(ackOf({ hystart: { leastRttUs }, rttUs, cwnd: 4 }).hystart.leastRttUs).toBe(expected);
  });
});
