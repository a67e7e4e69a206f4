import { describe, expect, it } from 'vitest';
import type { HostConfig } from '../../../src/engine/config';
import { STATES } from '../../../src/engine/states';
import { SETTABLE_OPTIONS } from '../../../src/engine/tcp/calls/preferences';
import { nextTimer } from '../../../src/engine/tcp/connection';
import type { Preferences } from '../../../src/engine/tcp/tcb';
import { earliestTimer, startTimer, stopTimer, stopTimers, TIMER_NAMES } from '../../../src/engine/tcp/timers';
import { arrive, type Bench, call, close, inState, rulesOf, send, sent } from './harness';
import { NEVER } from './scene';

const set = (b: Bench, option: string, value: number | boolean): boolean => call(b, { kind: 'set', option, value }).ok;

/** Which of these values an option takes in a fresh connection. */
const taken = (option: string, values: readonly (number | boolean)[], config: Partial<HostConfig> = {}) =>
  values.filter((value) => set(inState('ESTABLISHED', config), option, value));

describe('what an application may set (RFC 9293 section 3.9.1)', () => {
  it.each<[string, keyof Preferences, [boolean | number, unknown][]]>([
    [
      'nodelay',
      'nagle',
      [
        [true, false],
        [false, true],
      ],
    ],
    [
      'nagle',
      'nagle',
      [
        [true, true],
        [false, false],
      ],
    ],
    [
      'delayed-ack',
      'delayedAckUs',
      [
        [40_000, 40_000],
        [0, 0],
        [false, null],
      ],
    ],
    [
      'user-timeout',
      'userTimeoutUs',
      [
        [5_000_000, 5_000_000],
        [false, null],
      ],
    ],
    [
      'keepalive',
      'keepAliveUs',
      [
        [5_000_000, 5_000_000],
        [false, null],
      ],
    ],
    [
      'error-reports',
      'errorReports',
      [
        [false, false],
        [true, true],
      ],
    ],
    [
      'rcvbuf',
      'rcvbufBytes',
      [
        [9000, 9000],
        [0, 0],
      ],
    ],
    ['window', 'rcvbufBytes', [[9000, 9000]]],
  ])('%s', (option, preference, values) => {
    const b = inState('ESTABLISHED', { nagle: true });
    for (const [value, wanted] of values) {
      expect(set(b, option, value)).toBe(true);
      expect(b.tcb.preferences[preference]).toBe(wanted);
    }
  });

  it('quick-ack says whether the application answers what it reads', () => {
    const b = inState('ESTABLISHED');
    set(b, 'quick-ack', false);
    expect(b.tcb.pace.dialogue).toBe(true);
    set(b, 'quick-ack', true);
    expect(b.tcb.pace.dialogue).toBe(false);
  });

  it.each(['nodelay', 'nagle', 'quick-ack', 'error-reports'])('%s is on or off', (option) => {
    expect(taken(option, [0, 1, true, false])).toEqual([true, false]);
  });

  it.each<[string, (number | boolean)[], (number | boolean)[]]>([
    // Under half a second (MUST-40).
    ['delayed-ack', [-1, 0, 499_999, 500_000, true, false], [0, 499_999, false]],
    ['keepalive', [-1, 0, 86_400_000_000, 86_400_000_001, true, false], [0, 86_400_000_000, false]],
    ['user-timeout', [-1, 0, Number.MAX_SAFE_INTEGER, true, false], [0, Number.MAX_SAFE_INTEGER, false]],
    ['rcvbuf', [-1, 0, 1.5, 65_535, 65_536, true, false], [0, 65_535]],
  ])('%s takes what fits it', (option, values, wanted) => expect(taken(option, values)).toEqual(wanted));

  it('a buffer may be as large as the window can tell (RFC 7323 section 2.3)', () => {
    expect(taken('rcvbuf', [65_535 * 2 ** 14, 65_535 * 2 ** 14 + 1], { windowScale: 0 })).toEqual([65_535 * 2 ** 14]);
  });

  it('a buffer that was set grows no more; before the connection it is the window', () => {
    const b = inState('LISTEN');
    Object.assign(b.tcb.preferences, { rcvbufGrows: true });
    b.tcb.memory.grownBytes = 99_999;
    set(b, 'rcvbuf', 5000);
    expect([b.tcb.preferences.rcvbufGrows, b.tcb.memory.grownBytes, b.tcb.rcv.wnd]).toEqual([false, 0, 5000]);
    const open = inState('ESTABLISHED');
    set(open, 'rcvbuf', 5000);
    expect(open.tcb.rcv.wnd).toBe(65_535);
  });

  it('a larger buffer opens the window, and the remote TCP hears of it', () => {
    const b = inState('ESTABLISHED', { rcvbufBytes: 5000 });
    set(b, 'rcvbuf', 20_000);
    expect(b.tcb.rcv.wnd).toBe(20_000);
    expect(sent(b)).toEqual(['ACK seq 1 ack 1']);
  });

  it.each(['', 'toString', 'mss'])('there is no option %j', (option) => {
    const b = inState('ESTABLISHED');
    expect(call(b, { kind: 'set', option, value: true })).toMatchObject({ ok: false, error: 'not supported' });
  });

  it('each is known by its name, and can be set in every state', () => {
    for (const option of SETTABLE_OPTIONS) {
      const value = ['nodelay', 'nagle', 'quick-ack', 'error-reports'].includes(option) ? true : 1000;
      for (const state of STATES)
        expect([option, state, set(inState(state), option, value)]).toEqual([option, state, true]);
    }
    expect(SETTABLE_OPTIONS).toHaveLength(9);
  });
});

