import { describe, expect, it } from 'vitest';
import type { HostConfig } from '../../../src/engine/config';
import { octetsLength } from '../../../src/engine/octets';
import { seqAdd } from '../../../src/engine/seq';
import type { TcpState } from '../../../src/engine/states';
import { STATES } from '../../../src/engine/states';
import { heardFrom, setKeepAlive } from '../../../src/engine/tcp/keepAlive';
import { noteStart } from '../../../src/engine/tcp/timerStarts';
import { arrive, type Bench, call, expire, inState, rulesOf, sendOne, sent, signals } from './harness';
import { NEVER, scene } from './scene';

const S = 1_000_000;
/** A keep-alive after ten seconds, two more after a second each. */
const ON: Partial<HostConfig> = { keepAliveUs: 10 * S, keepAliveIntervalUs: S, keepAliveProbes: 2 };
const START = 100 * S;

/** A side in that state, heard from at second 100. */
function heard(state: TcpState, config: Partial<HostConfig> = ON): Bench {
  const b = inState(state, config);
  b.tcb.timers['keep-alive'] = NEVER;
  b.ctx.nowUs = START;
  heardFrom(b.tcb, b.ctx);
  return b;
}

const due = (b: Bench): number => b.tcb.timers['keep-alive'];

/** The keep-alive timer expires now. */
function ends(b: Bench): void {
  b.tcb.timers['keep-alive'] = b.ctx.nowUs;
  for (const timer of ['retransmission', 'persist', 'user'] as const) b.tcb.timers[timer] = NEVER;
  noteStart(b.tcb.timerStarts, 'keep-alive', b.ctx, 'keep-alive-start');
  expect(expire(b)).toBe(`keep-alive ${b.ctx.nowUs / S}`);
}

/** Both sides know of the connection, and it is not over. */
const PROBED: readonly TcpState[] = ['ESTABLISHED', 'CLOSE-WAIT', 'FIN-WAIT-1', 'FIN-WAIT-2', 'CLOSING', 'LAST-ACK'];

describe('keep-alives (RFC 9293 section 3.8.4)', () => {
  it.each(STATES)('in %s a segment begins the idle time, where the connection can be probed', (state) => {
    expect(due(heard(state))).toBe(PROBED.includes(state) ? START + 10 * S : NEVER);
    const b = inState(state, ON);
    b.tcb.timers['keep-alive'] = NEVER;
    b.ctx.nowUs = START;
    setKeepAlive(b.tcb, 3600 * S, b.ctx);
    expect(due(b) !== NEVER).toBe(PROBED.includes(state));
  });

  it('are off unless they are asked for (MUST-25)', () => {
    expect(due(heard('ESTABLISHED', {}))).toBe(NEVER);
  });

  it('a timer that runs goes on, and what was not answered is forgotten', () => {
    const b = heard('ESTABLISHED');
    b.ctx.nowUs += S;
    b.tcb.keepAlive.probes = 2;
    heardFrom(b.tcb, b.ctx);
    expect(due(b)).toBe(START + 10 * S);
    expect(b.tcb.keepAlive).toMatchObject({ heardAtUs: START + S, probes: 0 });
  });

  it.each([
    // Set to so many seconds, three seconds after the last segment: due so many seconds after that segment.
    [10, 10],
    [3, 3],
    [2, 3],
  ])('the application sets %i s, and the time that was idle counts (MUST-24)', (seconds, dueSeconds) => {
    const b = heard('ESTABLISHED', {});
    b.ctx.nowUs += 3 * S;
    b.tcb.keepAlive.probes = 1;
    call(b, { kind: 'set', option: 'keepalive', value: seconds * S });
    expect(due(b)).toBe(START + dueSeconds * S);
    expect(b.tcb.preferences.keepAliveUs).toBe(seconds * S);
    expect(b.tcb.keepAlive.probes).toBe(0);
  });

  it('the application switches them off', () => {
    const b = heard('ESTABLISHED');
    call(b, { kind: 'set', option: 'keepalive', value: false });
    expect(due(b)).toBe(NEVER);
    expect(b.tcb.preferences.keepAliveUs).toBeNull();
  });

  it('a timer that ends after they were switched off asks nothing', () => {
    const b = heard('ESTABLISHED');
    b.tcb.preferences.keepAliveUs = null;
    b.ctx.nowUs += 10 * S;
    ends(b);
    expect([sent(b), due(b)]).toEqual([[], NEVER]);
  });
});

