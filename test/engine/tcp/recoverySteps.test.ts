import { describe, expect, it } from 'vitest';
import type { HostConfig } from '../../../src/engine/config';
import { NO_OPTIONS } from '../../../src/engine/segment';
import { type Seq, seqAdd } from '../../../src/engine/seq';
import { detectLosses, markLost, markOutdated } from '../../../src/engine/tcp/recovery/detect';
import { enterLoss, recoverFromTimeout } from '../../../src/engine/tcp/recovery/loss';
import {
  beginReduction,
  endReduction,
  grow,
  lowerThreshold,
  mayUndo,
  noteResent,
  reduceProportionally,
  rememberForUndo,
  undoReduction,
  wasDelayed,
} from '../../../src/engine/tcp/recovery/reduce';
import {
  type AckNews,
  freshNews,
  highestSacked,
  noteReordering,
  takeAcknowledged,
  takeSackBlocks,
} from '../../../src/engine/tcp/recovery/scoreboard';
import { beforeNewData, newDataSent, windowInUse } from '../../../src/engine/tcp/recovery/sending';
import {
  congestionRoom,
  pipeBytes,
  type RecoveryPhase,
  type RecoveryState,
  runsOnInRecovery,
} from '../../../src/engine/tcp/recovery/state';
import { answerProbe, probeTimeoutUs, watchFlight } from '../../../src/engine/tcp/recovery/tailLossProbe';
import { entryAt, outstandingSegments, pushSent, replaceEntry } from '../../../src/engine/tcp/retransmissionQueue';
import { type Bench, inState, peerSegment, rulesOf, send } from './harness';

const MSS = 1000;
const NEVER = Number.POSITIVE_INFINITY;

/** When the first segment of a scene left; each further one leaves a millisecond later. */
const LEFT_US = 10_000_000;

interface Scene extends Bench {
  /** The sequence number of the n-th segment. */
  at(index: number): Seq;
}

/**
 * ESTABLISHED, with one segment of 1000 bytes on its way for each letter: `.` on its way, `s` SACKed, `l` lost, `r` lost and
 * sent again, `2` sent twice. It is 50 ms after the first left.
 */
function scene(letters: string, config: Partial<HostConfig> & { sacks?: boolean } = {}): Scene {
  const { sacks = false, ...overrides } = config;
  const b = inState('ESTABLISHED', { mssBytes: MSS, ...overrides });
  b.tcb.options.sack = sacks;
  const at = (index: number): Seq => seqAdd(b.iss, 1 + index * MSS);
  for (const [index, letter] of [...letters].entries()) {
    pushSent(b.tcb.retransmissionQueue, {
      seq: at(index),
      lengthBytes: MSS,
      flags: 0,
      sentAtUs: LEFT_US + index * 1000,
      order: 10 + index,
      transmissions: letter === 'r' || letter === '2' ? 2 : 1,
      line: null,
      sacked: letter === 's',
      lost: letter === 'l' || letter === 'r',
      resent: letter === 'r',
    });
  }
  b.tcb.snd.nxt = at(letters.length);
  b.tcb.snd.max = at(letters.length);
  b.tcb.congestion.cwndBytes = 10 * MSS;
  b.ctx.nowUs = LEFT_US + 50_000;
  return { ...b, at };
}

/** The marks of what is on its way, one letter each. */
function marks(b: Bench): string {
  const queue = b.tcb.retransmissionQueue;
  return Array.from({ length: outstandingSegments(queue) }, (_, index) => {
    const sent = entryAt(queue, index);
    if (sent === null) return '?';
    if (sent.sacked) return 's';
    return sent.lost ? (sent.resent ? 'r' : 'l') : '.';
  }).join('');
}

const newsOf = (b: Bench, fields: Partial<AckNews> = {}): AckNews => ({
  ...freshNews(b.tcb, peerSegment(b, 'ACK'), false),
  ...fields,
});

const notes = (b: Bench): string[] => rulesOf(b, 'note');

describe('pipe (RFC 6675 section 3)', () => {
  it.each<[string, string, Parameters<typeof scene>[1], number, number]>([
    ['all that was sent', '....', {}, 0, 4],
    ['less what was SACKed and lost, and what was sent again counts', '.slr.', { sacks: true }, 0, 3],
    ['the same in segments', '.slr.', { sacks: true, countsSegments: true }, 0, 3],
    ['each duplicate ACK is one that arrived, where the window is not inflated', '....', { prr: true }, 2, 2],
    ['the same in segments of such a host', '....', { prr: true, countsSegments: true }, 2, 2],
    ['where it is inflated it is not', '....', {}, 2, 4],
    ['never less than nothing', '..', { prr: true }, 5, 0],
  ])('%s', (_name, letters, config, dupAcks, segments) => {
    const b = scene(letters, config);
    b.tcb.recovery.dupAcks = dupAcks;
    expect(pipeBytes(b.tcb)).toBe(segments * MSS);
  });

  it('a host that counts segments takes a short one for a whole one', () => {
    for (const [countsSegments, bytes] of [
      [true, 2 * MSS],
      [false, MSS + 10],
    ] as const) {
      const b = scene('..', { countsSegments });
      const queue = b.tcb.retransmissionQueue;
      const sent = entryAt(queue, 1);
      if (sent !== null) replaceEntry(queue, 1, { ...sent, lengthBytes: 10 });
      expect(pipeBytes(b.tcb)).toBe(bytes);
    }
  });

  it.each<[RecoveryPhase, Parameters<typeof scene>[1], number, number]>([
    ['disorder', {}, 1, 7],
    ['disorder', {}, 2, 8],
    ['disorder', {}, 3, 8],
    ['open', {}, 2, 6],
    ['recovery', {}, 2, 6],
    ['disorder', { limitedTransmit: false }, 2, 6],
    ['disorder', { sacks: true }, 0, 6],
  ])('limited transmit (RFC 3042): %s %o with %i duplicates leaves room for %i', (phase, config, dupAcks, room) => {
    const b = scene('....', config);
    Object.assign(b.tcb.recovery, { phase, dupAcks });
    expect(congestionRoom(b.tcb)).toBe(room * MSS);
  });

  it('without a window there is room for all', () => {
    const b = scene('....');
    b.tcb.congestion.cwndBytes = NEVER;
    expect(congestionRoom(b.tcb)).toBe(NEVER);
  });

  it.each<[RecoveryPhase, number, boolean, boolean]>([
    ['recovery', 2, false, true],
    ['recovery', 1, false, false],
    ['open', 2, false, false],
    ['recovery', 2, true, false],
  ])('the retransmission timer runs on: %s, %i partial ACKs, SACK %s', (phase, partialAcks, sacks, expected) => {
    const b = scene('....', { sacks });
    Object.assign(b.tcb.recovery, { phase, partialAcks });
    expect(runsOnInRecovery(b.tcb)).toBe(expected);
  });
});

