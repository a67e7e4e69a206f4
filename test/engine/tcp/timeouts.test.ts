import { describe, expect, it } from 'vitest';
import { nextTimer } from '../../../src/engine/tcp/connection';
import { timeout } from '../../../src/engine/tcp/timeouts';
import { arrive, close, expire, inState, rulesOf, send, sent, sentWithRules, signals } from './harness';

const SECOND = 1_000_000;

describe('the retransmission timer (RFC 6298 section 5)', () => {
  it.each([
    [0, ['retransmission 1', 'retransmission 3', 'retransmission 7', 'retransmission 15']],
    [2, ['retransmission 1', 'retransmission 2', 'retransmission 3', 'retransmission 5']],
  ])('%i SYNs go again before it backs off', (synLinearTimeouts, wanted) => {
    const b = inState('SYN-SENT', { synLinearTimeouts });
    const times = wanted.map(() => {
      const time = expire(b);
      expect(sent(b)).toEqual(['SYN seq 0']);
      return time;
    });
    expect(times).toEqual(wanted);
    expect(b.tcb.rto).toMatchObject({ attempts: 4, synTimedOut: true });
  });

  it.each([
    ['SYN-RECEIVED' as const, 'syn-timeout', true],
    ['ESTABLISHED' as const, 'retransmission-timeout', false],
  ])('it backs off at once in %s', (state, rule, synTimedOut) => {
    const b = inState(state, { synLinearTimeouts: 2 });
    if (state === 'ESTABLISHED') send(b, 100);
    sent(b);
    expire(b);
    expect(sentWithRules(b)[0]).toContain(rule);
    expect(b.tcb.rto).toMatchObject({ rtoUs: 2 * SECOND, synTimedOut, attempts: 1, timing: null });
    expect(nextTimer(b.tcb)?.atUs).toBe(3 * SECOND);
  });

  it.each([
    ['SYN-SENT' as const, { synRetries: 2, retries: 9 }],
    ['ESTABLISHED' as const, { synRetries: 9, retries: 2 }],
  ])('R2 in %s counts its own kind of segment', (state, config) => {
    const b = inState(state, config);
    if (state === 'ESTABLISHED') send(b, 100);
    sent(b);
    for (let count = 0; count < 2; count++) {
      expire(b);
      expect(sent(b)).toHaveLength(1);
    }
    expire(b);
    expect(sent(b)).toEqual([]);
    expect(b.tcb.state).toBe('CLOSED');
    expect(signals(b)).toEqual(['connection aborted due to user timeout']);
    expect(rulesOf(b, 'state')).toEqual(['give-up']);
    expect(nextTimer(b.tcb)).toBeNull();
  });

  it('R1 is told of at the third time, once (RFC 9293 section 3.8.3)', () => {
    const b = inState('ESTABLISHED');
    send(b, 100);
    sent(b);
    const told = Array.from({ length: 5 }, () => {
      expire(b);
      sent(b);
      return signals(b).length;
    });
    expect(told).toEqual([0, 0, 1, 1, 1]);
  });

  it.each([
    [true, [false, true]],
    [false, [true, true]],
  ])('the user timeout counts from the first time that it goes again: %s', (userTimeoutSinceResend, wanted) => {
    const b = inState('ESTABLISHED', { userTimeoutSinceResend, userTimeoutUs: 100 * SECOND });
    send(b, 100);
    sent(b);
    const runs = () => b.tcb.timers.user !== Number.POSITIVE_INFINITY;
    const before = runs();
    expire(b);
    expect([before, runs()]).toEqual(wanted);
  });

  it('it never runs with nothing outstanding', () => {
    const b = inState('ESTABLISHED');
    expect(() => timeout(b.tcb, 'retransmission', b.ctx)).toThrow('nothing outstanding');
  });
});

