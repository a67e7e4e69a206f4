import { describe, expect, it } from 'vitest';
import type { HostConfig } from '../../../src/engine/config';
import type { TcpState } from '../../../src/engine/states';
import { arrive, close, inState, pass, rulesOf, send, sent, statesEntered } from './harness';

/** What Linux looks at where it keeps only a record; the challenges of RFC 5961 are not limited unless a case says so. */
const BRIEF: Partial<HostConfig> = { briefRecords: true, closeIsFull: true };

type Case = readonly [flags: string, seq: number, ack: number, len: number, answer: readonly string[], state: TcpState];

function answerTo(state: TcpState, flags: string, fields: { seq: number; ack: number; len: number }) {
  const b = inState(state, BRIEF);
  if (state === 'FIN-WAIT-2') b.tcb.rcv.closed = true;
  arrive(b, flags, fields);
  return { b, answer: sent(b) };
}

describe('SYN-RECEIVED of a passive OPEN (Linux: tcp_check_req)', () => {
  it.each([
    // The ACK is looked at before the numbers.
    ['ACK', -70_000, 101, 0, ['RST seq 101'], 'SYN-RECEIVED'],
    ['SYN-ACK', 1, -3000, 0, ['RST seq -3000'], 'SYN-RECEIVED'],
    ['RST-ACK', 1, 101, 0, [], 'SYN-RECEIVED'],
    ['ACK', 1, 1, 0, [], 'ESTABLISHED'],
    ['ACK', -70_000, 1, 0, ['ACK seq 1 ack 1'], 'SYN-RECEIVED'],
    ['SYN', 0, 0, 0, ['SYN-ACK seq 0 ack 1'], 'SYN-RECEIVED'],
  ] as Case[])('%s seq %i ack %i len %i', (flags, seq, ack, len, wanted, state) => {
    const { b, answer } = answerTo('SYN-RECEIVED', flags, { seq, ack, len });
    expect(answer).toEqual(wanted);
    expect(b.tcb.state).toBe(state);
  });

  it('the same SYN is not answered in a stream', () => {
    const b = inState('SYN-RECEIVED', { ...BRIEF, invalidAckIntervalUs: 500_000 });
    const answers = [10_000, 400_000, 200_000].map((us) => {
      pass(b, us);
      arrive(b, 'SYN', { seq: 0 });
      return sent(b).length;
    });
    expect(answers).toEqual([1, 0, 1]);
    expect(rulesOf(b, 'segment-discarded')).toContain('challenge-limit');
  });
});

describe('FIN-WAIT-2 after the whole socket was closed (Linux: tcp_timewait_state_process)', () => {
  it.each([
    ['ACK', 1, 2, 0, [], 'FIN-WAIT-2'],
    ['ACK', 1, 2, 20, ['RST seq 2'], 'CLOSED'],
    // What the ACK says does not matter.
    ['ACK', 1001, -99_998, 1, ['RST seq -99998'], 'CLOSED'],
    ['SYN-ACK', 1, 2, 0, ['RST seq 2'], 'CLOSED'],
    ['SYN', 5, 0, 0, ['RST-ACK seq -1000 ack 6'], 'CLOSED'],
    ['RST', 1, 0, 0, [], 'CLOSED'],
    ['RST', 500, 0, 0, [], 'CLOSED'],
    ['FIN', 1, 0, 0, [], 'FIN-WAIT-2'],
    ['FIN-ACK', 1, 2, 20, ['RST seq 2'], 'CLOSED'],
    ['FIN-ACK', 5, 2, 0, ['RST seq 2'], 'CLOSED'],
    ['FIN-ACK', 1, 2, 0, ['ACK seq 2 ack 2'], 'TIME-WAIT'],
    ['ACK', -70_000, 2, 20, ['ACK seq 2 ack 1'], 'FIN-WAIT-2'],
    ['ACK', 100_000, 2, 0, ['ACK seq 2 ack 1'], 'FIN-WAIT-2'],
  ] as Case[])('%s seq %i ack %i len %i', (flags, seq, ack, len, wanted, state) => {
    const { b, answer } = answerTo('FIN-WAIT-2', flags, { seq, ack, len });
    expect(answer.map((line) => line.replace(/ len 0$/, ''))).toEqual(wanted);
    expect(b.tcb.state).toBe(state);
  });

  it('a half-closed connection is whole', () => {
    const b = inState('FIN-WAIT-2', BRIEF);
    b.tcb.rcv.closed = false;
    arrive(b, 'ACK', { seq: 1, ack: 2, len: 20 });
    expect(b.tcb.state).toBe('FIN-WAIT-2');
    expect(b.tcb.receiveBuffer.takenBytes + b.tcb.receiveBuffer.bytes).toBe(20);
  });
});

