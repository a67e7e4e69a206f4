import { describe, expect, it } from 'vitest';
import { recover } from '../../../src/engine/tcp/recovery/acks';
import type { AckNews } from '../../../src/engine/tcp/recovery/scoreboard';
import type { RecoveryPhase, RecoveryState } from '../../../src/engine/tcp/recovery/state';
import { MSS, marks, newsOf, notes, type Scene, scene } from './scene';

type Config = Parameters<typeof scene>[1];

/** An ACK with SND.UNA at segment `una`; cwnd was 10 segments, and 10 before the reduction; ssthresh is 5. */
function ack(
  letters: string,
  config: Config,
  recovery: Partial<RecoveryState>,
  una: number,
  fields: Partial<AckNews>,
): Scene {
  const b = scene(letters, config);
  const before = { recover: b.at(8), priorCwndBytes: 10 * MSS, undoCwndBytes: 10 * MSS, undoSsthreshBytes: 9 * MSS };
  Object.assign(b.tcb.recovery, before, recovery);
  b.tcb.congestion.ssthreshBytes = 5 * MSS;
  b.tcb.snd.una = b.at(una);
  recover(b.tcb, newsOf(b, fields), b.ctx);
  return b;
}

const FROM = 1001 as RecoveryState['undoFrom'];

describe('what an ACK delivers (RFC 9937 section 6, DeliveredData)', () => {
  const delivered = (config: Config, recovery: Partial<RecoveryState>, fields: Partial<AckNews>): number =>
    ack('......', { prr: true, ...config }, { phase: 'recovery', ...recovery }, 1, { advanced: true, ...fields }).tcb
      .recovery.deliveredBytes;

  const SACKED = { ackedSegments: 3, freshSegments: 1, freshBytes: 600, sackedSegments: 2, sackedBytes: 1700 };

  it.each<[string, Config, Partial<AckNews>, number]>([
    ['with SACK what neither ACKs nor SACKs had told of', { sacks: true }, SACKED, 2300],
    ['in segments where the window counts them', { sacks: true, countsSegments: true }, SACKED, 3000],
    ['and what a DSACK tells to have come twice', { sacks: true, undo: true }, { ...SACKED, twiceSegments: 2 }, 4300],
    ['which other hosts do not count', { sacks: true }, { ...SACKED, twiceSegments: 2 }, 2300],
  ])('%s', (_what, config, fields, bytes) => expect(delivered(config, {}, fields)).toBe(bytes));

  it.each<[string, number, number, Config, number, number]>([
    // Duplicates so far, segments that this ACK (of 2500 bytes) acknowledges; delivered, and duplicates that are left.
    ['all that is acknowledged', 0, 3, {}, 2500, 0],
    ['in segments', 0, 3, { countsSegments: true }, 3000, 0],
    ['less what duplicates told of', 1, 3, {}, 2000, 0],
    ['one segment at least', 2, 3, {}, 1000, 0],
    ['duplicates that stand for more remain', 5, 2, {}, 1000, 4],
    ['an ACK of no whole segment delivers none', 3, 0, {}, 0, 3],
  ])('without SACK %s', (_what, dupAcks, ackedSegments, config, bytes, left) => {
    const fields = { advanced: true, ackedSegments, ackedBytes: 2500 };
    const b = ack('........', { prr: true, ...config }, { phase: 'recovery', dupAcks }, 1, fields);
    expect([b.tcb.recovery.deliveredBytes, b.tcb.recovery.dupAcks]).toEqual([bytes, left]);
  });

  it('each duplicate in recovery delivers a segment', () => {
    const b = ack('........', { prr: true }, { phase: 'recovery', dupAcks: 3 }, 0, { duplicate: true });
    expect([b.tcb.recovery.deliveredBytes, b.tcb.recovery.dupAcks]).toEqual([MSS, 4]);
    const none = ack('........', { prr: true }, { phase: 'recovery', dupAcks: 3 }, 0, {});
    expect([none.tcb.recovery.deliveredBytes, none.tcb.recovery.dupAcks]).toEqual([0, 3]);
  });
});

