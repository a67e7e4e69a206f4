import { describe, expect, it } from 'vitest';
import type { CallResult, UserCall } from '../../../src/engine/calls';
import { NO_OCTETS } from '../../../src/engine/octets';
import { rule } from '../../../src/engine/rules';
import { STATES, type TcpState } from '../../../src/engine/states';
import { nextTimer, pendingOutput, userCall } from '../../../src/engine/tcp/connection';
import {
  arrive,
  bench,
  call,
  close,
  connect,
  ISNS,
  inState,
  listen,
  receive,
  rulesOf,
  send,
  sent,
  sentWithRules,
  signals,
  statesEntered,
} from './harness';

const exists = 'connection already exists';
const missing = 'connection does not exist';
const closing = 'connection closing';

/** One row: what a call in a state returns, where it leads, and what is sent. */
type Row = readonly [state: TcpState, result: string, to: TcpState, sent: readonly string[]];

const ACTIVE: UserCall = { kind: 'open-active', remoteHost: 'b' };
const SEND: UserCall = {
  kind: 'send',
  octets: { kind: 'pattern', start: 0, lengthBytes: 100 },
  push: false,
  urgent: false,
};

/** RFC 9293 sections 3.10.1 to 3.10.6, in each of the eleven states. */
const TABLE: readonly (readonly [name: string, request: UserCall, rows: readonly Row[]])[] = [
  [
    'passive OPEN (3.10.1)',
    { kind: 'open-passive' },
    [
      ['CLOSED', 'ok', 'LISTEN', []],
      ['LISTEN', exists, 'LISTEN', []],
      ['SYN-SENT', exists, 'SYN-SENT', []],
      ['SYN-RECEIVED', exists, 'SYN-RECEIVED', []],
      ['ESTABLISHED', exists, 'ESTABLISHED', []],
      ['FIN-WAIT-1', exists, 'FIN-WAIT-1', []],
      ['FIN-WAIT-2', exists, 'FIN-WAIT-2', []],
      ['CLOSE-WAIT', exists, 'CLOSE-WAIT', []],
      ['CLOSING', exists, 'CLOSING', []],
      ['LAST-ACK', exists, 'LAST-ACK', []],
      ['TIME-WAIT', exists, 'TIME-WAIT', []],
    ],
  ],
  [
    'active OPEN (3.10.1)',
    ACTIVE,
    [
      ['CLOSED', 'ok', 'SYN-SENT', ['SYN seq 0']],
      ['LISTEN', 'ok', 'SYN-SENT', ['SYN seq 0']],
      ['SYN-SENT', exists, 'SYN-SENT', []],
      ['SYN-RECEIVED', exists, 'SYN-RECEIVED', []],
      ['ESTABLISHED', exists, 'ESTABLISHED', []],
      ['FIN-WAIT-1', exists, 'FIN-WAIT-1', []],
      ['FIN-WAIT-2', exists, 'FIN-WAIT-2', []],
      ['CLOSE-WAIT', exists, 'CLOSE-WAIT', []],
      ['CLOSING', exists, 'CLOSING', []],
      ['LAST-ACK', exists, 'LAST-ACK', []],
      ['TIME-WAIT', exists, 'TIME-WAIT', []],
    ],
  ],
  [
    'SEND (3.10.2)',
    SEND,
    [
      ['CLOSED', missing, 'CLOSED', []],
      ['LISTEN', 'remote socket unspecified', 'LISTEN', []],
      ['SYN-SENT', 'ok', 'SYN-SENT', []],
      ['SYN-RECEIVED', 'ok', 'SYN-RECEIVED', []],
      ['ESTABLISHED', 'ok', 'ESTABLISHED', ['ACK seq 1 ack 1 len 100']],
      ['FIN-WAIT-1', closing, 'FIN-WAIT-1', []],
      ['FIN-WAIT-2', closing, 'FIN-WAIT-2', []],
      ['CLOSE-WAIT', 'ok', 'CLOSE-WAIT', ['ACK seq 1 ack 2 len 100']],
      ['CLOSING', closing, 'CLOSING', []],
      ['LAST-ACK', closing, 'LAST-ACK', []],
      ['TIME-WAIT', closing, 'TIME-WAIT', []],
    ],
  ],
  [
    'RECEIVE (3.10.3)',
    { kind: 'receive', lengthBytes: 10 },
    [
      ['CLOSED', missing, 'CLOSED', []],
      ['LISTEN', 'pending', 'LISTEN', []],
      ['SYN-SENT', 'pending', 'SYN-SENT', []],
      ['SYN-RECEIVED', 'pending', 'SYN-RECEIVED', []],
      ['ESTABLISHED', 'pending', 'ESTABLISHED', []],
      ['FIN-WAIT-1', 'pending', 'FIN-WAIT-1', []],
      ['FIN-WAIT-2', 'pending', 'FIN-WAIT-2', []],
      ['CLOSE-WAIT', closing, 'CLOSE-WAIT', []],
      ['CLOSING', closing, 'CLOSING', []],
      ['LAST-ACK', closing, 'LAST-ACK', []],
      ['TIME-WAIT', closing, 'TIME-WAIT', []],
    ],
  ],
  [
    'CLOSE (3.10.4)',
    { kind: 'close' },
    [
      ['CLOSED', missing, 'CLOSED', []],
      ['LISTEN', 'ok', 'CLOSED', []],
      ['SYN-SENT', 'ok', 'CLOSED', []],
      ['SYN-RECEIVED', 'ok', 'FIN-WAIT-1', ['FIN-ACK seq 1 ack 1']],
      ['ESTABLISHED', 'ok', 'FIN-WAIT-1', ['FIN-ACK seq 1 ack 1']],
      ['FIN-WAIT-1', closing, 'FIN-WAIT-1', []],
      ['FIN-WAIT-2', closing, 'FIN-WAIT-2', []],
      ['CLOSE-WAIT', 'ok', 'LAST-ACK', ['FIN-ACK seq 1 ack 2']],
      ['CLOSING', closing, 'CLOSING', []],
      ['LAST-ACK', closing, 'LAST-ACK', []],
      ['TIME-WAIT', closing, 'TIME-WAIT', []],
    ],
  ],
  [
    'ABORT (3.10.5)',
    { kind: 'abort' },
    [
      ['CLOSED', missing, 'CLOSED', []],
      ['LISTEN', 'ok', 'CLOSED', []],
      ['SYN-SENT', 'ok', 'CLOSED', []],
      ['SYN-RECEIVED', 'ok', 'CLOSED', ['RST seq 1']],
      ['ESTABLISHED', 'ok', 'CLOSED', ['RST seq 1']],
      ['FIN-WAIT-1', 'ok', 'CLOSED', ['RST seq 2']],
      ['FIN-WAIT-2', 'ok', 'CLOSED', ['RST seq 2']],
      ['CLOSE-WAIT', 'ok', 'CLOSED', ['RST seq 1']],
      ['CLOSING', 'ok', 'CLOSED', []],
      ['LAST-ACK', 'ok', 'CLOSED', []],
      ['TIME-WAIT', 'ok', 'CLOSED', []],
    ],
  ],
  [
    'STATUS (3.10.6)',
    { kind: 'status' },
    STATES.map((state): Row => [state, state === 'CLOSED' ? missing : `state = ${state}`, state, []]),
  ],
];