describe('TIME-WAIT (Linux: tcp_timewait_state_process)', () => {
  it.each([
    // answer, and whether the wait begins anew
    ['ACK', 2, 2, 0, [], true, 'TIME-WAIT'],
    ['ACK', 2, 2, 20, ['ACK seq 2 ack 2'], true, 'TIME-WAIT'],
    ['ACK', 1, 2, 0, ['ACK seq 2 ack 2'], true, 'TIME-WAIT'],
    ['FIN-ACK', 1, 2, 0, ['ACK seq 2 ack 2'], true, 'TIME-WAIT'],
    ['SYN', -5000, 0, 0, ['ACK seq 2 ack 2'], false, 'TIME-WAIT'],
    ['PSH', 100, 0, 5, ['ACK seq 2 ack 2'], false, 'TIME-WAIT'],
    ['RST', 2, 0, 0, [], false, 'CLOSED'],
    ['RST', 3, 0, 0, [], false, 'TIME-WAIT'],
  ] as const)('%s seq %i ack %i len %i', (flags, seq, ack, len, wanted, anew, state) => {
    const b = inState('TIME-WAIT', BRIEF);
    const before = b.tcb.timers['time-wait'];
    pass(b, 1000);
    arrive(b, flags, { seq, ack, len });
    expect(sent(b)).toEqual(wanted);
    expect(b.tcb.state).toBe(state);
    if (state !== 'CLOSED') expect(b.tcb.timers['time-wait'] - before).toBe(anew ? 1000 : 0);
  });

  it('RFC 1337: a RST is ignored', () => {
    const b = inState('TIME-WAIT', { ...BRIEF, timeWaitIgnoresReset: true });
    arrive(b, 'RST', { seq: 2 });
    expect(b.tcb.state).toBe('TIME-WAIT');
  });
});

describe('a segment without ACK, SYN and RST', () => {
  it.each([
    [true, []],
    [false, ['ACK seq 1 ack 1']],
  ])('is dropped before its numbers are looked at: %s', (needsAckFirst, wanted) => {
    const b = inState('ESTABLISHED', { needsAckFirst });
    arrive(b, 'FIN', { seq: 100_000 });
    expect(sent(b)).toEqual(wanted);
  });

  it('is answered for its numbers before a passive handshake is over', () => {
    const b = inState('SYN-RECEIVED', { ...BRIEF, needsAckFirst: true });
    arrive(b, 'FIN', { seq: -99 });
    expect(sent(b)).toEqual(['ACK seq 1 ack 1']);
  });
});

describe('CLOSE with octets that Nagle holds', () => {
  it.each([
    [true, ['FIN-ACK seq 101 ack 1 len 50']],
    [false, []],
  ])('lets them go: %s', (closeOverridesNagle, wanted) => {
    const b = inState('ESTABLISHED', { nagle: true, closeOverridesNagle });
    send(b, 100);
    expect(sent(b)).toHaveLength(1);
    send(b, 50);
    expect(sent(b)).toEqual([]);
    close(b);
    expect(sent(b)).toEqual(wanted);
    expect(statesEntered(b)).toContain('FIN-WAIT-1');
  });
});
