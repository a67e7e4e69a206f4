import { describe, expect, it } from 'vitest';
import { arrive, type Bench, call, inState, receive, rulesOf } from './harness';

/** ESTABLISHED; the application reads by RECEIVE only. */
const reader = (): Bench => inState('ESTABLISHED', { autoRead: false });

/** Texts arrive in order, those with an exclamation mark with PUSH. */
function texts(b: Bench, ...parts: readonly string[]): void {
  for (const text of parts) arrive(b, text.endsWith('!') ? 'PSH-ACK' : 'ACK', { seq: 1 + taken(b), text });
}

/** How many octets have arrived. */
const taken = (b: Bench): number => b.tcb.receiveBuffer.takenBytes + b.tcb.receiveBuffer.bytes;

/** What the RECEIVEs that had to wait returned, with the rule. */
const completed = (b: Bench): unknown[] =>
  b.events.flatMap((event) => (event.kind === 'call-completed' ? [[event.result, event.cause.rule]] : []));

describe('what RECEIVE returns (RFC 9293 section 3.9.1.3)', () => {
  it.each<[string, string[], number | null, object]>([
    ['all that was pushed: it says so', ['ab!'], 3, { deliveredBytes: 3, pushed: true }],
    ['less than was pushed', ['ab!'], 2, { deliveredBytes: 2 }],
    ['what nobody pushed', ['abc'], 3, { deliveredBytes: 3 }],
    ['beyond what was pushed', ['ab!', 'cd'], 5, { deliveredBytes: 5, pushed: true }],
    [
      'what was pushed is more than nothing, though less than was asked for',
      ['ab!'],
      10,
      { deliveredBytes: 3, pushed: true },
    ],
    ['all there is', ['abc'], null, { deliveredBytes: 3 }],
    ['all there is, which is nothing', [], null, { deliveredBytes: 0 }],
    ['too little, and nobody pushed: it waits', ['abc'], 4, { deliveredBytes: 0, pending: true }],
    ['nothing yet: it waits', [], 1, { deliveredBytes: 0, pending: true }],
  ])('%s', (_what, parts, lengthBytes, result) => {
    const b = reader();
    texts(b, ...parts);
    expect(receive(b, lengthBytes)).toStrictEqual({ ok: true, ...result });
  });

  it('the rest of what was pushed is pushed too', () => {
    const b = reader();
    texts(b, 'ab!');
    expect([receive(b, 2), receive(b, 1)]).toStrictEqual([
      { ok: true, deliveredBytes: 2 },
      { ok: true, deliveredBytes: 1, pushed: true },
    ]);
  });

  it('how many urgent octets are still to be read (MUST-33)', () => {
    const b = reader();
    arrive(b, 'URG-ACK', { text: 'abc', up: 5 });
    expect([receive(b, 2), receive(b, 1)]).toStrictEqual([
      { ok: true, deliveredBytes: 2, urgentBytes: 3 },
      { ok: true, deliveredBytes: 1, urgentBytes: 2 },
    ]);
    texts(b, 'def');
    expect(receive(b, 3)).toStrictEqual({ ok: true, deliveredBytes: 3 });
  });

  it('RECEIVEs are served in turn: one that could be served waits behind one that can not', () => {
    const b = reader();
    texts(b, 'abc');
    expect(receive(b, 10)).toMatchObject({ pending: true });
    expect(receive(b, 3)).toMatchObject({ pending: true });
    texts(b, 'defghij', 'klm');
    expect(completed(b)).toEqual([
      [{ ok: true, deliveredBytes: 10 }, 'deliver-receive'],
      [{ ok: true, deliveredBytes: 3 }, 'deliver-receive'],
    ]);
  });
});

