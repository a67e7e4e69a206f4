import { describe, expect, it } from 'vitest';
import type { HostConfig } from '../../../src/engine/config';
import { LINUX } from '../../../src/engine/profiles/linux';
import type { RecoveryPhase } from '../../../src/engine/tcp/recovery/state';
import { beginWindows, endWindows } from '../../../src/engine/tcp/windowTrace';
import { arrive, type Bench, bench, call, connect, expire, inState, receive, send, sent } from './harness';

/** Every change of a window so far, as `cwnd 1460 -> 2920 slow-start`. */
function changes(b: Bench): string[] {
  return b.events.flatMap((event) =>
    event.kind === 'window'
      ? [`${event.variable} ${event.fromBytes ?? '-'} -> ${event.toBytes ?? '-'} ${event.cause.rule}`]
      : [],
  );
}

/** An ESTABLISHED connection that has told of nothing yet. */
function established(overrides: Partial<HostConfig> = {}): Bench {
  const b = inState('ESTABLISHED', overrides);
  b.events.length = 0;
  return b;
}

/** Sends `count` full segments and lets ACKs of all but the first lost one come as duplicates. */
function duplicates(b: Bench, count: number): void {
  for (let i = 0; i < count; i++) arrive(b, 'ACK', { ack: 1 });
}

describe('windows tell of their changes', () => {
  it('the first windows of a connection', () => {
    const b = bench();
    connect(b);
    sent(b);
    arrive(b, 'SYN-ACK', { seq: 0, ack: 1, wnd: 5000, options: { mss: 1460 } });
    expect(changes(b)).toEqual(['SND.WND 0 -> 5000 send-window-first', 'cwnd - -> 14600 initial-window']);
    const [first] = b.events.filter(({ kind }) => kind === 'window');
    expect(first).toMatchObject({ host: 'a', cause: { trigger: { kind: 'segment', segment: 1 } } });
  });

  it('nothing when nobody watches', () => {
    const b = established();
    b.ctx.sink = null;
    arrive(b, 'ACK', { ack: 1, wnd: 99 });
    expect(b.events).toEqual([]);
    expect(b.ctx.windows).toBeNull();
  });

  it('the send window', () => {
    const b = established();
    arrive(b, 'ACK', { ack: 1, wnd: 100 });
    arrive(b, 'ACK', { ack: 1, wnd: 100 });
    expect(changes(b)).toEqual(['SND.WND 65535 -> 100 window-updated']);
  });

  it('slow start, then congestion avoidance', () => {
    const b = established({ initialWindowSegments: 2, mssBytes: 536 });
    send(b, 5000);
    sent(b);
    arrive(b, 'ACK', { ack: 537 });
    expect(changes(b)).toEqual(['cwnd 1072 -> 1608 slow-start']);
    b.events.length = 0;
    b.tcb.congestion.ssthreshBytes = 1000;
    sent(b);
    for (const ack of [1073, 1609, 2145]) {
      arrive(b, 'ACK', { ack });
      sent(b);
    }
    expect(changes(b)).toEqual(['cwnd 1608 -> 2144 congestion-avoidance']);
  });

  it('the timeout, and a second one', () => {
    const b = established({ mssBytes: 536 });
    send(b, 2000);
    sent(b);
    expire(b);
    expect(changes(b)).toEqual(['ssthresh - -> 1072 timeout-slow-start', 'cwnd 5360 -> 536 timeout-slow-start']);
  });

  it('fast recovery: reduced, inflated, deflated, ended', () => {
    const b = established({ mssBytes: 536, initialWindowSegments: 6 });
    send(b, 536 * 6);
    sent(b);
    duplicates(b, 3);
    expect(changes(b)).toEqual([
      'ssthresh - -> 1608 recovery-begins',
      'cwnd 3216 -> 1608 recovery-begins',
      'cwnd 1608 -> 3216 window-inflated',
    ]);
    b.events.length = 0;
    duplicates(b, 1);
    sent(b);
    arrive(b, 'ACK', { ack: 1073 });
    expect(changes(b)).toEqual(['cwnd 3216 -> 3752 window-inflated', 'cwnd 3752 -> 3216 window-deflated']);
    b.events.length = 0;
    sent(b);
    arrive(b, 'ACK', { ack: 536 * 6 + 1 });
    expect(changes(b).at(-1)).toMatch(/^cwnd \d+ -> \d+ recovery-ends$/);
  });

  it('proportional rate reduction', () => {
    const b = established({ mssBytes: 536, initialWindowSegments: 10, prr: true });
    send(b, 536 * 20);
    sent(b);
    duplicates(b, 3);
    const told = changes(b);
    expect(told[0]).toBe('ssthresh - -> 2680 recovery-begins');
    expect(told.at(-1)).toMatch(/^cwnd 5360 -> \d+ proportional-reduction$/);
  });

  it('idle time', () => {
    const b = established({ mssBytes: 536, initialWindowSegments: 2 });
    send(b, 1072);
    sent(b);
    arrive(b, 'ACK', { ack: 1073 });
    b.events.length = 0;
    b.ctx.nowUs += 10_000_000;
    send(b, 536);
    sent(b);
    expect(changes(b)).toEqual(['cwnd 1608 -> 1072 idle-restart']);
  });

  it('the receive window: filled, held, opened', () => {
    const b = established({ autoRead: false, rcvbufBytes: 4000, mssBytes: 1000 });
    arrive(b, 'ACK', { len: 1000 });
    expect(changes(b)).toEqual(['RCV.WND 4000 -> 3000 receive-window-fills']);
    b.events.length = 0;
    receive(b, 300);
    expect(changes(b)).toEqual([]);
    receive(b, 700);
    expect(changes(b)).toEqual(['RCV.WND 3000 -> 4000 receive-window-opens']);
    b.events.length = 0;
    call(b, { kind: 'read-mode', automatic: true });
    arrive(b, 'ACK', { seq: 1001, len: 100 });
    expect(changes(b)).toEqual(['RCV.WND 4000 -> 3900 receive-window-held']);
  });
});

