import { describe, expect, it } from 'vitest';
import { NO_OPTIONS } from '../../../src/engine/segment';
import { type Seq, seqAdd } from '../../../src/engine/seq';
import { detectLosses, markLost, markOutdated } from '../../../src/engine/tcp/recovery/detect';
import {
  freshNews,
  highestSacked,
  noteReordering,
  takeAcknowledged,
  takeSackBlocks,
} from '../../../src/engine/tcp/recovery/scoreboard';
import type { RecoveryPhase, RecoveryState } from '../../../src/engine/tcp/recovery/state';
import { peerSegment } from './harness';

import { MSS, marks, NEVER, newsOf, notes, scene } from './scene';

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

  it.each([0, 2000])('RACK looks again only after something arrived, and then waits %i us more', (rackTimerSlackUs) => {
    const b = scene('..s', { rack: true, sacks: true, rackTimerSlackUs });
    Object.assign(b.tcb.recovery, { rackRttUs: 60_000, rackOrder: 12, phase: 'recovery', rackAdvanced: false });
    detectLosses(b.tcb, false, b.ctx);
    expect(b.tcb.timers.reordering).toBe(NEVER);
    b.tcb.recovery.rackAdvanced = true;
    detectLosses(b.tcb, false, b.ctx);
    expect(b.tcb.timers.reordering).toBe(b.ctx.nowUs + 11_000 + rackTimerSlackUs);
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

  it.each<[string, number, boolean]>([
    ['sent once, before the phase began', 2, true],
    ['exactly at its end', 1, true],
    ['sent later', 0.5, false],
  ])('an original arrived (F-RTO): %s', (_name, recover, expected) => {
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

  it.each<[string, string, number, Partial<RecoveryState>, boolean?]>([
    ['the latest that arrived', '.', NEVER, { rackAdvanced: true, rackRttUs: 50_000, rackOrder: 30, minRttUs: 50_000 }],
    ['the least round trip stays', '.', 20_000, { rackAdvanced: true, rackRttUs: 50_000, minRttUs: 20_000 }],
    [
      'a copy that took longer than the least',
      '2',
      49_999,
      { rackAdvanced: true, rackRttUs: 50_000, minRttUs: 49_999 },
    ],
    ['a copy that took as long as the least', '2', 50_000, { rackAdvanced: true, rackRttUs: 50_000 }],
    ['the first copy perhaps', '2', 50_001, { rackAdvanced: false, rackRttUs: 0, minRttUs: 50_001 }],
    ['the first copy perhaps, where that is doubted', '2', 50_000, { rackAdvanced: false, rackRttUs: 0 }, true],
    ['a copy that took longer, where that is doubted', '2', 49_999, { rackAdvanced: true, rackRttUs: 50_000 }, true],
  ])('RACK: %s', (_name, letters, minRttUs, expected, rackDoubtsLeastRtt = false) => {
    const b = scene(letters, { sacks: true, rackDoubtsLeastRtt });
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