describe('the keep-alive timer ends', () => {
  it.each([
    // Seconds since the last segment; how many seconds more are waited, or null for a probe.
    [4, 6],
    [9.999999, 0.000001],
    [10, null],
    [11, null],
  ])('after %d idle seconds', (seconds, more) => {
    const b = heard('ESTABLISHED');
    b.ctx.nowUs += seconds * S;
    ends(b);
    expect(sent(b)).toEqual(more === null ? ['ACK seq 0 ack 1'] : []);
    expect(due(b)).toBe(b.ctx.nowUs + (more ?? 1) * S);
    expect([b.tcb.keepAlive.probes, b.tcb.counters.probesSent]).toEqual(more === null ? [1, 1] : [0, 0]);
  });

  it.each<[string, (b: Bench) => void]>([
    ['something is on its way', () => undefined],
    [
      'something waits to be sent',
      (b) => {
        b.tcb.retransmissionQueue.entries = [];
        b.tcb.sendQueue.endPosition += 5;
        b.tcb.sendQueue.baseSeq = b.tcb.snd.nxt;
      },
    ],
  ])('while %s the connection is not idle (MUST-26)', (_what, change) => {
    const b = scene('.', ON);
    change(b);
    b.tcb.keepAlive.heardAtUs = b.ctx.nowUs - 50 * S;
    ends(b);
    expect(due(b)).toBe(b.ctx.nowUs + 10 * S);
    expect(b.tcb.owed.replies).toEqual([]);
  });

  it('a probe has the number before SND.NXT, which asks for an answer, and no octet', () => {
    const b = heard('ESTABLISHED');
    b.ctx.nowUs += 10 * S;
    ends(b);
    const probe = sendOne(b);
    expect(probe?.segment.seq).toBe(seqAdd(b.tcb.snd.nxt, -1));
    expect(probe?.segment.payload).toMatchObject({ lengthBytes: 0 });
    expect(probe?.rule).toBe('keep-alive-timeout');
  });

  it('or one octet, for TCPs that answer nothing else (MAY-6)', () => {
    const b = heard('ESTABLISHED', { ...ON, keepAliveOctet: true });
    b.ctx.nowUs += 10 * S;
    ends(b);
    const probe = sendOne(b);
    expect(probe?.text).toBe('ACK seq 0 ack 1 len 1');
    expect(probe === null ? 0 : octetsLength(probe.segment.payload)).toBe(1);
  });

  it('one that was not answered is not enough to end the connection (MUST-27); the last one is', () => {
    const b = heard('ESTABLISHED');
    for (const at of [110, 111, 112]) expect(expire(b)).toBe(`keep-alive ${at}`);
    expect(b.tcb.state).toBe('CLOSED');
    expect(sent(b)).toEqual(['ACK seq 0 ack 1', 'ACK seq 0 ack 1', 'RST seq 1']);
    expect(signals(b)).toEqual(['connection aborted due to user timeout']);
    expect(rulesOf(b, 'state')).toEqual(['keep-alive-over']);
  });

  it('what a router said is the reason that the application is told (RFC 5927 section 2.2)', () => {
    const b = heard('ESTABLISHED');
    b.tcb.softError = 'host unreachable';
    for (const _ of [1, 2, 3]) expire(b);
    expect(signals(b)).toEqual(['host unreachable']);
  });

  it('an answer begins the idle time anew', () => {
    const b = heard('ESTABLISHED');
    expire(b);
    sent(b);
    b.ctx.nowUs += S / 2;
    arrive(b, 'ACK', {});
    expect([expire(b), expire(b)]).toEqual(['keep-alive 111', 'keep-alive 120.5']);
    expect(sent(b)).toEqual(['ACK seq 0 ack 1']);
  });
});