describe('the timers', () => {
  it('that are due at the same instant expire in their order', () => {
    const b = inState('CLOSED');
    for (const timer of [...TIMER_NAMES].reverse()) startTimer(b.tcb, timer, 1000, b.ctx, 'rto-start');
    const found: string[] = [];
    for (let timer = earliestTimer(b.tcb); timer !== null; timer = earliestTimer(b.tcb)) {
      found.push(timer);
      expect(nextTimer(b.tcb)).toEqual({ timer, atUs: b.ctx.nowUs + 1000 });
      stopTimer(b.tcb, timer, b.ctx, 'rto-all-acknowledged');
    }
    expect(found).toEqual(TIMER_NAMES);
    expect(nextTimer(b.tcb)).toBeNull();
  });

  it('the first one comes first', () => {
    const b = inState('CLOSED');
    startTimer(b.tcb, 'delayed-ack', 9, b.ctx, 'delayed-ack-start');
    startTimer(b.tcb, 'user', 5, b.ctx, 'user-timer-start');
    startTimer(b.tcb, 'time-wait', 7, b.ctx, 'time-wait-start');
    expect(earliestTimer(b.tcb)).toBe('user');
  });

  it('the world is told of a change, and not of none', () => {
    const b = inState('CLOSED');
    b.tcb.timersChanged = false;
    stopTimer(b.tcb, 'user', b.ctx, 'user-timer-stop');
    expect([b.tcb.timersChanged, b.events]).toEqual([false, []]);
    startTimer(b.tcb, 'user', 5, b.ctx, 'user-timer-start');
    expect(b.tcb.timersChanged).toBe(true);
    b.tcb.timersChanged = false;
    stopTimer(b.tcb, 'user', b.ctx, 'user-timer-stop');
    expect(b.tcb.timersChanged).toBe(true);
  });

  it('all stop but one', () => {
    const b = inState('CLOSED');
    for (const timer of TIMER_NAMES) startTimer(b.tcb, timer, 1000, b.ctx, 'rto-start');
    stopTimers(b.tcb, b.ctx, 'closing-time-wait', 'time-wait');
    expect(TIMER_NAMES.filter((timer) => b.tcb.timers[timer] !== NEVER)).toEqual(['time-wait']);
    stopTimers(b.tcb, b.ctx, 'closing-time-wait');
    expect(b.tcb.timers['time-wait']).toBe(NEVER);
  });
});