describe('the window shrinks', () => {
  it('lowers ssthresh once, and remembers what was', () => {
    const b = scene('........');
    Object.assign(b.tcb.congestion, { ssthreshBytes: 9000, creditBytes: 77 });
    lowerThreshold(b.tcb, b.ctx);
    expect(b.tcb.congestion).toMatchObject({ ssthreshBytes: 4000, cwndBytes: 10_000, creditBytes: 0 });
    expect(b.tcb.recovery).toMatchObject({ undoSsthreshBytes: 9000, undoCwndBytes: 10_000 });
  });

  it('not at all without congestion control', () => {
    const b = scene('........', { congestionControl: 'off' });
    b.tcb.congestion.creditBytes = 77;
    beginReduction(b.tcb, b.ctx);
    expect(b.tcb.congestion).toMatchObject({ ssthreshBytes: NEVER, cwndBytes: 10_000, creditBytes: 77 });
  });

  it.each([
    [false, 4000],
    [true, 10_000],
  ])('at once, or bit by bit (PRR %s)', (prr, cwndBytes) => {
    const b = scene('........', { prr });
    const before = { deliveredBytes: 5, outBytes: 6, tlpEnd: b.at(1) };
    Object.assign(b.tcb.recovery, before);
    beginReduction(b.tcb, b.ctx);
    expect(b.tcb.congestion.cwndBytes).toBe(cwndBytes);
    const after = { priorCwndBytes: 10_000, deliveredBytes: 0, outBytes: 0, tlpEnd: null, recover: b.at(8) };
    expect(b.tcb.recovery).toMatchObject(after);
    expect(b.tcb.ecn.mustTell).toBe(false);
  });

  it.each([true, false])('says CWR where ECN is agreed on: %s', (active) => {
    const reduced = scene('..');
    reduced.tcb.ecn.active = active;
    beginReduction(reduced.tcb, reduced.ctx);
    const late = scene('..');
    late.tcb.ecn.active = active;
    enterLoss(late.tcb, late.ctx);
    expect([reduced.tcb.ecn.mustTell, late.tcb.ecn.mustTell]).toEqual([active, active]);
  });

  it.each<[string, string, Parameters<typeof scene>[1], Partial<RecoveryState>, number, number]>([
    ['to ssthresh', '....', { sacks: true }, { phase: 'recovery', undoFrom: 1 as Seq }, 5000, 5000],
    ['not after it was taken back', '....', { sacks: true }, { phase: 'recovery', undoFrom: null }, 5000, 10_000],
    ['with ECN always', '....', { sacks: true }, { phase: 'reducing', undoFrom: null }, 5000, 5000],
    ['with ECN, though little is on its way', '.', {}, { phase: 'reducing', undoFrom: null }, 5000, 5000],
    ['not without a threshold', '....', { sacks: true }, { phase: 'reducing', undoFrom: null }, NEVER, 10_000],
    ['with no burst when little is on its way', '..', {}, { phase: 'recovery', undoFrom: 1 as Seq }, 5000, 3000],
    ['two segments when nothing is', '', {}, { phase: 'recovery', undoFrom: 1 as Seq }, 5000, 2000],
    ['no more than ssthresh', '......', {}, { phase: 'recovery', undoFrom: 1 as Seq }, 5000, 5000],
  ])('at the end of it: %s', (_name, letters, config, recovery, ssthreshBytes, cwndBytes) => {
    const b = scene(letters, config);
    Object.assign(b.tcb.recovery, recovery);
    b.tcb.congestion.ssthreshBytes = ssthreshBytes;
    endReduction(b.tcb);
    expect(b.tcb.congestion.cwndBytes).toBe(cwndBytes);
  });

  const PRR = { priorCwndBytes: 10_000, deliveredBytes: 2000, outBytes: 1000 };
  it.each<[string, string, Partial<RecoveryState>, number, [number, boolean, boolean], number]>([
    // prr_delivered 3000, RecoverFS 10 000, ssthresh 5000: CEIL(1500) - 1000 may leave.
    ['above ssthresh: in proportion', '........', PRR, 5000, [1000, false, true], 8500],
    ['rounded up', '........', { ...PRR, priorCwndBytes: 9999 }, 5000, [1000, false, true], 8501],
    ['never less than nothing', '........', { ...PRR, outBytes: 9000 }, 5000, [1000, false, true], 8000],
    ['the first retransmission always', '........', { ...PRR, outBytes: 0 }, 1000, [1000, false, true], 9000],
    ['at ssthresh no more', '.....', PRR, 5000, [1000, false, true], 5000],
    ['below: as much as was delivered, and a segment more', '..', PRR, 5000, [500, false, true], 4500],
    ['below, with nothing acknowledged: what was delivered', '..', PRR, 5000, [500, false, false], 3500],
    ['below, with a new loss', '..', PRR, 5000, [500, true, true], 3500],
    ['below: by what was delivered just now', '..', { ...PRR, outBytes: 5000 }, 5000, [500, false, false], 2500],
    ['below: no further than ssthresh', '....', PRR, 5000, [2000, false, true], 5000],
    ['not when nothing was delivered', '..', PRR, 5000, [0, false, true], 10_000],
    ['not before a reduction', '..', { ...PRR, priorCwndBytes: 0 }, 5000, [500, false, true], 10_000],
  ])(
    'in proportion (RFC 9937 section 6) %s',
    (_name, letters, recovery, ssthresh, [delivered, lost, advanced], cwnd) => {
      const b = scene(letters, { prr: true, sacks: true });
      Object.assign(b.tcb.recovery, recovery);
      b.tcb.congestion.ssthreshBytes = ssthresh;
      reduceProportionally(b.tcb, delivered, lost, advanced);
      expect(b.tcb.congestion.cwndBytes).toBe(cwnd);
      const counts = delivered > 0 && recovery.priorCwndBytes !== 0;
      expect(b.tcb.recovery.deliveredBytes).toBe(2000 + (counts ? delivered : 0));
    },
  );

  it('in whole segments where segments count, and not at all without PRR', () => {
    const whole = scene('........', { prr: true, sacks: true, countsSegments: true });
    Object.assign(whole.tcb.recovery, PRR);
    whole.tcb.congestion.ssthreshBytes = 5000;
    reduceProportionally(whole.tcb, 1000, false, true);
    expect(whole.tcb.congestion.cwndBytes).toBe(9000);
    const none = scene('........', { sacks: true });
    Object.assign(none.tcb.recovery, PRR);
    reduceProportionally(none.tcb, 1000, false, true);
    expect(none.tcb.congestion.cwndBytes).toBe(10_000);
  });
});