function resultText(result: CallResult): string {
  if (!result.ok) return result.error;
  if (result.status !== undefined) return `state = ${result.status.state}`;
  return result.pending === true ? 'pending' : 'ok';
}

describe.each(ISNS)('calls in each state, %s', (_name, iss, peerIss) => {
  describe.each(TABLE)('%s', (_call, request, rows) => {
    it('has a row for each of the eleven states', () => expect(rows.map(([state]) => state)).toEqual(STATES));

    it.each(rows)('in %s returns %s and leads to %s', (state, result, to, lines) => {
      const b = inState(state, {}, iss, peerIss);
      expect(resultText(call(b, request))).toBe(result);
      expect(sent(b)).toEqual(lines);
      expect(b.tcb.state).toBe(to);
      expect(statesEntered(b)).toEqual(to === state ? [] : [to]);
    });
  });
});

describe('results of calls', () => {
  it.each(TABLE)('%s: every error says why', (_name, request, rows) => {
    for (const [state] of rows) {
      const result = call(inState(state), request);
      if (!result.ok) expect(rule(result.rule ?? 'inject').rfc).toBe(9293);
    }
  });

  it.each(['CLOSED', 'LISTEN'] as const)('an active OPEN without a remote socket is refused in %s', (state) => {
    const b = inState(state);
    expect(userCall(b.tcb, ACTIVE, b.ctx)).toMatchObject({ ok: false, error: 'remote socket unspecified' });
    expect(b.tcb.state).toBe(state);
    expect(sent(b)).toEqual([]);
  });

  it('a SEND in LISTEN that names the remote socket makes the connection active', () => {
    const b = inState('LISTEN');
    b.ctx.remote = { address: '10.0.0.2', port: 80 };
    expect(userCall(b.tcb, SEND, b.ctx)).toMatchObject({ ok: true, queuedBytes: 100 });
    expect(sentWithRules(b)).toEqual(['SYN seq 0 (send-in-listen)']);
    arrive(b, 'SYN-ACK', { seq: 0, ack: 1 });
    expect(sent(b)).toEqual(['ACK seq 1 ack 1 len 100']);
  });

  it('shutdown is CLOSE of the sending direction', () => {
    const b = inState('ESTABLISHED');
    expect(call(b, { kind: 'shutdown' })).toEqual({ ok: true });
    expect(sentWithRules(b)).toEqual(['FIN-ACK seq 1 ack 1 (close-established)']);
  });

  it('an unknown option, or a value that does not fit, is not supported', () => {
    const b = inState('ESTABLISHED');
    const bad: readonly [string, number | boolean][] = [
      ['no-such', 1],
      ['constructor', 1],
      ['nodelay', 3],
      ['delayed-ack', 500_000],
      ['delayed-ack', true],
      ['rcvbuf', 65_536],
      ['rcvbuf', 1.5],
    ];
    for (const [option, value] of bad) {
      expect(call(b, { kind: 'set', option, value })).toMatchObject({ ok: false, error: 'not supported' });
    }
    expect(call(b, { kind: 'set', option: 'nodelay', value: false })).toEqual({ ok: true });
    expect(b.tcb.preferences.nagle).toBe(true);
  });
});