describe('the persist timer (RFC 9293 section 3.8.6.1)', () => {
  const closedWindow = (config = {}, wnd = 0) => {
    const b = inState('ESTABLISHED', { congestionControl: 'off', ...config });
    arrive(b, 'ACK', { wnd });
    send(b, 5000);
    sent(b);
    return b;
  };

  it.each([
    ['octet' as const, ['ACK seq 1 ack 1 len 1 (window-probe)']],
    ['below-una' as const, ['ACK seq 0 ack 1 (window-probe)']],
  ])('a probe of the form %s', (probeForm, wanted) => {
    const b = closedWindow({ probeForm });
    expire(b);
    expect(sentWithRules(b)).toEqual(wanted);
    expect(b.tcb.rto).toMatchObject({ attempts: 1, probes: 1 });
    expect(b.tcb.counters.probesSent).toBe(1);
    expect(rulesOf(b, 'timer-expired')).toEqual(['window-probe']);
  });

  it.each([
    [1, 'CLOSED'],
    [2, 'ESTABLISHED'],
  ])('given up after %i that nobody answered: %s after two', (retries, state) => {
    const b = closedWindow({ retries, probeForm: 'below-una' });
    for (let count = 0; count < 2; count++) {
      expire(b);
      sent(b);
    }
    expect(b.tcb.state).toBe(state);
  });

  it('an open window that is too small is filled, which is no probe', () => {
    const b = closedWindow({ retries: 0 }, 1);
    b.tcb.snd.maxWnd = 60_000;
    if (nextTimer(b.tcb) === null) sent(b);
    timeout(b.tcb, 'persist', b.ctx);
    expect(sentWithRules(b)).toEqual(['ACK seq 1 ack 1 len 1 (silly-window-override)']);
    expect(b.tcb.rto).toMatchObject({ attempts: 0, probes: 0 });
  });

  it('the user timeout counts from the first probe', () => {
    const b = closedWindow({ userTimeoutSinceResend: true, userTimeoutUs: 100 * SECOND });
    expect(b.tcb.timers.user).toBe(Number.POSITIVE_INFINITY);
    expire(b);
    expect(b.tcb.timers.user).toBe(b.ctx.nowUs + 100 * SECOND);
  });

  it('a FIN alone is the probe once', () => {
    const b = inState('ESTABLISHED');
    arrive(b, 'ACK', { wnd: 0 });
    close(b);
    sent(b);
    expire(b);
    expect(b.tcb.rto.probes).toBe(0);
  });
});

describe('other timers', () => {
  it.each([
    [false, 'delayed-ack-timeout', 200_000],
    [true, 'window-update', 100_000],
  ])('the delayed ACK waited for the reader: %s', (forReader, rule, delayUs) => {
    const b = inState('ESTABLISHED', { delayedAckUs: 40_000, delayedAckMaxUs: 200_000 });
    Object.assign(b.tcb.pace, { forReader, delayUs: 100_000 });
    timeout(b.tcb, 'delayed-ack', b.ctx);
    expect(b.tcb.pace.delayUs).toBe(delayUs);
    expect(rulesOf(b, 'timer-expired')).toEqual([rule]);
    expect(sentWithRules(b)).toEqual([`ACK seq 1 ack 1 (${rule})`]);
  });

  it('after a tail loss probe the retransmission timer runs (RFC 8985 section 7.3)', () => {
    const b = inState('ESTABLISHED', { tailLossProbe: true });
    send(b, 100);
    sent(b);
    b.ctx.nowUs = 5000;
    timeout(b.tcb, 'loss-probe', b.ctx);
    expect(b.tcb.owed.tailProbe?.rule).toBe('tail-probe');
    expect(b.tcb.timers['loss-probe']).toBe(Number.POSITIVE_INFINITY);
    expect(b.tcb.timers.retransmission).toBe(5000 + b.tcb.rto.rtoUs);
    expect(rulesOf(b, 'timer-expired')).toEqual(['tail-probe']);
  });

  it('nothing is outdated: the congestion window stays', () => {
    const b = inState('ESTABLISHED', { rack: true, sack: true });
    const before = b.tcb.congestion.cwndBytes;
    timeout(b.tcb, 'reordering', b.ctx);
    expect(b.tcb.congestion.cwndBytes).toBe(before);
    expect(b.tcb.recovery.phase).toBe('open');
    expect(rulesOf(b, 'timer-expired')).toEqual(['reordering-timeout']);
  });

  it('the end of TIME-WAIT deletes the TCB', () => {
    const b = inState('TIME-WAIT');
    timeout(b.tcb, 'time-wait', b.ctx);
    expect([b.tcb.state, b.tcb.origin]).toEqual(['CLOSED', null]);
    expect(rulesOf(b, 'timer-expired')).toEqual(['time-wait-timeout']);
    expect(rulesOf(b, 'state')).toEqual(['time-wait-timeout']);
  });

  it('the user timeout does not begin with a retransmission where it counts from the SEND (RFC 9293 section 3.9.1.1)', () => {
    const b = inState('ESTABLISHED');
    send(b, 100);
    sent(b);
    b.tcb.preferences.userTimeoutUs = 100 * SECOND;
    expect(expire(b)).toMatch(/^retransmission/);
    expect(b.tcb.timers.user).toBe(Number.POSITIVE_INFINITY);
  });

  it('the end of the user timeout says so and deletes the TCB', () => {
    const b = inState('ESTABLISHED');
    timeout(b.tcb, 'user', b.ctx);
    expect(b.tcb.state).toBe('CLOSED');
    expect(signals(b)).toEqual(['connection aborted due to user timeout']);
    expect(rulesOf(b, 'timer-expired')).toEqual(['user-timeout']);
  });
});