describe('the window grows', () => {
  const USED = { limited: true, mostOutBytes: 10_000 };
  it.each<[string, Parameters<typeof scene>[1], Record<string, unknown>, Partial<AckNews>, number, string[]]>([
    ['slow start', {}, USED, { ackedSegments: 1 }, 11_000, ['slow-start']],
    [
      'at ssthresh: congestion avoidance',
      {},
      { ...USED, ssthreshBytes: 10_000, creditBytes: 9500 },
      { ackedSegments: 1 },
      11_000,
      ['congestion-avoidance'],
    ],
    ['no growth, no note', {}, { ...USED, ssthreshBytes: 10_000 }, { ackedSegments: 1 }, 10_000, []],
    ['not unless it was full', {}, { limited: false, mostOutBytes: 0 }, { ackedSegments: 1 }, 10_000, []],
    ['not by a duplicate', {}, USED, { ackedSegments: 0 }, 10_000, []],
    ['not by a SACK', { sacks: true }, USED, { ackedSegments: 0, sackedSegments: 1 }, 10_000, []],
    ['not without congestion control', { congestionControl: 'off' }, USED, { ackedSegments: 1 }, 10_000, []],
    ['not before it is there', {}, { ...USED, cwndBytes: NEVER }, { ackedSegments: 1 }, NEVER, []],
  ])('%s', (_name, config, congestion, news, cwndBytes, expected) => {
    const b = scene('....', config);
    Object.assign(b.tcb.congestion, congestion);
    grow(b.tcb, newsOf(b, news), 1000, b.ctx);
    expect(b.tcb.congestion.cwndBytes).toBe(cwndBytes);
    expect(notes(b)).toEqual(expected);
  });

  it.each<[number, boolean, number, number]>([
    [4, true, 1, 11_000],
    [3, true, 1, 10_000],
    [4, true, 0, 10_000],
    [4, false, 1, 10_000],
  ])(
    'by a SACK where segments overtake: a threshold of %i, SACK %s, %i SACKed',
    (dupThresh, sacks, sackedSegments, cwnd) => {
      const b = scene('....', { sacks });
      Object.assign(b.tcb.congestion, USED);
      b.tcb.recovery.dupThresh = dupThresh;
      grow(b.tcb, newsOf(b, { sackedSegments }), 1000, b.ctx);
      expect(b.tcb.congestion.cwndBytes).toBe(cwnd);
    },
  );

  it.each<[boolean, number, number, boolean]>([
    [true, 5000, 0, true],
    [false, NEVER, 5000, false],
    [false, NEVER, 5001, true],
    [false, 10_000, 9000, false],
    [false, 10_001, 9000, true],
  ])('is in use: full %s, ssthresh %d, %i on their way at most', (limited, ssthreshBytes, mostOutBytes, expected) => {
    const b = scene('');
    Object.assign(b.tcb.congestion, { limited, ssthreshBytes, mostOutBytes });
    expect(windowInUse(b.tcb)).toBe(expected);
  });
});

describe('a false alarm', () => {
  it.each([
    ['....', -1],
    ['rr..', 2],
  ])('is looked out for from %s on', (letters, undoResent) => {
    const b = scene(letters, { sacks: true });
    rememberForUndo(b.tcb);
    expect(b.tcb.recovery).toMatchObject({ undoFrom: b.at(0), undoResent });
  });

  it('every retransmission has to be spoken of', () => {
    const b = scene('....', { sacks: true });
    rememberForUndo(b.tcb);
    noteResent(b.tcb, 5_000_000, 400);
    noteResent(b.tcb, 9_000_000, 500);
    expect(b.tcb.recovery).toMatchObject({ undoResent: 2, firstResendTs: 5001, outBytes: 900 });
  });

  it.each<[boolean, number | null, number, number | null, boolean]>([
    [true, 1, 0, null, true],
    [true, 1, 1, null, false],
    [true, 1, 1, 99, true],
    [true, 1, 1, 100, false],
    [true, 1, 1, 101, false],
    [true, 1, 1, 0, false],
    [true, null, 0, null, false],
    [false, 1, 0, 99, false],
  ])('undo %s, from %s, %i left, an echo of %s: %s', (undo, undoFrom, undoResent, tsecr, expected) => {
    const b = scene('....', { undo });
    Object.assign(b.tcb.recovery, { undoFrom, undoResent, firstResendTs: 100 });
    expect(mayUndo(b.tcb, newsOf(b, { tsecr }))).toBe(expected);
  });

  it('timestamps wrap, and say nothing before a retransmission', () => {
    const b = scene('....');
    b.tcb.recovery.firstResendTs = 5;
    expect(wasDelayed(b.tcb, newsOf(b, { tsecr: 2 ** 32 - 3 }))).toBe(true);
    b.tcb.recovery.firstResendTs = null;
    expect(wasDelayed(b.tcb, newsOf(b, { tsecr: 2 }))).toBe(false);
  });

  it.each([
    [true, 's.r.', 20_000, 20_000, 30_000],
    [false, 'slr.', 20_000, 20_000, 30_000],
    [false, 'slr.', 5000, 10_000, 8000],
  ])('is taken back (losses forgotten: %s)', (forget, letters, undoCwndBytes, cwndBytes, ssthresh) => {
    const b = scene(letters, { sacks: true });
    b.tcb.congestion.ssthreshBytes = 8000;
    const undoSsthreshBytes = ssthresh === 8000 ? 1000 : ssthresh;
    Object.assign(b.tcb.recovery, { undoCwndBytes, undoSsthreshBytes, undoFrom: b.at(0) });
    undoReduction(b.tcb, forget, b.ctx);
    expect(b.tcb.congestion).toMatchObject({ cwndBytes, ssthreshBytes: ssthresh });
    expect(b.tcb.recovery.undoFrom).toBeNull();
    expect(b.tcb.retransmissionQueue.lostSegments).toBe(forget ? 0 : 2);
    expect(notes(b)).toEqual(['reduction-undone']);
  });
});

describe('the idle restart (RFC 5681 section 4.1)', () => {
  const IDLE: Partial<HostConfig> = { countsSegments: true };
  it.each<[string, Partial<HostConfig>, number | null, number, number, number, boolean]>([
    ['at once', IDLE, 1_000_001, 64, 64, 10, true],
    ['not within an RTO', IDLE, 1_000_000, 64, 64, 64, false],
    ['not before anything was sent', IDLE, null, 64, 64, 64, false],
    ['not when it is off', { ...IDLE, idleRestart: 'off' }, 9_000_000, 64, 64, 64, false],
    ['a small window stays', IDLE, 9_000_000, 4, 4, 4, false],
    ['halved once for each RTO (RFC 2861)', { ...IDLE, idleRestart: 'halving' }, 1_000_001, 64, 64, 32, true],
    ['two RTOs are over', { ...IDLE, idleRestart: 'halving' }, 2_000_000, 64, 64, 32, true],
    ['a third begins', { ...IDLE, idleRestart: 'halving' }, 2_000_001, 64, 64, 16, true],
    ['no further than a restart', { ...IDLE, idleRestart: 'halving' }, 60_000_000, 64, 64, 10, true],
    ['whole segments', { ...IDLE, idleRestart: 'halving' }, 1_000_001, 25, 25, 12, true],
  ])('%s', (_name, config, idleUs, before, ssthresh, after, restarted) => {
    const b = scene('', config);
    const { congestion } = b.tcb;
    congestion.sentAtUs = idleUs === null ? null : b.ctx.nowUs - idleUs;
    Object.assign(congestion, { cwndBytes: before * MSS, ssthreshBytes: 5 * MSS, limited: true });
    beforeNewData(b.tcb, b.ctx);
    expect(congestion.cwndBytes).toBe(after * MSS);
    expect(notes(b)).toEqual(restarted ? ['idle-restart'] : []);
    // RFC 2861 keeps three quarters of what was known.
    const known = Math.floor(before / 2) + Math.floor(ssthresh / 4);
    if (config.idleRestart === 'halving') expect(congestion.ssthreshBytes).toBe(known * MSS);
    else expect(congestion.ssthreshBytes).toBe(5 * MSS);
    if (restarted) expect(congestion.limited).toBe(false);
  });

  it('is none while something is on its way, and without a window', () => {
    const busy = scene('.', IDLE);
    Object.assign(busy.tcb.congestion, { sentAtUs: 0, cwndBytes: 64 * MSS });
    beforeNewData(busy.tcb, busy.ctx);
    expect(busy.tcb.congestion.cwndBytes).toBe(64 * MSS);
    const free = scene('', IDLE);
    Object.assign(free.tcb.congestion, { sentAtUs: 0, cwndBytes: NEVER });
    beforeNewData(free.tcb, free.ctx);
    expect(free.tcb.congestion.cwndBytes).toBe(NEVER);
  });

  it.each([
    ['', 2501],
    ['.', 2500],
  ])('the curve of CUBIC stands still only while nothing is on its way: %j', (letters, epochTick) => {
    const b = scene(letters, { congestionControl: 'cubic', cubicTickUs: 4000, idleRestart: 'off' });
    b.tcb.congestion.sentAtUs = b.ctx.nowUs - 4000;
    b.tcb.congestion.cubic.epochTick = 2500;
    beforeNewData(b.tcb, b.ctx);
    expect(b.tcb.congestion.cubic.epochTick).toBe(epochTick);
  });
});