describe('duplicates stand for segments that arrived (RFC 5681 section 3.2)', () => {
  it.each<[string, string, Config, number, number, number]>([
    // Marks, duplicates before; duplicates then, and DupThresh.
    ['no more than can have arrived: others overtook them', '....', { prr: true, undo: true, dupThresh: 9 }, 3, 3, 9],
    ['which raises a threshold below', '....', { prr: true, undo: true, dupThresh: 1 }, 3, 3, 4],
    ['where reductions are taken back', '....', { prr: true, dupThresh: 1 }, 3, 3, 1],
    ['beside what is lost', '..ll', { prr: true, undo: true, dupThresh: 9 }, 2, 2, 9],
    ['and there is room for one more', '...ll', { prr: true, undo: true, dupThresh: 9 }, 2, 3, 9],
    ['a window that is inflated takes each', '....', { dupThresh: 9 }, 3, 4, 9],
  ])('%s', (_what, letters, config, before, after, threshold) => {
    const b = ack(letters, config, { phase: 'disorder', dupAcks: before }, 0, { duplicate: true });
    expect([b.tcb.recovery.dupAcks, b.tcb.recovery.dupThresh]).toEqual([after, threshold]);
  });

  it('an ACK of something new begins the count anew', () => {
    const b = ack('....', {}, { phase: 'disorder', dupAcks: 2 }, 1, { advanced: true, ackedSegments: 1 });
    expect([b.tcb.recovery.dupAcks, b.tcb.recovery.phase]).toEqual([0, 'open']);
  });

  it('with SACK they are not counted at all', () => {
    const b = ack('....', { sacks: true }, { phase: 'disorder', dupAcks: 0 }, 0, { duplicate: true });
    expect(b.tcb.recovery.dupAcks).toBe(0);
  });
});

describe('when fast recovery may begin (RFC 6582 section 3.2, step 1)', () => {
  it.each<[string, Config, number, Partial<RecoveryState>, RecoveryPhase]>([
    ['not for what was on its way as the last one began', {}, 2, { undoFrom: FROM }, 'disorder'],
    ['for what was sent since', {}, 3, { undoFrom: FROM }, 'recovery'],
    ['when none was before', {}, 2, { undoFrom: null }, 'recovery'],
    ['where the window is not inflated', { prr: true }, 2, { undoFrom: FROM }, 'recovery'],
  ])('%s', (_what, config, una, recovery, phase) => {
    const b = scene('........', config);
    b.tcb.snd.una = b.at(una);
    Object.assign(b.tcb.recovery, { phase: 'disorder', dupAcks: 2, recover: b.at(2), ...recovery });
    recover(b.tcb, newsOf(b, { duplicate: true }), b.ctx);
    expect(b.tcb.recovery.phase).toBe(phase);
  });
});

describe('which ACKs are looked at closely', () => {
  it.each<[string, Config, Partial<AckNews>, RecoveryPhase]>([
    ['one that just advances', { sacks: true }, { advanced: true, ackedSegments: 1 }, 'open'],
    ['one with ECE reduces the window (RFC 3168 section 6.1.2)', {}, { advanced: true, congested: true }, 'reducing'],
    ['with ECE and nothing new', {}, { congested: true }, 'reducing'],
  ])('%s', (_what, config, fields, phase) => {
    const b = ack('....', config, {}, 1, fields);
    expect(b.tcb.recovery.phase).toBe(phase);
  });

  it.each<[string, Partial<AckNews>, RecoveryPhase]>([
    ['that tells of something out of order', { advanced: true, sackedSegments: 1 }, 'disorder'],
    ['that tells of something twice', { advanced: true, dsack: true }, 'disorder'],
    ['that does not advance', {}, 'disorder'],
    ['that only advances: what is SACKed was known', { advanced: true }, 'open'],
  ])('one %s', (_what, fields, phase) => {
    expect(ack('.s..', { sacks: true }, {}, 0, fields).tcb.recovery.phase).toBe(phase);
  });

  it('a reduction that goes on is not begun again by another mark', () => {
    const b = ack('....', {}, { phase: 'reducing' }, 1, { advanced: true, congested: true });
    expect([b.tcb.recovery.phase, notes(b)]).toEqual(['reducing', []]);
    expect(b.tcb.congestion.ssthreshBytes).toBe(5 * MSS);
  });
});

describe('cwnd grows', () => {
  const grown = (config: Config, phase: RecoveryPhase, una: number): number => {
    const b = scene('....', config);
    Object.assign(b.tcb.recovery, { phase, recover: b.at(2), undoFrom: null });
    Object.assign(b.tcb.congestion, { ssthreshBytes: 90 * MSS, limited: true });
    b.tcb.snd.una = b.at(una);
    const fields = { advanced: true, ackedSegments: 1, ackedBytes: MSS, freshSegments: 1, freshBytes: MSS };
    recover(b.tcb, newsOf(b, fields), b.ctx);
    return b.tcb.congestion.cwndBytes - 10 * MSS;
  };

  it.each<[string, Config, RecoveryPhase, number, number]>([
    ['as usual', {}, 'open', 1, MSS],
    ['after a timeout', {}, 'loss', 1, MSS],
    ['not by the ACK that ends recovery, which deflates it', {}, 'recovery', 2, 0],
    ['but with PRR, which has nothing to deflate', { prr: true, sacks: true }, 'recovery', 2, MSS],
  ])('%s', (_what, config, phase, una, bytes) => expect(grown(config, phase, una)).toBe(bytes));
});