describe('close as the socket call', () => {
  it.each<[string, Partial<HostConfig>, number, string, string[]]>([
    ['with unread octets resets (RFC 1122 section 4.2.2.13)', { closeIsFull: true }, 5, 'CLOSED', ['RST seq 1']],
    [
      'not where the host does not',
      { closeIsFull: true, closeUnreadResets: false },
      5,
      'FIN-WAIT-1',
      ['FIN-ACK seq 1 ack 6'],
    ],
    ['not when all was read', { closeIsFull: true }, 0, 'FIN-WAIT-1', ['FIN-ACK seq 1 ack 1']],
    ['not where close is CLOSE', {}, 5, 'FIN-WAIT-1', ['FIN-ACK seq 1 ack 6']],
  ])('%s', (_what, config, unread, state, segments) => {
    const b = inState('ESTABLISHED', { autoRead: false, ...config });
    if (unread > 0) arrive(b, 'ACK', { len: unread });
    close(b);
    expect([b.tcb.state, sent(b)]).toEqual([state, segments]);
    expect(b.tcb.rcv.closed).toBe(config.closeIsFull === true && state !== 'CLOSED');
  });

  it.each(['CLOSING', 'LAST-ACK', 'TIME-WAIT'] as const)('unread octets are no reason for a reset in %s', (state) => {
    const b = inState(state, { closeIsFull: true, autoRead: false });
    b.tcb.receiveBuffer.bytes = 5;
    close(b);
    expect(sent(b)).toEqual([]);
  });

  it.each(['FIN-WAIT-1', 'FIN-WAIT-2'] as const)('after shutdown it ends receiving as well: %s', (state) => {
    const b = inState(state, { closeIsFull: true, finWait2Us: 60_000_000 });
    b.tcb.rcv.closed = false;
    expect(close(b)).toEqual({ ok: true });
    expect([b.tcb.state, b.tcb.rcv.closed]).toEqual([state, true]);
    expect(b.tcb.timers['time-wait'] !== NEVER).toBe(state === 'FIN-WAIT-2');
    expect(close(b)).toMatchObject({ ok: false, error: 'connection closing' });
  });

  it('a passive OPEN that is closed has nothing to receive', () => {
    const b = inState('LISTEN', { closeIsFull: true });
    close(b);
    expect([b.tcb.state, b.tcb.rcv.closed]).toEqual(['CLOSED', false]);
  });
});

describe('where a SEND returns after TCP has sent what it may', () => {
  const during: Partial<HostConfig> = {
    mssBytes: 1000,
    sendsDuringCalls: true,
    countsSegments: true,
    nagle: true,
    nagleSmallOnly: true,
  };

  it('octets of later calls do not join its last segment', () => {
    const b = inState('ESTABLISHED', during);
    send(b, 300);
    send(b, 300);
    close(b);
    expect(sent(b)).toEqual(['ACK seq 1 ack 1 len 300']);
    arrive(b, 'ACK', { ack: 301 });
    expect(sent(b)).toEqual(['FIN-ACK seq 301 ack 1 len 300']);
    const other = inState('ESTABLISHED', { mssBytes: 1000, nagle: true });
    send(other, 300);
    send(other, 300);
    close(other);
    expect(sent(other)).toEqual(['FIN-ACK seq 1 ack 1 len 600']);
  });

  it('other calls send nothing, so they change nothing', () => {
    const b = inState('ESTABLISHED', during);
    send(b, 300);
    const { leaving } = b.tcb.snd;
    call(b, { kind: 'status' });
    set(b, 'nagle', false);
    expect(b.tcb.snd.leaving).toBe(leaving);
    expect(sent(b)).toEqual(['ACK seq 1 ack 1 len 300']);
  });

  it('before there is a sequence number nothing leaves', () => {
    const b = inState('LISTEN', during);
    close(b);
    expect([b.tcb.state, rulesOf(b, 'state')]).toEqual(['CLOSED', ['close-listen']]);
  });
});

describe('CLOSE in CLOSE-WAIT, while the window keeps the FIN back (RFC 9293 section 3.10.4)', () => {
  it('is done once, and the user timeout watches over it', () => {
    const b = inState('CLOSE-WAIT', { userTimeoutUs: 5_000_000 });
    b.tcb.snd.wnd = 0;
    expect(close(b)).toEqual({ ok: true });
    expect(b.tcb.timers.user).toBe(b.ctx.nowUs + 5_000_000);
    expect(close(b)).toMatchObject({ ok: false, error: 'connection closing' });
  });
});
