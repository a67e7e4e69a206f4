import { describe, expect, it } from 'vitest';
import type { Seq } from '../../../src/engine/seq';
import { enterLoss, recoverFromTimeout } from '../../../src/engine/tcp/recovery/loss';
import type { AckNews } from '../../../src/engine/tcp/recovery/scoreboard';
import type { RecoveryPhase, RecoveryState } from '../../../src/engine/tcp/recovery/state';
import { send } from './harness';

import { MSS, marks, NEVER, newsOf, notes, type Scene, scene } from './scene';

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

  it.each<[string, RecoveryPhase, number, number, boolean, boolean, boolean, boolean?]>([
    ['in fast recovery: the timer has not sent this segment again', 'recovery', 0, 4, true, false, true, false],
    ['in fast recovery, the segment again, without the exception', 'recovery', 1, 4, false, true, true, false],
    ['of something new', 'open', 0, 4, true, true, true],
    ['in fast recovery, where ssthresh has fallen already', 'recovery', 0, 4, false, false, true],
    ['in fast recovery whose data is all acknowledged', 'recovery', 0, 0, true, false, true],
    ['the same segment again', 'loss', 1, 4, false, true, false],
    ['after slow start got on', 'loss', 0, 4, true, false, false],
    ['in fast recovery, the segment again', 'recovery', 1, 4, false, true, true],
  ])('a timeout %s', (_name, phase, attempts, recover, falls, frto, told, timeoutSparesRecovery = true) => {
    const b = scene('....', { frto: true, timeoutSparesRecovery });
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
    expect(notes(b)).toEqual(['timeout-recovered']);
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
    expect(notes(b)).toEqual(['dsack-undone']);
    expect(ackAfterTimeout(UNDO).b.tcb.recovery.phase).toBe('loss');
  });

  it('at its end a DSACK takes it back, too', () => {
    const { b } = ackAfterTimeout({ ...UNDO, una: 4 });
    expect(notes(b)).toEqual(['dsack-undone', 'timeout-recovered']);
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
      ['frto-spurious', 'frto-undone'],
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