describe('a reduction is taken back (RFC 3708, RFC 3522)', () => {
  const UNDO: Config = { undo: true, sacks: true, prr: true };

  it.each<[string, Config, Partial<RecoveryState>, boolean]>([
    ['when all retransmissions were needless', UNDO, { phase: 'disorder', undoFrom: FROM, undoResent: 0 }, true],
    ['not before', UNDO, { phase: 'disorder', undoFrom: FROM, undoResent: 1 }, false],
    ['not when there was none', UNDO, { phase: 'disorder', undoFrom: null, undoResent: 0 }, false],
    ['not while a mark of congestion reduces it', UNDO, { phase: 'reducing', undoFrom: FROM, undoResent: 0 }, false],
    ['not by every host', { sacks: true }, { phase: 'disorder', undoFrom: FROM, undoResent: 0 }, false],
    ['in recovery too', UNDO, { phase: 'recovery', undoFrom: FROM, undoResent: 0 }, true],
    ['in recovery, not before', UNDO, { phase: 'recovery', undoFrom: FROM, undoResent: 1 }, false],
    ['in recovery, none to take back', UNDO, { phase: 'recovery', undoFrom: null, undoResent: 0 }, false],
    ['in recovery, not by every host', { sacks: true }, { phase: 'recovery', undoFrom: FROM, undoResent: 0 }, false],
  ])('%s', (_what, config, recovery, undone) => {
    const b = ack('....', config, recovery, 0, { dsack: true });
    expect(notes(b).includes('dsack-undone')).toBe(undone);
    expect(b.tcb.recovery.undoFrom).toBe(undone ? null : (recovery.undoFrom ?? null));
    if (undone) expect(b.tcb.recovery.phase).toBe('open');
    if (undone) expect(b.tcb.congestion.ssthreshBytes).toBe(9 * MSS);
  });

  it('outside of recovery what was found lost since stays lost', () => {
    const b = ack('.l..', UNDO, { phase: 'disorder', undoFrom: FROM, undoResent: 0 }, 0, { dsack: true });
    expect(marks(b)).toBe('.l..');
  });

  /** In recovery: the ACK echoes a timestamp from before the first retransmission. */
  const late = (letters: string, config: Config = {}, fields: Partial<AckNews> = {}): Scene =>
    ack(letters, { ...UNDO, ...config }, { phase: 'recovery', undoFrom: FROM, undoResent: 1, firstResendTs: 50 }, 1, {
      ...{ advanced: true, tsecr: 40 },
      ...fields,
    });

  it('what filled the gap was only late: no loss is left, and recovery is over', () => {
    const b = late('.l..');
    expect([b.tcb.recovery.phase, marks(b), notes(b)]).toEqual(['open', '....', ['reduction-undone']]);
  });

  it.each<[string, string, Partial<AckNews>, Config]>([
    ['while a retransmission has no answer', '.r..', {}, {}],
    ['when the echo is not older', '.l..', { tsecr: 50 }, {}],
    ['when it is 0, which is none', '.l..', { tsecr: 0 }, {}],
    ['without timestamps', '.l..', { tsecr: null }, {}],
    ['when nothing new is acknowledged', '.l..', { advanced: false }, {}],
    ['by every host', '.l..', {}, { undo: false }],
  ])('but not %s', (_what, letters, fields, config) => {
    const b = late(letters, config, fields);
    expect(b.tcb.recovery.phase).toBe('recovery');
    expect(notes(b)).not.toContain('reduction-undone');
  });

  it.each<[string, Config, number, boolean, number]>([
    // Where the gap began, in segments; whether reordering is seen, and how far.
    ['it tells how far segments overtake each other', {}, 0, true, 4],
    ['by less than the threshold', {}, 2, true, 3],
    ['not when it is no further than where the next one is', {}, 4, false, 3],
    ['without SACK nothing tells how far', { sacks: false }, 0, false, 3],
  ])('%s', (_what, config, from, reordering, threshold) => {
    const b = scene('.r..s', { ...UNDO, ...config });
    Object.assign(b.tcb.recovery, { phase: 'recovery', undoFrom: b.at(0), undoResent: 1, firstResendTs: 50 });
    b.tcb.recovery.recover = b.at(9);
    b.tcb.snd.una = b.at(1);
    recover(b.tcb, newsOf(b, { priorUna: b.at(from), advanced: true, tsecr: 40 }), b.ctx);
    expect([b.tcb.recovery.reordering, b.tcb.recovery.dupThresh]).toEqual([reordering, threshold]);
  });

  it('with nothing SACKed SND.UNA is the furthest', () => {
    const b = scene('.r..', UNDO);
    Object.assign(b.tcb.recovery, { phase: 'recovery', undoFrom: b.at(0), undoResent: 1, firstResendTs: 50 });
    b.tcb.recovery.recover = b.at(9);
    b.tcb.snd.una = b.at(1);
    recover(b.tcb, newsOf(b, { priorUna: b.at(0), advanced: true, tsecr: 40 }), b.ctx);
    expect(b.tcb.recovery.reordering).toBe(true);
  });
});