describe('what was sent, and whether the window was full', () => {
  it.each<[string, string, Parameters<typeof scene>[1], number, boolean]>([
    ['full', '....', {}, 4000, true],
    ['full but for less than a segment', '....', {}, 4999, true],
    ['room for a segment', '....', {}, 5000, false],
    ['full, in segments', '....', { countsSegments: true }, 4000, true],
    ['not full, in segments', '....', { countsSegments: true }, 4001, false],
  ])('%s', (_name, letters, config, cwndBytes, limited) => {
    const b = scene(letters, config);
    b.tcb.congestion.cwndBytes = cwndBytes;
    b.tcb.congestion.roundEnd = b.at(0);
    newDataSent(b.tcb, 1000, b.ctx);
    const { congestion, recovery } = b.tcb;
    expect(congestion).toMatchObject({ limited, mostOutBytes: 4000, roundEnd: b.at(4), sentAtUs: b.ctx.nowUs });
    expect(recovery.outBytes).toBe(1000);
  });

  it.each<[string, boolean, number, number, [boolean, number]]>([
    ['once full it was full in this round', true, 9000, 20_000, [true, 9000]],
    ['the most of the round', false, 3000, 20_000, [false, 4000]],
    ['no more than the most', false, 4000, 20_000, [false, 4000]],
    ['less than the most', false, 6000, 20_000, [false, 6000]],
    ['full now', false, 6000, 4000, [true, 4000]],
  ])('within a round: %s', (_name, limited, mostOutBytes, cwndBytes, expected) => {
    const b = scene('....');
    Object.assign(b.tcb.congestion, { limited, mostOutBytes, cwndBytes, roundEnd: b.at(2) });
    newDataSent(b.tcb, 0, b.ctx);
    expect([b.tcb.congestion.limited, b.tcb.congestion.mostOutBytes]).toEqual(expected);
    expect(b.tcb.congestion.sentAtUs).toBeNull();
  });

  const HALVING: Partial<HostConfig> = { idleRestart: 'halving', countsSegments: true };
  it.each<[string, Record<string, unknown>, RecoveryPhase, number, number, number]>([
    ['half-way to what was used', { fullAtUs: LEFT_US - 950_000, usedBytes: 20_000 }, 'open', 30, 0, 22],
    ['what is used now counts', { fullAtUs: LEFT_US - 950_000, usedBytes: 1000 }, 'open', 25, 0, 22],
    ['not within an RTO', { fullAtUs: LEFT_US - 949_999, usedBytes: 20_000 }, 'open', 40, 20_000, 0],
    ['not during recovery', { fullAtUs: LEFT_US - 950_000, usedBytes: 20_000 }, 'disorder', 40, 20_000, 0],
    ['not when as much was used', { fullAtUs: LEFT_US - 950_000, usedBytes: 40_000 }, 'open', 40, 0, 0],
  ])('a window that was not used (RFC 2861 section 3.2): %s', (_name, congestion, phase, cwnd, used, ssthresh) => {
    const b = scene('....', HALVING);
    b.tcb.recovery.phase = phase;
    Object.assign(b.tcb.congestion, { cwndBytes: 40_000, ssthreshBytes: 0, roundEnd: b.at(2), ...congestion });
    newDataSent(b.tcb, 1000, b.ctx);
    expect(b.tcb.congestion.usedBytes).toBe(used);
    expect(b.tcb.congestion.cwndBytes).toBe(cwnd * MSS);
    expect(notes(b)).toEqual(cwnd < 40 ? ['window-unused'] : []);
    expect(b.tcb.congestion.ssthreshBytes).toBe(ssthresh === 0 ? 0 : 30_000);
    const waited = congestion.fullAtUs === LEFT_US - 950_000;
    expect(b.tcb.congestion.fullAtUs).toBe(waited ? b.ctx.nowUs : congestion.fullAtUs);
  });

  it('a full window begins the wait anew, and only where windows are validated', () => {
    const b = scene('....', HALVING);
    Object.assign(b.tcb.congestion, { cwndBytes: 4000, usedBytes: 900, fullAtUs: 1 });
    newDataSent(b.tcb, 1000, b.ctx);
    expect(b.tcb.congestion).toMatchObject({ usedBytes: 0, fullAtUs: b.ctx.nowUs, cwndBytes: 4000 });
    const other = scene('....');
    Object.assign(other.tcb.congestion, { cwndBytes: 40_000, usedBytes: 900, fullAtUs: 1 });
    newDataSent(other.tcb, 1000, other.ctx);
    expect(other.tcb.congestion).toMatchObject({ usedBytes: 900, fullAtUs: 1, cwndBytes: 40_000 });
  });
});

