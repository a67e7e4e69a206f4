import { describe, expect, it } from 'vitest';
import type { HostConfig } from '../../../src/engine/config';
import type { EngineEvent } from '../../../src/engine/events';
import type { RuleId } from '../../../src/engine/rules';
import type { TcpState } from '../../../src/engine/states';
import type { Bench } from './harness';
import {
  abort,
  arrive,
  close,
  connect,
  expire,
  inState,
  listen,
  receive,
  rulesOf,
  send,
  sent,
  simultaneousSynReceived,
} from './harness';

/** What happens in a state, and the rules of the state changes that follow. */
const MOVES: readonly (readonly [
  from: TcpState,
  what: string,
  act: (b: Bench) => unknown,
  rules: readonly RuleId[],
])[] = [
  ['CLOSED', 'passive OPEN', listen, ['open-passive']],
  ['CLOSED', 'active OPEN', connect, ['open-active']],
  ['LISTEN', 'active OPEN', connect, ['open-active-from-listen']],
  ['LISTEN', 'CLOSE', close, ['close-listen']],
  ['LISTEN', 'ABORT', abort, ['abort-listen']],
  ['LISTEN', 'SYN', (b) => arrive(b, 'SYN', { seq: 0 }), ['listen-syn']],
  ['SYN-SENT', 'CLOSE', close, ['close-syn-sent']],
  ['SYN-SENT', 'ABORT', abort, ['abort-syn-sent']],
  ['SYN-SENT', 'SYN', (b) => arrive(b, 'SYN', { seq: 0 }), ['syn-sent-simultaneous']],
  ['SYN-SENT', 'SYN-ACK', (b) => arrive(b, 'SYN-ACK', { seq: 0, ack: 1 }), ['syn-sent-established']],
  ['SYN-SENT', 'RST-ACK', (b) => arrive(b, 'RST-ACK', { seq: 0, ack: 1 }), ['syn-sent-reset']],
  ['SYN-RECEIVED', 'CLOSE', close, ['close-syn-received']],
  ['SYN-RECEIVED', 'ABORT', abort, ['abort-reset']],
  ['SYN-RECEIVED', 'ACK', (b) => arrive(b, 'ACK', { ack: 1 }), ['syn-received-established']],
  ['SYN-RECEIVED', 'RST', (b) => arrive(b, 'RST'), ['reset-to-listen']],
  ['SYN-RECEIVED', 'SYN', (b) => arrive(b, 'SYN', { seq: 9 }), ['syn-to-listen']],
  ['ESTABLISHED', 'CLOSE', close, ['close-established']],
  ['ESTABLISHED', 'ABORT', abort, ['abort-reset']],
  ['ESTABLISHED', 'FIN', (b) => arrive(b, 'FIN-ACK'), ['fin-close-wait']],
  ['ESTABLISHED', 'RST', (b) => arrive(b, 'RST'), ['reset-connection']],
  ['FIN-WAIT-1', 'ACK of the FIN', (b) => arrive(b, 'ACK', { ack: 2 }), ['fin-wait-2']],
  ['FIN-WAIT-1', 'FIN', (b) => arrive(b, 'FIN-ACK', { ack: 1 }), ['fin-closing']],
  ['FIN-WAIT-1', 'FIN and ACK', (b) => arrive(b, 'FIN-ACK', { ack: 2 }), ['fin-wait-2', 'fin-time-wait']],
  ['FIN-WAIT-2', 'FIN', (b) => arrive(b, 'FIN-ACK'), ['fin-time-wait']],
  ['CLOSE-WAIT', 'CLOSE', (b) => [close(b), sent(b)], ['fin-sent-last-ack']],
  ['CLOSING', 'ACK of the FIN', (b) => arrive(b, 'ACK', { seq: 2, ack: 2 }), ['closing-time-wait']],
  ['CLOSING', 'RST', (b) => arrive(b, 'RST', { seq: 2 }), ['reset-closing']],
  ['CLOSING', 'ABORT', abort, ['abort-closing']],
  ['LAST-ACK', 'ACK of the FIN', (b) => arrive(b, 'ACK', { seq: 2, ack: 2 }), ['last-ack-closed']],
  ['TIME-WAIT', '2 MSL', expire, ['time-wait-timeout']],
];

describe('every change of state says why', () => {
  it.each(MOVES)('%s, %s', (from, _what, act, rules) => {
    const b = inState(from);
    act(b);
    expect(rulesOf(b, 'state')).toEqual(rules);
  });

  it('SYN-RECEIVED from an active OPEN, RST', () => {
    const b = simultaneousSynReceived();
    arrive(b, 'RST');
    expect(rulesOf(b, 'state')).toEqual(['reset-refused']);
  });

  it('SYN-RECEIVED with a CLOSE that waits, ACK', () => {
    const b = inState('SYN-RECEIVED');
    send(b, 1);
    close(b);
    arrive(b, 'ACK', { ack: 1 });
    expect(rulesOf(b, 'state')).toEqual(['syn-received-established', 'close-queued']);
  });
});