describe('the end of a phase', () => {
  const end = (config: Config, una: number, recovery: Partial<RecoveryState> = {}): Scene =>
    ack('.........', config, { phase: 'recovery', dupAcks: 4, undoFrom: FROM, ...recovery }, una, { advanced: true });

  it.each<[string, Config, number, RecoveryPhase]>([
    ['all that was on its way is acknowledged', {}, 8, 'open'],
    ['not quite', {}, 7.999, 'recovery'],
    ['without SACK, with PRR, something above it too: duplicates of what was resent', { prr: true }, 8, 'recovery'],
    ['then', { prr: true }, 8.001, 'open'],
    ['with SACK no duplicate is in doubt', { prr: true, sacks: true }, 8, 'open'],
  ])('%s', (_what, config, una, phase) => {
    const b = end(config, una);
    expect(b.tcb.recovery.phase).toBe(phase);
    expect(notes(b).includes(config?.sacks === true ? 'sack-recovery-ends' : 'recovery-ends')).toBe(phase === 'open');
    if (una >= 8) expect(b.tcb.recovery.dupAcks).toBe(0);
  });

  it('takes the reduction back if it was needless', () => {
    const needless = end({ sacks: true, undo: true, prr: true }, 8, { undoResent: 0 });
    expect(notes(needless)).toEqual(['dsack-undone', 'sack-recovery-ends']);
    expect(needless.tcb.congestion.ssthreshBytes).toBe(9 * MSS);
    expect(notes(end({ sacks: true, undo: true, prr: true }, 8, { undoResent: 1 }))).toEqual(['sack-recovery-ends']);
  });

  it('a reduction for a mark ends beyond where it began, at ssthresh', () => {
    const b = end({ prr: true, sacks: true }, 8.001, { phase: 'reducing', dupAcks: 0 });
    expect([b.tcb.recovery.phase, b.tcb.congestion.cwndBytes]).toEqual(['open', 5 * MSS]);
  });
});

describe('a duplicate during recovery', () => {
  it.each<[string, Config, Partial<AckNews>, number]>([
    ['inflates the window by a segment (RFC 5681 section 3.2, step 4)', {}, { duplicate: true }, MSS],
    ['not one that is none', {}, {}, 0],
    ['not with SACK', { sacks: true }, { duplicate: true }, 0],
  ])('%s', (_what, config, fields, bytes) => {
    const b = ack('l.......', config, { phase: 'recovery', dupAcks: 3 }, 0, fields);
    expect(b.tcb.congestion.cwndBytes - 10 * MSS).toBe(bytes);
  });

  it('a partial ACK deflates it, with SACK not', () => {
    const partial = (config: Config): number =>
      ack('l.......', config, { phase: 'recovery', undoFrom: FROM }, 1, { advanced: true, ackedBytes: 3000 }).tcb
        .congestion.cwndBytes;
    expect([partial({}), partial({ sacks: true })]).toEqual([8 * MSS, 10 * MSS]);
  });
});

describe('proportional rate reduction follows each ACK (RFC 9937 section 6)', () => {
  const PRR: Config = { prr: true, sacks: true };
  const DELIVERED = { advanced: true, ackedSegments: 1, freshSegments: 1, freshBytes: MSS };

  it.each<[string, string, RecoveryPhase, number]>([
    // Below ssthresh: as much as was delivered, and a segment more when the ACK shows no new loss.
    ['without a new loss one segment more', 'lllsss', 'recovery', 2 * MSS],
    ['with a new one not', '...sss', 'recovery', MSS],
    ['in a reduction for a mark as well', 'lllsss', 'reducing', 2 * MSS],
  ])('%s', (_what, letters, phase, cwndBytes) => {
    const b = ack(letters, PRR, { phase }, 0, DELIVERED);
    expect(b.tcb.congestion.cwndBytes).toBe(cwndBytes);
  });

  it('a measured round trip is told to the congestion control', () => {
    const least = (rttUs: number | null): number =>
      ack('....', { congestionControl: 'cubic', cubicTickUs: 4000 }, {}, 1, { advanced: true, rttUs }).tcb.congestion
        .cubic.leastRttUs;
    expect([least(20_000), least(null)]).toEqual([20_000, 0]);
  });
});

it('after a timeout SACKs show losses as well (RFC 6675 section 5)', () => {
  const b = ack('.sss', { sacks: true }, { phase: 'loss' }, 0, { sackedSegments: 1 });
  expect(marks(b)).toBe('lsss');
});