describe('calls that wait', () => {
  it('a RECEIVE made before the handshake gets the first octets', () => {
    const b = inState('SYN-SENT', { autoRead: false });
    receive(b);
    arrive(b, 'SYN-ACK', { seq: 0, ack: 1 });
    arrive(b, 'ACK', { len: 30 });
    expect(b.events).toContainEqual(
      expect.objectContaining({ kind: 'call-completed', call: 'receive', result: { ok: true, deliveredBytes: 30 } }),
    );
    expect(b.tcb.receiveBuffer.bytes).toBe(0);
  });

  it('RECEIVEs are served in turn, each when it can be satisfied', () => {
    const b = inState('ESTABLISHED', { autoRead: false });
    receive(b, 50);
    receive(b, 20);
    arrive(b, 'ACK', { len: 40 });
    expect(rulesOf(b, 'call-completed')).toEqual([]);
    arrive(b, 'ACK', { seq: 41, len: 40 });
    const done = b.events.flatMap((event) => (event.kind === 'call-completed' ? [event.result] : []));
    expect(done).toEqual([
      { ok: true, deliveredBytes: 50 },
      { ok: true, deliveredBytes: 20 },
    ]);
    expect(b.tcb.receiveBuffer.bytes).toBe(10);
  });

  it('a RECEIVE of more than the receive buffer can hold gets a full buffer', () => {
    const b = inState('ESTABLISHED', { autoRead: false, rcvbufBytes: 100 });
    receive(b, 150);
    arrive(b, 'ACK', { len: 100 });
    const done = b.events.flatMap((event) => (event.kind === 'call-completed' ? [event.result] : []));
    expect(done).toEqual([{ ok: true, deliveredBytes: 100 }]);
    expect(b.tcb.rcv.wnd).toBe(100);
  });

  it('the remote FIN hands over what there is, then ends the RECEIVEs that wait', () => {
    const b = inState('ESTABLISHED', { autoRead: false });
    receive(b, 50);
    receive(b, 50);
    arrive(b, 'FIN-ACK', { len: 40 });
    const done = b.events.flatMap((event) => (event.kind === 'call-completed' ? [event.result] : []));
    expect(done).toEqual([
      { ok: true, deliveredBytes: 40 },
      { ok: false, error: 'connection closing' },
    ]);
    expect(signals(b)).toEqual(['connection closing']);
  });

  it('in CLOSE-WAIT a RECEIVE takes what is on hand, then fails', () => {
    const b = inState('ESTABLISHED', { autoRead: false });
    arrive(b, 'FIN-ACK', { len: 40 });
    expect(receive(b, 100)).toEqual({ ok: true, deliveredBytes: 40 });
    expect(receive(b, 100)).toMatchObject({ ok: false, error: closing });
  });

  it('`read on` hands over what waits', () => {
    const b = inState('ESTABLISHED', { autoRead: false });
    arrive(b, 'ACK', { len: 40 });
    expect(b.tcb.receiveBuffer.takenBytes).toBe(0);
    call(b, { kind: 'read-mode', automatic: true });
    expect(b.tcb.receiveBuffer.takenBytes).toBe(40);
  });

  it('a SEND larger than the send buffer waits until the rest fits', () => {
    const b = inState('ESTABLISHED', { sndbufBytes: 2000 });
    expect(send(b, 5000)).toEqual({ ok: true, queuedBytes: 5000, pending: true });
    expect(send(b, 1)).toMatchObject({ ok: false, error: 'insufficient resources' });
    sent(b);
    arrive(b, 'ACK', { ack: 2921 });
    expect(rulesOf(b, 'call-completed')).toEqual([]);
    arrive(b, 'ACK', { ack: 4381 });
    expect(rulesOf(b, 'call-completed')).toEqual(['send-completed']);
  });

  it('an ABORT fails what waits with "connection reset"', () => {
    const b = inState('ESTABLISHED', { autoRead: false, sndbufBytes: 10 });
    receive(b, 50);
    send(b, 100);
    call(b, { kind: 'abort' });
    const done = b.events.flatMap((event) => (event.kind === 'call-completed' ? [[event.call, event.result]] : []));
    expect(done).toEqual([
      ['receive', { ok: false, error: 'connection reset' }],
      ['send', { ok: false, error: 'connection reset' }],
    ]);
    expect(sent(b)).toEqual(['RST seq 1']);
  });
});

