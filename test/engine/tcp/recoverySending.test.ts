import { describe, expect, it } from 'vitest';
import type { HostConfig } from '../../../src/engine/config';
import type { Seq } from '../../../src/engine/seq';
import type { AckNews } from '../../../src/engine/tcp/recovery/scoreboard';
import { beforeNewData, newDataSent } from '../../../src/engine/tcp/recovery/sending';
import type { RecoveryPhase, RecoveryState } from '../../../src/engine/tcp/recovery/state';
import { answerProbe, probeTimeoutUs, watchFlight } from '../../../src/engine/tcp/recovery/tailLossProbe';

import { LEFT_US, MSS, NEVER, newsOf, notes, scene } from './scene';

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
    ['two round trips', '..', TLP, {}, 40_000, 80_000],
    ['two round trips and the slack of the host', '..', { ...TLP, rackTimerSlackUs: 2000 }, {}, 40_000, 82_000],
    ['a lone segment has time enough', '.', { ...TLP, rackTimerSlackUs: 2000 }, {}, 40_000, 280_000],
    ['a lone segment waits for a delayed ACK', '.', TLP, {}, 40_000, 280_000],
    ['no round trip yet: one second', '..', TLP, {}, null, 900_000],
    ['while a mark is answered', '..', TLP, { phase: 'reducing' }, 40_000, 80_000],
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
    expect(b.tcb.timers['loss-probe']).toBe(b.ctx.nowUs + 80_000);
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

  it('what the ACK of a probe acknowledges was on its way: it counts for ssthresh', () => {
    const b = scene('....', TLP);
    Object.assign(b.tcb.recovery, { tlpResent: true, tlpEnd: b.at(2) });
    b.tcb.snd.una = b.at(3);
    answerProbe(b.tcb, newsOf(b, { advanced: true, ackedBytes: 3 * MSS }), b.ctx);
    expect(b.tcb.congestion.ssthreshBytes).toBe(3.5 * MSS);
  });

  it('a loss that the probe repaired brings cwnd to ssthresh at once, also where reductions are proportional', () => {
    const b = scene('....', { ...TLP, prr: true });
    Object.assign(b.tcb.recovery, { tlpResent: true, tlpEnd: b.at(2) });
    b.tcb.snd.una = b.at(3);
    answerProbe(b.tcb, newsOf(b, { advanced: true }), b.ctx);
    expect(b.tcb.congestion.cwndBytes).toBe(b.tcb.congestion.ssthreshBytes);
    expect(b.tcb.congestion.cwndBytes).toBe(2000);
  });
});
