import { describe, expect, it } from 'vitest';
import type { Seq } from '../../../src/engine/seq';
import { enterLoss } from '../../../src/engine/tcp/recovery/loss';
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
import type { AckNews } from '../../../src/engine/tcp/recovery/scoreboard';
import { windowInUse } from '../../../src/engine/tcp/recovery/sending';
import {
  congestionRoom,
  pipeBytes,
  type RecoveryPhase,
  type RecoveryState,
  runsOnInRecovery,
} from '../../../src/engine/tcp/recovery/state';
import { entryAt, replaceEntry } from '../../../src/engine/tcp/retransmissionQueue';

import { MSS, NEVER, newsOf, notes, scene } from './scene';

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

  it.each([
    // a tail loss probe sent old data again, or new data: it may bring a DSACK of its own
    [true, 1],
    [false, -1],
  ])('a probe is on its way (old data: %s)', (tlpResent, undoResent) => {
    const b = scene('....', { sacks: true });
    Object.assign(b.tcb.recovery, { tlpEnd: b.tcb.snd.nxt, tlpResent });
    rememberForUndo(b.tcb);
    expect(b.tcb.recovery.undoResent).toBe(undoResent);
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
    undoReduction(b.tcb, forget, b.ctx, 'reduction-undone');
    expect(b.tcb.congestion).toMatchObject({ cwndBytes, ssthreshBytes: ssthresh });
    expect(b.tcb.recovery.undoFrom).toBeNull();
    expect(b.tcb.retransmissionQueue.lostSegments).toBe(forget ? 0 : 2);
    expect(notes(b)).toEqual(['reduction-undone']);
  });
});