describe('CLOSE with data queued', () => {
  it('sends the data first, the FIN with the last of it', () => {
    const b = inState('ESTABLISHED');
    send(b, 2000);
    close(b);
    expect(b.tcb.state).toBe('FIN-WAIT-1');
    expect(sent(b)).toEqual(['ACK seq 1 ack 1 len 1460', 'FIN-ACK seq 1461 ack 1 len 540']);
  });

  it('keeps the FIN back while the window forbids the data', () => {
    const b = inState('ESTABLISHED');
    arrive(b, 'ACK', { wnd: 1460 });
    send(b, 2000);
    close(b);
    expect(sent(b)).toEqual(['ACK seq 1 ack 1 len 1460']);
    arrive(b, 'ACK', { ack: 1461, wnd: 1460 });
    expect(sent(b)).toEqual(['FIN-ACK seq 1461 ack 1 len 540']);
  });

  it('in SYN-RECEIVED waits for ESTABLISHED', () => {
    const b = inState('SYN-RECEIVED');
    send(b, 10);
    expect(close(b)).toEqual({ ok: true, pending: true });
    expect(close(b)).toMatchObject({ ok: false, error: closing });
    expect(send(b, 10)).toMatchObject({ ok: false, error: closing });
    expect(sent(b)).toEqual([]);
    arrive(b, 'ACK', { ack: 1 });
    expect(statesEntered(b)).toEqual(['ESTABLISHED', 'FIN-WAIT-1']);
    expect(sent(b)).toEqual(['FIN-ACK seq 1 ack 1 len 10']);
  });

  it('in SYN-RECEIVED is done in LISTEN when the handshake ends there instead', () => {
    const b = inState('SYN-RECEIVED', { sndbufBytes: 5 });
    send(b, 10);
    close(b);
    arrive(b, 'RST');
    expect(statesEntered(b)).toEqual(['LISTEN', 'CLOSED']);
    const done = b.events.flatMap((event) => (event.kind === 'call-completed' ? [[event.call, event.result]] : []));
    expect(done).toEqual([
      ['send', { ok: false, error: 'connection reset' }],
      ['close', { ok: true }],
    ]);
    expect(sent(b)).toEqual([]);
  });

  it('in SYN-RECEIVED before the SYN-ACK has left sends SYN-ACK, then FIN', () => {
    const b = bench();
    listen(b);
    arrive(b, 'SYN', { seq: 0 });
    close(b);
    expect(sent(b)).toEqual(['SYN-ACK seq 0 ack 1', 'FIN-ACK seq 1 ack 1']);
    arrive(b, 'ACK', { ack: 1 });
    expect(b.tcb.state).toBe('FIN-WAIT-1');
    arrive(b, 'ACK', { ack: 2 });
    expect(b.tcb.state).toBe('FIN-WAIT-2');
  });
});