describe('a RECEIVE that waits', () => {
  it.each<[string, string[], unknown[]]>([
    ['gets no less than it asked for', ['abcd'], []],
    ['gets what it asked for', ['abcd', 'e'], [[{ ok: true, deliveredBytes: 5 }, 'deliver-receive']]],
    [
      'gets less when that was pushed',
      ['ab', 'c!'],
      [[{ ok: true, deliveredBytes: 4, pushed: true }, 'receive-pushed']],
    ],
    ['all of it was pushed', ['abcd!'], [[{ ok: true, deliveredBytes: 5, pushed: true }, 'deliver-receive']]],
  ])('%s', (_what, parts, results) => {
    const b = reader();
    receive(b, 5);
    texts(b, ...parts);
    expect(completed(b)).toEqual(results);
  });

  it('gets what is there with the remote FIN, which implies PUSH', () => {
    const b = reader();
    receive(b, 5);
    arrive(b, 'FIN-ACK', { text: 'ab' });
    expect(completed(b)).toEqual([[{ ok: true, deliveredBytes: 2 }, 'deliver-receive']]);
  });

  it('one that was made before the handshake and asks for no number gets the first octets', () => {
    const b = inState('SYN-RECEIVED', { autoRead: false });
    receive(b, null);
    arrive(b, 'ACK', { ack: 1, text: 'abc' });
    expect(completed(b)).toEqual([[{ ok: true, deliveredBytes: 3 }, 'deliver-receive']]);
  });

  it('one tells of urgent octets as well', () => {
    const b = reader();
    receive(b, 2);
    arrive(b, 'URG-ACK', { text: 'abc', up: 5 });
    expect(completed(b)).toEqual([[{ ok: true, deliveredBytes: 2, urgentBytes: 3 }, 'deliver-receive']]);
  });
});

describe('after the remote FIN', () => {
  it.each<[number | null, number]>([
    [2, 2],
    [3, 3],
    [10, 3],
    [null, 3],
  ])('RECEIVE of %s gets %i of the three octets that are left', (lengthBytes, deliveredBytes) => {
    const b = reader();
    texts(b, 'abc');
    arrive(b, 'FIN-ACK', { seq: 4 });
    expect(receive(b, lengthBytes)).toMatchObject({ ok: true, deliveredBytes });
    expect(b.tcb.receiveBuffer.bytes).toBe(3 - deliveredBytes);
  });
});

describe('an application that reads by itself', () => {
  it('gets what comes, and first what waits as it begins to', () => {
    const b = reader();
    texts(b, 'abc');
    call(b, { kind: 'read-mode', automatic: true });
    expect(rulesOf(b, 'delivered')).toEqual(['deliver-automatic']);
    texts(b, 'de');
    expect(rulesOf(b, 'delivered')).toEqual(['deliver-automatic', 'deliver-automatic']);
    expect(b.tcb.receiveBuffer.takenBytes).toBe(5);
  });

  it('is told of nothing when there is nothing', () => {
    const b = reader();
    call(b, { kind: 'read-mode', automatic: true });
    expect(rulesOf(b, 'delivered')).toEqual([]);
    call(b, { kind: 'read-mode', automatic: false });
    texts(b, 'abc');
    expect(rulesOf(b, 'delivered')).toEqual([]);
  });

  it('RECEIVEs that wait are served before', () => {
    const b = inState('ESTABLISHED', { autoRead: true });
    receive(b, 2);
    texts(b, 'abc');
    expect(rulesOf(b, 'delivered')).toEqual(['deliver-receive', 'deliver-automatic']);
  });
});

describe('a RECEIVE that waits, and text that comes in pieces', () => {
  it('one that gets less than what was pushed is served in full, not by PSH', () => {
    const b = reader();
    receive(b, 2);
    texts(b, 'abc!');
    expect(completed(b)).toEqual([[{ ok: true, deliveredBytes: 2 }, 'deliver-receive']]);
  });

  it('the FIN hands over no more than each asked for', () => {
    const b = reader();
    texts(b, 'abc');
    receive(b, 5);
    arrive(b, 'FIN-ACK', { seq: 4 });
    expect(completed(b)).toEqual([[{ ok: true, deliveredBytes: 3 }, 'deliver-receive']]);
    expect(b.tcb.receiveBuffer.bytes).toBe(0);
  });
});