describe('the tail loss probe (RFC 8985 section 7)', () => {
  const TLP = { tailLossProbe: true, sacks: true, rtoInitialUs: 900_000 };
  it.each<[string, string, Parameters<typeof scene>[1], Partial<RecoveryState>, number | null, number | null]>([
    ['two round trips', '..', TLP, {}, 40_000, 82_000],
    ['a lone segment waits for a delayed ACK', '.', TLP, {}, 40_000, 280_000],
    ['no round trip yet: one second', '..', TLP, {}, null, 900_000],
    ['while a mark is answered', '..', TLP, { phase: 'reducing' }, 40_000, 82_000],
    ['not in disorder', '..', TLP, { phase: 'disorder' }, 40_000, null],
    ['not in recovery', '..', TLP, { phase: 'recovery' }, 40_000, null],
    ['not while something is SACKed', '.s', TLP, {}, 40_000, null],
    ['not without SACK', '..', { ...TLP, sacks: false }, {}, 40_000, null],
    ['not where it is off', '..', { ...TLP, tailLossProbe: false }, {}, 40_000, null],
    ['one at a time', '..', TLP, { tlpEnd: 5 as Seq }, 40_000, null],
  ])('PTO: %s', (_name, letters, config, recovery, srttUs, expected) => {
    const b = scene(letters, config);
    Object.assign(b.tcb.recovery, recovery);
    b.tcb.rto.srttUs = srttUs;
    expect(probeTimeoutUs(b.tcb)).toBe(expected);
  });

  it('none for a SYN', () => {
    const b = scene('..', TLP);
    b.tcb.snd.una = b.iss;
    expect(probeTimeoutUs(b.tcb)).toBeNull();
  });

  it('takes the place of the retransmission timer, and comes no later', () => {
    const b = scene('..', TLP);
    b.tcb.rto.srttUs = 40_000;
    b.tcb.timers.retransmission = 1e9;
    watchFlight(b.tcb, b.ctx);
    expect(b.tcb.timers.retransmission).toBe(NEVER);
    expect(b.tcb.timers['loss-probe']).toBe(b.ctx.nowUs + 82_000);
    b.tcb.rto.rtoUs = 50_000;
    watchFlight(b.tcb, b.ctx);
    expect(b.tcb.timers['loss-probe']).toBe(b.ctx.nowUs + 50_000);
    b.tcb.recovery.phase = 'recovery';
    watchFlight(b.tcb, b.ctx);
    expect(b.tcb.timers['loss-probe']).toBe(NEVER);
    expect(b.tcb.timers.retransmission).toBe(b.ctx.nowUs + 50_000);
  });

  it('nothing is watched when nothing is on its way', () => {
    const b = scene('', TLP);
    b.events.length = 0;
    watchFlight(b.tcb, b.ctx);
    expect(b.events).toEqual([]);
  });

  it.each<[string, number, Partial<RecoveryState>, Partial<AckNews>, 'kept' | 'over' | 'repaired']>([
    ['an ACK below the probe', 1, { tlpResent: true }, {}, 'kept'],
    ['a probe with new data is no sign', 2, { tlpResent: false }, { advanced: true }, 'over'],
    ['a DSACK: both copies came', 2, { tlpResent: true }, { probeTwice: true }, 'over'],
    ['an ACK beyond without DSACK: the probe repaired a loss', 3, { tlpResent: true }, { advanced: true }, 'repaired'],
    ['the first ACK of the end', 2, { tlpResent: true }, { advanced: true }, 'kept'],
    ['a second, with nothing new: both copies came', 2, { tlpResent: true }, {}, 'over'],
    ['a SACK is new', 2, { tlpResent: true }, { sackedSegments: 1 }, 'kept'],
  ])('answered: %s', (_name, una, recovery, news, expected) => {
    const b = scene('....', TLP);
    Object.assign(b.tcb.recovery, recovery, { tlpEnd: b.at(2) });
    b.tcb.snd.una = b.at(una);
    answerProbe(b.tcb, newsOf(b, news), b.ctx);
    expect(b.tcb.recovery.tlpEnd).toBe(expected === 'kept' ? b.at(2) : null);
    expect(notes(b)).toEqual(expected === 'repaired' ? ['tail-probe-repaired'] : []);
    expect(b.tcb.congestion.cwndBytes).toBe(expected === 'repaired' ? 2000 : 10_000);
    expect(b.tcb.recovery.phase).toBe('open');
  });
});

describe('lost segments', () => {
  it.each([
    ['.', true, 'l'],
    ['s', false, 's'],
    ['l', false, 'l'],
    ['r', true, 'l'],
    ['', false, ''],
  ])('%j is taken to be lost: %s', (letters, expected, after) => {
    const b = scene(letters);
    expect(markLost(b.tcb, 0)).toBe(expected);
    expect(marks(b)).toBe(after);
  });

  it.each<[RecoveryPhase, number, boolean, string, string, string[]]>([
    ['open', 3, false, '...', 'l..', ['duplicates-loss']],
    ['disorder', 3, false, '...', 'l..', ['duplicates-loss']],
    ['reducing', 4, false, '...', 'l..', ['duplicates-loss']],
    ['disorder', 2, false, '...', '...', []],
    ['disorder', 2, true, '...', '...', []],
    ['recovery', 3, false, '...', '...', []],
    ['recovery', 0, true, '...', 'l..', ['partial-ack-loss']],
    ['loss', 5, true, '...', '...', []],
    ['recovery', 0, true, 'r..', 'r..', []],
    ['recovery', 0, true, 'l..', 'l..', []],
  ])('without SACK: %s, %i duplicates, advanced %s, %s', (phase, dupAcks, advanced, letters, after, expected) => {
    const b = scene(letters);
    Object.assign(b.tcb.recovery, { phase, dupAcks });
    detectLosses(b.tcb, advanced, b.ctx);
    expect(marks(b)).toBe(after);
    expect(notes(b)).toEqual(expected);
  });

  // 50 ms after the first segment left: each later one has been under way a millisecond less.
  it.each<[string, string, Partial<RecoveryState>, number, string, number]>([
    ['nothing was SACKed or sent again', '...', { rackRttUs: 1000, rackOrder: 12 }, 0, '...', 0],
    [
      'as long as the round trip of a later one',
      '...s',
      { rackRttUs: 50_000, rackOrder: 13, phase: 'recovery' },
      40_000,
      'l..s',
      2000,
    ],
    ['only what left before it', '...s.', { rackRttUs: 1000, rackOrder: 11, phase: 'recovery' }, 40_000, 'll.s.', 0],
    [
      'the wait is as long as the last needs',
      '..s',
      { rackRttUs: 60_000, rackOrder: 12, phase: 'recovery' },
      40_000,
      '..s',
      11_000,
    ],
    ['a quarter of the least round trip more', '..s', { rackRttUs: 40_000, rackOrder: 12 }, 40_000, 'l.s', 1000],
    [
      'not in recovery while nothing was overtaken',
      '..s',
      { rackRttUs: 40_000, rackOrder: 12, phase: 'recovery' },
      40_000,
      'lls',
      0,
    ],
    ['nor after a timeout', '..s', { rackRttUs: 40_000, rackOrder: 12, phase: 'loss' }, 40_000, 'lls', 0],
    ['nor with enough SACKs', '..sss', { rackRttUs: 40_000, rackOrder: 14 }, 40_000, 'llsss', 0],
    ['two are not enough', '..ss', { rackRttUs: 40_000, rackOrder: 14 }, 40_000, 'l.ss', 1000],
    [
      'but where overtaking was seen',
      '..sss',
      { rackRttUs: 40_000, rackOrder: 14, phase: 'recovery', reordering: true },
      40_000,
      'l.sss',
      1000,
    ],
    [
      'more quarters after a DSACK',
      '..s',
      { rackRttUs: 30_000, rackOrder: 12, reorderingSteps: 2 },
      40_000,
      'l.s',
      1000,
    ],
    [
      'no more than a smoothed round trip',
      '..s',
      { rackRttUs: 40_000, rackOrder: 12, reorderingSteps: 200 },
      10_000,
      'l.s',
      1000,
    ],
    [
      'what was sent again is lost again',
      'r.s',
      { rackRttUs: 50_000, rackOrder: 12, phase: 'recovery' },
      40_000,
      'l.s',
      1000,
    ],
    [
      'what is lost is left alone',
      'l.s',
      { rackRttUs: 90_000, rackOrder: 12, phase: 'recovery' },
      40_000,
      'l.s',
      41_000,
    ],
  ])('RACK: %s', (_name, letters, recovery, srttUs, after, waitUs) => {
    const b = scene(letters, { rack: true, sacks: true });
    Object.assign(b.tcb.recovery, { minRttUs: 40_000 }, recovery);
    b.tcb.rto.srttUs = srttUs;
    expect(markOutdated(b.tcb, b.ctx)).toBe(waitUs);
    expect(marks(b)).toBe(after);
    expect(notes(b)).toEqual(after === letters ? [] : ['rack-loss']);
  });

  it('RACK looks again only after something arrived, and then waits two ticks more', () => {
    const b = scene('..s', { rack: true, sacks: true });
    Object.assign(b.tcb.recovery, { rackRttUs: 60_000, rackOrder: 12, phase: 'recovery', rackAdvanced: false });
    detectLosses(b.tcb, false, b.ctx);
    expect(b.tcb.timers.reordering).toBe(NEVER);
    b.tcb.recovery.rackAdvanced = true;
    detectLosses(b.tcb, false, b.ctx);
    expect(b.tcb.timers.reordering).toBe(b.ctx.nowUs + 11_000 + 2000);
    expect(b.tcb.recovery.rackAdvanced).toBe(false);
    Object.assign(b.tcb.recovery, { rackRttUs: 1000, rackAdvanced: true });
    detectLosses(b.tcb, false, b.ctx);
    expect([b.tcb.timers.reordering, marks(b)]).toEqual([NEVER, 'lls']);
  });

  it.each([
    [100_000, 60_000, 50_000],
    [100_000, 10_000, 1],
    [NEVER, 60_000, null],
  ])('the wait ends the tail probe (due at %d, RTO %i)', (probeAt, rtoUs, leftUs) => {
    const b = scene('..s', { rack: true, sacks: true });
    Object.assign(b.tcb.recovery, { rackRttUs: 60_000, rackOrder: 12, phase: 'recovery', rackAdvanced: true });
    b.tcb.timers['loss-probe'] = probeAt;
    b.tcb.rto.rtoUs = rtoUs + (leftUs === 50_000 ? 40_000 : 0);
    detectLosses(b.tcb, false, b.ctx);
    expect(b.tcb.timers['loss-probe']).toBe(NEVER);
    expect(b.tcb.timers.retransmission).toBe(leftUs === null ? NEVER : b.ctx.nowUs + leftUs);
  });
});