/** The rules of one kind of event that a run of moves leaves behind. */
const OTHERS: readonly (readonly [
  kind: EngineEvent['kind'],
  what: string,
  state: TcpState,
  act: (b: Bench) => unknown,
  rules: readonly RuleId[],
  config: Partial<HostConfig>,
])[] = [
  ['delivered', 'by itself', 'ESTABLISHED', (b) => arrive(b, 'ACK', { len: 5 }), ['deliver-automatic'], {}],
  [
    'delivered',
    'to RECEIVE',
    'ESTABLISHED',
    (b) => [arrive(b, 'ACK', { len: 5 }), receive(b, 5)],
    ['deliver-receive'],
    { autoRead: false },
  ],
  ['signal', 'FIN', 'ESTABLISHED', (b) => arrive(b, 'FIN-ACK'), ['fin-arrived'], {}],
  [
    'signal',
    'URG',
    'ESTABLISHED',
    (b) => arrive(b, 'URG-ACK', { len: 5, up: 5 }),
    ['urgent-signal', 'urgent-read'],
    {},
  ],
  ['call-completed', 'CLOSE', 'FIN-WAIT-1', (b) => arrive(b, 'ACK', { ack: 2 }), ['close-acknowledged'], {}],
  ['segment-queued', 'data with SYN', 'LISTEN', (b) => arrive(b, 'SYN', { seq: 0, len: 3 }), ['text-with-syn'], {}],
  [
    'note',
    'ACK and window',
    'ESTABLISHED',
    (b) => [send(b, 9), sent(b), arrive(b, 'ACK', { ack: 10, wnd: 99 })],
    ['ack-advances', 'window-updated'],
    {},
  ],
  [
    'note',
    'duplicate ACK',
    'ESTABLISHED',
    (b) => [send(b, 9), sent(b), arrive(b, 'ACK', { ack: 1 })],
    ['ack-duplicate'],
    {},
  ],
  ['timer-expired', 'user timeout', 'SYN-SENT', expire, ['user-timeout'], { userTimeoutUs: 1 }],
  [
    'timer-started',
    'after a timeout',
    'ESTABLISHED',
    (b) => [send(b, 9), sent(b), expire(b)],
    ['rto-start', 'rto-back-off'],
    {},
  ],
  ['timer-started', 'persist', 'ESTABLISHED', (b) => [arrive(b, 'ACK', { wnd: 0 }), send(b, 9)], ['persist-start'], {}],
  [
    'timer-stopped',
    'persist',
    'ESTABLISHED',
    (b) => [arrive(b, 'ACK', { wnd: 0 }), send(b, 9), arrive(b, 'ACK', { wnd: 99 })],
    ['persist-stop'],
    {},
  ],
  [
    'timer-started',
    'delayed ACK',
    'ESTABLISHED',
    (b) => arrive(b, 'ACK', { len: 9 }),
    ['delayed-ack-start'],
    { delayedAckUs: 40_000 },
  ],
  [
    'timer-stopped',
    'delayed ACK rides on data',
    'ESTABLISHED',
    (b) => [arrive(b, 'ACK', { len: 9 }), send(b, 9), sent(b)],
    ['delayed-ack-stop'],
    { delayedAckUs: 40_000 },
  ],
  [
    'timer-stopped',
    'user timeout',
    'ESTABLISHED',
    (b) => [send(b, 9), sent(b), arrive(b, 'ACK', { ack: 10 })],
    ['rto-all-acknowledged', 'user-timer-stop'],
    { userTimeoutUs: 9_000_000 },
  ],
  ['state', 'unanswered SYN-ACK', 'SYN-RECEIVED', expire, ['give-up-listen'], { synRetries: 0 }],
];

describe('everything else says why', () => {
  it.each(OTHERS)('%s: %s', (kind, _what, state, act, rules, config) => {
    const b = inState(state, config);
    act(b);
    expect(rulesOf(b, kind)).toEqual(rules);
  });
});

describe('every call that fails says why', () => {
  const FAILURES: readonly (readonly [TcpState, string, (b: Bench) => unknown, RuleId])[] = [
    ['CLOSED', 'SEND', (b) => send(b, 1), 'no-connection'],
    ['ESTABLISHED', 'OPEN', connect, 'open-exists'],
    ['LISTEN', 'SEND', (b) => send(b, 1), 'remote-unspecified'],
    ['FIN-WAIT-2', 'SEND', (b) => send(b, 1), 'send-closing'],
    ['CLOSE-WAIT', 'RECEIVE', receive, 'receive-closing'],
    ['FIN-WAIT-1', 'CLOSE', close, 'close-closing'],
  ];
  it.each(FAILURES)('%s, %s', (state, _what, act, rule) => {
    expect(act(inState(state))).toMatchObject({ ok: false, rule });
  });

  it('a full send buffer, and too many RECEIVEs', () => {
    const b = inState('ESTABLISHED', { sndbufBytes: 10, autoRead: false });
    send(b, 10);
    expect(send(b, 1)).toMatchObject({ rule: 'send-buffer-full' });
    for (let i = 0; i < 1024; i++) receive(b, 1);
    expect(receive(b, 1)).toMatchObject({ rule: 'too-many-receives' });
  });
});
