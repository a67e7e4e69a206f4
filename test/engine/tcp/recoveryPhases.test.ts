import { describe, expect, it } from 'vitest';
import { enterRecovery, enterReducing, keepOpen, recover } from '../../../src/engine/tcp/recovery/acks';
import type { AckNews } from '../../../src/engine/tcp/recovery/scoreboard';
import type { RecoveryPhase, RecoveryState } from '../../../src/engine/tcp/recovery/state';
import { MSS, NEVER, newsOf, notes, type Scene, scene } from './scene';

type Config = Parameters<typeof scene>[1];

describe('the phases of recovery', () => {
  it.each<[string, number, RecoveryPhase]>([
    ['....', 0, 'open'],
    ['....', 1, 'disorder'],
    ['.s..', 0, 'disorder'],
    ['l...', 0, 'disorder'],
    ['', 0, 'open'],
  ])('%j with %i duplicates is %s', (letters, dupAcks, phase) => {
    const b = scene(letters, { sacks: true });
    b.tcb.recovery.dupAcks = dupAcks;
    keepOpen(b.tcb);
    expect(b.tcb.recovery.phase).toBe(phase);
  });

  it('a mark of congestion reduces, and there is nothing to take back', () => {
    const b = scene('........');
    b.tcb.recovery.undoFrom = b.at(0);
    enterReducing(b.tcb, b.ctx);
    expect(b.tcb.recovery).toMatchObject({ phase: 'reducing', undoFrom: null, recover: b.at(8) });
    // Half of cwnd, though only eight segments are on their way.
    expect(b.tcb.congestion.ssthreshBytes).toBe(5 * MSS);
    expect(notes(b)).toEqual(['ecn-reduces']);
  });

  it.each<[string, Config, number, boolean]>([
    ['inflates by the duplicates', {}, 7 * MSS, true],
    ['falls to ssthresh with SACK', { sacks: true }, 4 * MSS, true],
    ['falls bit by bit with PRR', { prr: true }, 10 * MSS, false],
    ['stays without congestion control', { congestionControl: 'off' }, 10 * MSS, true],
  ])('as fast recovery begins, the window %s', (_name, config, cwndBytes, resends) => {
    const b = scene('........', config);
    Object.assign(b.tcb.recovery, { dupAcks: 3, partialAcks: 2, firstResendTs: 9, phase: 'disorder' });
    enterRecovery(b.tcb, b.ctx);
    expect(b.tcb.congestion.cwndBytes).toBe(cwndBytes);
    const after = { phase: 'recovery', partialAcks: 0, firstResendTs: null, undoFrom: b.at(0), recover: b.at(8) };
    expect(b.tcb.recovery).toMatchObject(after);
    const by = (plain: string, withSack: string) => (b.tcb.options.sack ? withSack : plain);
    expect(b.tcb.owed.retransmission?.rule ?? null).toBe(resends ? by('fast-retransmit', 'sack-retransmit') : null);
    expect(notes(b)).toEqual([by('recovery-begins', 'sack-recovery-begins')]);
  });

  it('a reduction that goes on already is not begun again', () => {
    const b = scene('........', { prr: true });
    Object.assign(b.tcb.recovery, { phase: 'reducing', recover: b.at(3), firstResendTs: 9 });
    enterRecovery(b.tcb, b.ctx);
    expect(b.tcb.recovery).toMatchObject({ phase: 'recovery', recover: b.at(3), firstResendTs: 9 });
    expect(b.tcb.congestion.ssthreshBytes).toBe(NEVER);
  });
});

describe('an ACK in a phase', () => {
  function ack(
    letters: string,
    config: Config,
    state: Partial<RecoveryState>,
    una: number,
    fields: Partial<AckNews>,
  ): Scene {
    const b = scene(letters, config);
    Object.assign(b.tcb.recovery, { recover: b.at(8) }, state);
    b.tcb.congestion.ssthreshBytes = 5 * MSS;
    b.tcb.snd.una = b.at(una);
    recover(b.tcb, newsOf(b, fields), b.ctx);
    return b;
  }

  it.each<[string, number, number]>([
    ['a partial ACK of a segment', 1000, 10_000],
    ['of two: the window falls by one', 2000, 9000],
    ['of less than a segment: by as much', 999, 9001],
    ['of much: one segment is left', 30_000, 1000],
  ])('deflates the window (RFC 6582 section 3.2, step 3): %s', (_name, ackedBytes, cwndBytes) => {
    const b = ack('....', {}, { phase: 'recovery', undoFrom: 1001 as RecoveryState['undoFrom'] }, 1, {
      advanced: true,
      ackedBytes,
      ackedSegments: 1,
    });
    expect(b.tcb.congestion.cwndBytes).toBe(cwndBytes);
    expect(b.tcb.recovery.partialAcks).toBe(1);
    expect(b.tcb.owed.retransmission?.rule).toBe('partial-ack-retransmit');
    expect(notes(b)).toEqual(['partial-ack-loss']);
  });

  it.each<[string, Config, RecoveryPhase, number, boolean, number, RecoveryPhase]>([
    ['one more duplicate', {}, 'disorder', 1, true, 2, 'disorder'],
    ['no duplicate', {}, 'disorder', 1, false, 1, 'disorder'],
    ['with SACK they do not count', { sacks: true }, 'open', 0, true, 0, 'open'],
    ['the third begins recovery', {}, 'disorder', 2, true, 3, 'recovery'],
    ['no more than can have arrived', { prr: true, dupThresh: 9 }, 'disorder', 3, true, 3, 'disorder'],
    ['as many as can have arrived', { prr: true, dupThresh: 9 }, 'disorder', 2, true, 3, 'disorder'],
  ])('duplicates: %s', (_name, config, phase, dupAcks, duplicate, counted, next) => {
    const b = ack('....', config, { phase, dupAcks, undoFrom: null }, 0, { duplicate });
    expect([b.tcb.recovery.dupAcks, b.tcb.recovery.phase]).toEqual([counted, next]);
  });

  it('new data goes first for one ACK only', () => {
    expect(ack('....', {}, { newDataFirst: true }, 1, { advanced: true }).tcb.recovery.newDataFirst).toBe(false);
  });

  it.each<[number, number, number]>([
    [3, 2, 2],
    [1, 0, 1],
    [0, 0, 1],
  ])('the end of recovery: a wider reordering window was to last %i, lasts %i', (kept, left, steps) => {
    const state: Partial<RecoveryState> = {
      phase: 'recovery',
      reorderingKept: kept,
      reorderingSteps: 2,
      firstResendTs: 4,
    };
    const b = ack('..', { sacks: true }, state, 8, { advanced: true });
    expect(b.tcb.recovery).toMatchObject({ phase: 'open', reorderingKept: left, reorderingSteps: steps });
    expect(b.tcb.recovery.firstResendTs).toBeNull();
    expect(notes(b)).toContain('sack-recovery-ends');
  });

  it.each<[number, RecoveryPhase]>([
    [7, 'reducing'],
    [8, 'reducing'],
    [9, 'open'],
  ])('a reduction ends when something above it is acknowledged: %i', (una, phase) => {
    const b = ack('..', { prr: true }, { phase: 'reducing' }, una, { advanced: true });
    expect(b.tcb.recovery.phase).toBe(phase);
  });
});