describe('what an ACK tells of the segments on their way', () => {
  it('counts what left the queue, and what of it was new', () => {
    const b = scene('.s..', { sacks: true });
    b.tcb.snd.una = b.at(3);
    const news = newsOf(b);
    takeAcknowledged(b.tcb, news, b.ctx);
    expect(news).toMatchObject({ ackedSegments: 3, ackedBytes: 3000, freshSegments: 2, freshBytes: 2000 });
    // The one that left last: 2 ms after the first, 50 ms ago.
    expect(news.rttUs).toBe(48_000);
    expect(marks(b)).toBe('.');
  });

  it('the round trip is not told by what was sent twice (Karn)', () => {
    const b = scene('.2.', { sacks: true });
    b.tcb.snd.una = b.at(3);
    const news = newsOf(b);
    takeAcknowledged(b.tcb, news, b.ctx);
    expect(news.rttUs).toBeNull();
  });

  it.each<[string, [number, number][], string]>([
    ['one block', [[1, 2]], '.s...'],
    [
      'two',
      [
        [3, 4],
        [1, 2],
      ],
      '.s.s.',
    ],
    [
      'empty and turned ones are left out',
      [
        [2, 2],
        [4, 3],
        [1, 2],
      ],
      '.s...',
    ],
    ['up to what was sent', [[3, 5]], '...ss'],
    ['not beyond', [[3, 6]], '.....'],
    ['only whole segments', [[1, 2.5]], '.s...'],
    ['from the first whole one', [[0.5, 2]], '.s...'],
  ])('SACK: %s', (_name, blocks, after) => {
    const b = scene('.....', { sacks: true });
    const news = newsOf(b);
    const at = (place: number): Seq => seqAdd(b.iss, 1 + place * MSS);
    takeSackBlocks(
      b.tcb,
      blocks.map(([left, right]) => [at(left), at(right)] as const),
      b.at(0),
      news,
      b.ctx,
    );
    expect(marks(b)).toBe(after);
    const count = [...after].filter((letter) => letter === 's').length;
    expect(news).toMatchObject({ sackedSegments: count, sackedBytes: count * MSS, dsack: false });
  });

  it('a SACK takes the marks of a loss away, and is news once', () => {
    const b = scene('.lrs', { sacks: true });
    const news = newsOf(b);
    takeSackBlocks(b.tcb, [[b.at(1), b.at(4)]], b.at(0), news, b.ctx);
    expect([marks(b), news.sackedSegments]).toEqual(['.sss', 2]);
    expect(b.tcb.retransmissionQueue).toMatchObject({ lostSegments: 0, resentSegments: 0, sackedSegments: 3 });
    expect(highestSacked(b.tcb.retransmissionQueue)).toBe(b.at(4));
  });

  it.each([
    ['....', null],
    ['s...', 1],
    ['.s.s..', 4],
  ])('the highest that was SACKed: %s', (letters, index) => {
    const b = scene(letters);
    expect(highestSacked(b.tcb.retransmissionQueue)).toBe(index === null ? null : b.at(index));
  });

  it.each<[string, number, boolean, boolean]>([
    ['sent once, before the phase began', 2, false, true],
    ['exactly at its end', 1, false, true],
    ['sent later', 0.5, false, false],
  ])('an original arrived (F-RTO): %s', (_name, recover, _again, expected) => {
    const b = scene('...', { sacks: true });
    b.tcb.recovery.recover = seqAdd(b.iss, 1 + recover * MSS);
    b.tcb.snd.una = b.at(1);
    const news = newsOf(b);
    takeAcknowledged(b.tcb, news, b.ctx);
    expect(news.originalArrived).toBe(expected);
  });

  it.each<[string, string, boolean, number]>([
    ['a segment below one that was SACKed was overtaken', '.s..s', true, 4],
    ['sent twice says nothing', '2s..s', false, 3],
    ['none above', '....', false, 3],
  ])('reordering: %s', (_name, letters, seen, dupThresh) => {
    const b = scene(letters, { sacks: true, undo: true });
    b.tcb.snd.una = b.at(1);
    takeAcknowledged(b.tcb, newsOf(b), b.ctx);
    expect([b.tcb.recovery.reordering, b.tcb.recovery.dupThresh]).toEqual([seen, dupThresh]);
  });

  it.each<[boolean, number, number]>([
    [true, 5, 5],
    [true, 4.5, 5],
    [true, 2, 3],
    [true, 301, 300],
    [false, 5, 3],
  ])('the degree of reordering (undo %s): %d segments make a threshold of %i', (undo, segments, expected) => {
    const b = scene('...', { sacks: true, undo });
    noteReordering(b.tcb, b.at(0), seqAdd(b.at(0), segments * MSS));
    expect([b.tcb.recovery.reordering, b.tcb.recovery.dupThresh]).toEqual([true, expected]);
  });

  it.each<[string, string, number, Partial<RecoveryState>]>([
    ['the latest that arrived', '.', NEVER, { rackAdvanced: true, rackRttUs: 50_000, rackOrder: 30, minRttUs: 50_000 }],
    ['the least round trip stays', '.', 20_000, { rackAdvanced: true, rackRttUs: 50_000, minRttUs: 20_000 }],
    [
      'a copy that took longer than the least',
      '2',
      49_999,
      { rackAdvanced: true, rackRttUs: 50_000, minRttUs: 49_999 },
    ],
    ['the first copy perhaps', '2', 50_000, { rackAdvanced: false, rackRttUs: 0, minRttUs: 50_000 }],
  ])('RACK: %s', (_name, letters, minRttUs, expected) => {
    const b = scene(letters, { sacks: true });
    Object.assign(b.tcb.recovery, { minRttUs, rackOrder: 30 });
    b.tcb.snd.una = b.at(1);
    takeAcknowledged(b.tcb, newsOf(b), b.ctx);
    expect(b.tcb.recovery).toMatchObject(expected);
  });

  it.each<[string, [number, number][], number, boolean]>([
    ['below SEG.ACK', [[0, 1]], 2, true],
    ['at SEG.ACK', [[2, 3]], 2, false],
    [
      'inside the second',
      [
        [3, 4],
        [3, 5],
      ],
      2,
      true,
    ],
    [
      'at the end of the second',
      [
        [4, 5],
        [3, 5],
      ],
      2,
      true,
    ],
    [
      'before the second',
      [
        [3, 5],
        [4, 5],
      ],
      2,
      false,
    ],
    [
      'beyond the second',
      [
        [3, 5],
        [3, 4],
      ],
      2,
      false,
    ],
    ['none', [], 2, false],
  ])('a DSACK (RFC 2883): %s', (_name, blocks, ack, expected) => {
    const b = scene('.....', { sacks: true });
    const news = newsOf(b);
    takeSackBlocks(
      b.tcb,
      blocks.map(([left, right]) => [b.at(left), b.at(right)] as const),
      b.at(ack),
      news,
      b.ctx,
    );
    expect(news.dsack).toBe(expected);
    expect(b.tcb.recovery.twiceSegments).toBe(expected ? 1 : 0);
  });

  it.each([
    [1, 1],
    [0, 0],
  ])('with %i retransmissions a DSACK of one tells of %i', (retransmissions, twice) => {
    const b = scene('....', { sacks: true });
    b.tcb.counters.retransmissions = retransmissions;
    const news = newsOf(b);
    takeSackBlocks(b.tcb, [[b.at(0), (b.at(0) + 600) as Seq]], b.at(2), news, b.ctx);
    expect([news.twiceSegments, b.tcb.recovery.twiceSegments]).toEqual([twice, 1]);
  });

  it.each<[string, Partial<RecoveryState>, boolean, number]>([
    ['the end of the probe', { tlpResent: true }, true, 1],
    ['a probe with new data', { tlpResent: false }, false, 2],
  ])('a DSACK of the tail probe: %s', (_name, recovery, expected, steps) => {
    const b = scene('....', { sacks: true });
    Object.assign(b.tcb.recovery, recovery, { tlpEnd: b.at(1), reordering: true });
    const news = newsOf(b);
    takeSackBlocks(b.tcb, [[b.at(0), b.at(1)]], b.at(2), news, b.ctx);
    expect([news.probeTwice, b.tcb.recovery.reorderingSteps]).toEqual([expected, steps]);
  });

  it.each<[string, Partial<RecoveryState>, number, number]>([
    ['once overtaking was seen', { reordering: true }, 2, 16],
    ['not before', { reordering: false }, 1, 0],
    ['255 at most', { reordering: true, reorderingSteps: 255 }, 255, 16],
  ])('a DSACK widens the reordering window %s', (_name, recovery, steps, kept) => {
    const b = scene('....', { sacks: true });
    Object.assign(b.tcb.recovery, recovery);
    takeSackBlocks(b.tcb, [[b.at(0), b.at(1)]], b.at(2), newsOf(b), b.ctx);
    expect([b.tcb.recovery.reorderingSteps, b.tcb.recovery.reorderingKept]).toEqual([steps, kept]);
    expect(b.tcb.recovery.reorderingRound).toBe(kept === 0 ? null : b.at(4));
  });

  it.each([
    [2, 1],
    [1, 2],
    [0, 2],
  ])('once in a round trip: SND.UNA before the end of the round by %i', (round, steps) => {
    const b = scene('....', { sacks: true });
    Object.assign(b.tcb.recovery, { reordering: true, reorderingRound: b.at(round) });
    b.tcb.snd.una = b.at(1);
    takeSackBlocks(b.tcb, [[b.at(0), b.at(1)]], b.at(1), newsOf(b), b.ctx);
    expect(b.tcb.recovery.reorderingSteps).toBe(steps);
  });

  it.each<[string, number | null, number, number]>([
    ['a retransmission of this phase', 0, 2, 1],
    ['none is left', 0, 0, 0],
    ['before this phase', 1, 2, 2],
    ['no phase', null, 2, 2],
  ])('a DSACK speaks of %s', (_name, undoFrom, undoResent, left) => {
    const b = scene('....', { sacks: true });
    Object.assign(b.tcb.recovery, { undoFrom: undoFrom === null ? null : b.at(undoFrom), undoResent });
    takeSackBlocks(b.tcb, [[b.at(0), b.at(1)]], b.at(2), newsOf(b), b.ctx);
    expect(b.tcb.recovery.undoResent).toBe(left);
  });

  it('the timestamp echo counts only where timestamps were agreed on', () => {
    const b = scene('');
    const segment = peerSegment(b, 'ACK', { options: { ts: [5, 9] } });
    expect(freshNews(b.tcb, segment, true)).toMatchObject({ tsecr: null, congested: true });
    b.tcb.options.timestamps = true;
    expect(freshNews(b.tcb, segment, false)).toMatchObject({ tsecr: 9, congested: false });
    expect(freshNews(b.tcb, { ...segment, options: NO_OPTIONS }, false).tsecr).toBeNull();
  });
});