describe('output and calls of one instant', () => {
  it('the ACK that is owed rides on data that the application adds (MUST-58)', () => {
    const b = inState('ESTABLISHED');
    arrive(b, 'ACK', { len: 100 });
    expect(pendingOutput(b.tcb)).toBe('ack');
    send(b, 20);
    expect(pendingOutput(b.tcb)).toBe('eager');
    expect(sent(b)).toEqual(['ACK seq 1 ack 101 len 20']);
  });

  it('the ACK of the remote FIN rides on our FIN: the three-segment close', () => {
    const b = inState('ESTABLISHED');
    arrive(b, 'FIN-ACK', { ack: 1 });
    close(b);
    expect(sent(b)).toEqual(['FIN-ACK seq 1 ack 2']);
    expect(b.tcb.state).toBe('LAST-ACK');
  });

  it('an empty SEND sends nothing', () => {
    const b = inState('ESTABLISHED');
    call(b, { kind: 'set', option: 'user-timeout', value: 1_000_000 });
    expect(call(b, { kind: 'send', octets: NO_OCTETS, push: true, urgent: false })).toMatchObject({ ok: true });
    expect(sent(b)).toEqual([]);
    expect(nextTimer(b.tcb)).toBeNull();
  });

  it('every segment, state and result names the line that led to it', () => {
    const b = bench();
    connect(b);
    expect(b.events).toContainEqual(
      expect.objectContaining({
        kind: 'state',
        cause: { rule: 'open-active', line: 7, trigger: { kind: 'call', call: 'open-active' } },
      }),
    );
  });

  it('a connection can be opened again after it was closed, with a later ISN (RFC 9293 section 3.4.1)', () => {
    const b = inState('TIME-WAIT', {}, 2 ** 32 - 2);
    const first = b.tcb.snd.max;
    call(b, { kind: 'abort' });
    b.ctx.nowUs += 4_000_000;
    connect(b);
    expect(sent(b)).toEqual(['SYN seq 0']);
    expect(b.tcb.iss).toBe((2 ** 32 - 2 + 1_000_000) % 2 ** 32);
    expect(b.tcb.iss).not.toBe(first);
    expect(b.tcb.counters.segmentsSent).toBe(1);
  });
});