describe('where memory is counted', () => {
  it('the receive window says so', () => {
    const b = established(LINUX);
    for (let count = 0; count < 4; count++) {
      arrive(b, 'ACK', { seq: 1 + 1000 * count, len: 1000 });
      sent(b);
      b.ctx.nowUs += 1000;
    }
    const rules = changes(b).filter((line) => line.startsWith('RCV.WND'));
    expect(rules).toHaveLength(4);
    for (const line of rules) expect(line).toMatch(/ receive-window-memory$/);
  });
});

describe('a change that no note has told of', () => {
  it.each<[RecoveryPhase, number, number, Partial<HostConfig>, string]>([
    // The phase, cwnd before (0: there was none) and after.
    ['open', 0, 5000, {}, 'initial-window'],
    ['loss', 0, 5000, {}, 'timeout-slow-start'],
    ['open', 4000, 5000, {}, 'reduction-ends'],
    ['open', 5000, 4000, {}, 'reduction-ends'],
    ['disorder', 4000, 5000, {}, 'reduction-ends'],
    ['disorder', 5000, 4000, {}, 'reduction-ends'],
    ['loss', 5000, 4000, {}, 'timeout-slow-start'],
    ['recovery', 4000, 5000, {}, 'window-inflated'],
    ['recovery', 5000, 4000, {}, 'window-deflated'],
    ['recovery', 5000, 4000, { prr: true }, 'proportional-reduction'],
    ['reducing', 5000, 4000, {}, 'proportional-reduction'],
  ])('in %s, cwnd from %i to %i', (phase, from, to, config, rule) => {
    const b = established(config);
    b.tcb.recovery.phase = phase;
    b.tcb.congestion.cwndBytes = from === 0 ? Number.POSITIVE_INFINITY : from;
    beginWindows(b.tcb, b.ctx);
    b.tcb.congestion.cwndBytes = to;
    endWindows(b.tcb, b.ctx);
    expect(changes(b)).toEqual([`cwnd ${from === 0 ? '-' : from} -> ${to} ${rule}`]);
    expect(b.ctx.windows).toBeNull();
  });

  it('none is told when none changed, or when nobody watches', () => {
    const b = established();
    beginWindows(b.tcb, b.ctx);
    endWindows(b.tcb, b.ctx);
    b.ctx.sink = null;
    beginWindows(b.tcb, b.ctx);
    expect(b.ctx.windows).toBeNull();
    b.tcb.congestion.cwndBytes = 1;
    endWindows(b.tcb, b.ctx);
    expect(changes(b)).toEqual([]);
  });
});