describe('the retransmission timer expired', () => {
  it.each<[string, string, Parameters<typeof scene>[1], number, string]>([
    ['everything is lost', '....', {}, 0, 'llll'],
    ['but what was SACKed', '.s.s', { sacks: true }, 0, 'lsls'],
    ['a receiver that takes back is not believed', 's.s.', { sacks: true }, 0, 'llll'],
    ['RACK spares what left less than a round trip ago', '....', { sacks: true, rack: true }, 49_000, 'll..'],
    ['never the first', '....', { sacks: true, rack: true }, 90_000, 'l...'],
    ['not without RACK', '....', { sacks: true }, 90_000, 'llll'],
    ['not without SACK', '....', { rack: true }, 90_000, 'llll'],
  ])('%s', (_name, letters, config, rackRttUs, after) => {
    const b = scene(letters, config);
    Object.assign(b.tcb.recovery, { rackRttUs, dupAcks: 2 });
    enterLoss(b.tcb, b.ctx);
    expect(marks(b)).toBe(after);
    expect(b.tcb.recovery.dupAcks).toBe(0);
    const left = [...after].filter((letter) => letter === '.').length;
    expect(b.tcb.congestion.cwndBytes).toBe((left + 1) * MSS);
  });

  it('slow start begins anew, and the rounds of HyStart with it', () => {
    const b = scene('....', { congestionControl: 'cubic', cubicTickUs: 4000 });
    Object.assign(b.tcb.congestion, { creditBytes: 5 });
    b.tcb.congestion.cubic.acked = 9;
    Object.assign(b.tcb.congestion.hystart, { found: true, leastRttUs: 7 });
    Object.assign(b.tcb.recovery, { tlpEnd: b.at(1), firstResendTs: 4 });
    enterLoss(b.tcb, b.ctx);
    expect(b.tcb.congestion.creditBytes).toBe(0);
    expect(b.tcb.congestion.cubic.acked).toBe(0);
    expect(b.tcb.congestion.hystart).toMatchObject({ found: false, leastRttUs: 0, roundAtUs: b.ctx.nowUs });
    expect(b.tcb.congestion.hystart.roundEnd).toBe(b.at(4));
    const recovery = { phase: 'loss', recover: b.at(4), tlpEnd: null, firstResendTs: null, undoFrom: b.at(0) };
    expect(b.tcb.recovery).toMatchObject(recovery);
    expect(notes(b)).toEqual(['timeout-slow-start']);
  });

  it('without congestion control the window stays', () => {
    const b = scene('....', { congestionControl: 'off' });
    enterLoss(b.tcb, b.ctx);
    expect(b.tcb.congestion.cwndBytes).toBe(10_000);
  });

  it.each<[string, RecoveryPhase, number, number, boolean, boolean, boolean]>([
    ['of something new', 'open', 0, 4, true, true, true],
    ['in fast recovery: ssthresh has fallen already', 'recovery', 0, 4, false, false, true],
    ['in fast recovery whose data is all acknowledged', 'recovery', 0, 0, true, false, true],
    ['the same segment again', 'loss', 1, 4, false, true, false],
    ['after slow start got on', 'loss', 0, 4, true, false, false],
    ['in fast recovery, the segment again', 'recovery', 1, 4, false, true, true],
  ])('a timeout %s', (_name, phase, attempts, recover, falls, frto, told) => {
    const b = scene('....', { frto: true });
    Object.assign(b.tcb.recovery, { phase, recover: b.at(recover) });
    b.tcb.rto.attempts = attempts;
    enterLoss(b.tcb, b.ctx);
    expect(b.tcb.congestion.ssthreshBytes).toBe(falls ? 2000 : NEVER);
    expect(b.tcb.recovery.frto).toBe(frto);
    expect(notes(b)).toEqual(told ? ['timeout-slow-start'] : []);
  });

  it('F-RTO only where the host has it', () => {
    const b = scene('....');
    enterLoss(b.tcb, b.ctx);
    expect(b.tcb.recovery.frto).toBe(false);
  });
});

describe('ACKs after a timeout (RFC 5682)', () => {
  interface After {
    readonly recovery?: Partial<RecoveryState>;
    readonly una?: number;
    readonly recover?: number;
    readonly news?: Partial<AckNews>;
    readonly config?: Parameters<typeof scene>[1];
    readonly queued?: boolean;
    readonly wnd?: number;
  }

  /** Four segments were on their way at the timeout; one duplicate ACK delivers 1000 bytes. */
  function ackAfterTimeout(fields: After): { b: Scene; delivered: number } {
    const b = scene('llll', fields.config);
    if (fields.queued === true) send(b, 9 * MSS);
    b.tcb.snd.una = b.at(fields.una ?? 0);
    if (fields.wnd !== undefined) b.tcb.snd.wnd = fields.wnd;
    Object.assign(b.tcb.recovery, { phase: 'loss', recover: b.at(fields.recover ?? 4), dupAcks: 2 }, fields.recovery);
    b.events.length = 0;
    const delivered = recoverFromTimeout(b.tcb, newsOf(b, fields.news), b.ctx, () => MSS);
    return { b, delivered };
  }

  it('the ACK of all ends the phase', () => {
    const { b, delivered } = ackAfterTimeout({
      una: 4,
      recovery: { frto: true, firstResendTs: 3 },
      news: { advanced: true },
    });
    expect(delivered).toBe(0);
    expect(b.tcb.recovery).toMatchObject({ phase: 'open', dupAcks: 0, frto: false, firstResendTs: null });
    expect(notes(b)).toEqual(['recovery-ends']);
  });

  it.each<[string, After, number, number]>([
    ['a duplicate, once something new has left', { recover: 2, news: { duplicate: true } }, MSS, 2],
    ['a duplicate before', { news: { duplicate: true } }, 0, 2],
    ['no duplicate', { recover: 2 }, 0, 2],
    ['an advance forgets duplicates', { una: 1, news: { advanced: true } }, 0, 0],
    [
      'with SACK they do not count',
      { una: 1, recover: 2, news: { advanced: true, duplicate: true }, config: { sacks: true } },
      0,
      2,
    ],
  ])('%s', (_name, fields, expected, dupAcks) => {
    const { b, delivered } = ackAfterTimeout(fields);
    expect([delivered, b.tcb.recovery.dupAcks, b.tcb.recovery.phase]).toEqual([expected, dupAcks, 'loss']);
  });

  const UNDO: After = { una: 1, recovery: { undoFrom: 1 as Seq, undoResent: 0 }, config: { undo: true, sacks: true } };
  it('a needless timeout is taken back as the data is acknowledged, losses and all', () => {
    const { b } = ackAfterTimeout({ ...UNDO, news: { advanced: true } });
    expect([b.tcb.recovery.phase, marks(b)]).toEqual(['open', '....']);
    expect(notes(b)).toEqual(['reduction-undone']);
    expect(ackAfterTimeout(UNDO).b.tcb.recovery.phase).toBe('loss');
  });

  it('at its end a DSACK takes it back, too', () => {
    const { b } = ackAfterTimeout({ ...UNDO, una: 4 });
    expect(notes(b)).toEqual(['reduction-undone', 'recovery-ends']);
    expect(marks(b)).toBe('llll');
  });

  const FRTO: After = { recovery: { frto: true }, una: 1, news: { advanced: true }, queued: true };
  it.each<[string, After, string[], boolean, boolean]>([
    ['step 2b: new data goes first', FRTO, ['frto-new-data'], true, true],
    ['nothing new to send', { ...FRTO, queued: false }, [], false, false],
    ['no window for it', { ...FRTO, wnd: 3 * MSS }, [], false, false],
    ['a window for one octet', { ...FRTO, wnd: 3 * MSS + 1 }, ['frto-new-data'], true, true],
    [
      'step 3b: an original arrived',
      { ...FRTO, news: { originalArrived: true } },
      ['frto-spurious', 'reduction-undone'],
      false,
      false,
    ],
    ['step 3a: a duplicate after new data', { ...FRTO, recover: 2, news: { duplicate: true } }, [], false, false],
    ['step 3a: a SACK after new data', { ...FRTO, recover: 2, news: { sackedSegments: 1 } }, [], false, false],
    ['nothing told after new data', { ...FRTO, recover: 2, news: {} }, [], false, true],
    ['a duplicate before new data', { ...FRTO, una: 0, news: { duplicate: true } }, [], false, true],
  ])('F-RTO, %s', (_name, fields, expected, newDataFirst, frto) => {
    const { b } = ackAfterTimeout(fields);
    expect(notes(b)).toEqual(expected);
    expect([b.tcb.recovery.newDataFirst, b.tcb.recovery.frto]).toEqual([newDataFirst, frto]);
    expect(b.tcb.recovery.phase).toBe(expected.includes('frto-spurious') ? 'open' : 'loss');
    if (newDataFirst) expect(b.tcb.recovery.recover).toBe(b.at(4));
  });
});
