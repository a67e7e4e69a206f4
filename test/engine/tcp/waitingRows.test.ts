import { describe, expect, it } from 'vitest';
import type { Cause } from '../../../src/engine/events';
import type { RuleId } from '../../../src/engine/rules';
import { seqAdd } from '../../../src/engine/seq';
import type { TcpState } from '../../../src/engine/states';
import { STATES } from '../../../src/engine/states';
import { type WaitingReason, whyNot } from '../../../src/engine/tcp/whyNot';
import { mayReceiveData } from '../../../src/engine/tcp/windows';
import { type Bench, inState, send } from './harness';
import { MSS, NEVER, type Scene, scene } from './scene';

type Config = Parameters<typeof scene>[1];

const rules = (b: Bench): RuleId[] => whyNot(b.tcb, 0).map(({ rule }) => rule);
const has = (b: Bench, rule: RuleId): boolean => rules(b).includes(rule);
const CLOSES: Cause = { rule: 'close-established', line: 1, trigger: { kind: 'network' } };

/** What is on its way is acknowledged by and by; `bytes` more are queued. */
function queued(letters: string, bytes: number, config: Config = {}): Scene {
  const b = scene(letters, config);
  send(b, letters.length * MSS + bytes);
  return b;
}

describe('with nothing queued, each state has its reason', () => {
  it.each<[TcpState, RuleId[]]>([
    ['CLOSED', ['wait-closed']],
    ['LISTEN', ['wait-for-syn']],
    ['SYN-SENT', ['wait-for-syn-ack']],
    ['SYN-RECEIVED', ['wait-for-handshake-ack', 'wait-for-ack']],
    ['ESTABLISHED', ['wait-nothing']],
    ['FIN-WAIT-1', ['wait-for-fin-ack', 'wait-for-ack']],
    ['FIN-WAIT-2', ['wait-for-fin']],
    ['CLOSE-WAIT', ['wait-for-close']],
    ['CLOSING', ['wait-for-fin-ack', 'wait-for-ack']],
    ['LAST-ACK', ['wait-for-fin-ack', 'wait-for-ack']],
    ['TIME-WAIT', ['wait-time-wait']],
  ])('%s', (state, wanted) => expect(rules(inState(state))).toEqual(wanted));
});

describe('data is kept back', () => {
  it.each<[string, () => Bench, RuleId | null]>([
    ['by a closed window', () => windowed(queued('', 500), 0), 'wait-window-closed'],
    ['by a window that is used up', () => windowed(queued('..', 500), 2000), 'wait-window-full'],
    ['by a window that has shrunk', () => windowed(queued('..', 500), 1000), 'wait-window-full'],
    ['by cwnd', () => cwnd(queued('..', 500), 2499), 'wait-cwnd'],
    ['by nothing: cwnd has just room', () => cwnd(queued('..', 500), 2500), null],
    ['by cwnd, which counts segments', () => cwnd(queued('..', 500, { countsSegments: true }), 2999), 'wait-cwnd'],
    ['by the quota of recovery', () => phase(cwnd(queued('..', 500, { prr: true }), 2000), 'recovery'), 'wait-prr'],
    ['by the quota of a reduction', () => phase(cwnd(queued('..', 500, { prr: true }), 2000), 'reducing'), 'wait-prr'],
    ['by cwnd, where there is no quota', () => phase(cwnd(queued('..', 500), 2000), 'recovery'), 'wait-cwnd'],
    ['by cwnd, before recovery', () => phase(cwnd(queued('..', 500, { prr: true }), 2000), 'open'), 'wait-cwnd'],
    ['by limited transmit', () => duplicates(cwnd(queued('...', 2000), 1000), 1), 'wait-limited-transmit'],
    ['by cwnd, without duplicates', () => duplicates(cwnd(queued('...', 2000), 1000), 0), 'wait-cwnd'],
    [
      'by cwnd, where nothing is let out for duplicates',
      () => duplicates(cwnd(queued('...', 2000, { limitedTransmit: false }), 1000), 1),
      'wait-cwnd',
    ],
    ['by cwnd, with SACK', () => duplicates(cwnd(queued('...', 2000, { sacks: true }), 1000), 1), 'wait-cwnd'],
    ['by Nagle', () => queued('.', 500, { nagle: true }), 'wait-nagle'],
    ['by silly window avoidance', () => windowed(queued('..', 5000), 2400), 'wait-silly-window'],
    [
      'by that, though Nagle is on: nothing is on its way',
      () => windowed(queued('', 5000, { nagle: true }), 400),
      'wait-silly-window',
    ],
  ])('%s', (_what, build, rule) => {
    const b = build();
    const data = whyNot(b.tcb, 0).filter(({ holds }) => holds === 'data');
    expect(data.map((reason) => reason.rule)).toEqual(rule === null ? [] : [rule]);
    if (rule === null) expect(rules(b)).toEqual(['wait-due']);
  });

  it('nothing keeps back what is not there', () => {
    expect(whyNot(windowed(queued('..', 0), 0).tcb, 0).some(({ holds }) => holds === 'data')).toBe(false);
  });

  it.each(['SYN-SENT', 'SYN-RECEIVED'] as const)('in %s it waits for ESTABLISHED', (state) => {
    const b = inState(state);
    expect(has(b, 'wait-for-established')).toBe(false);
    send(b, 10);
    expect(has(b, 'wait-for-established')).toBe(true);
  });

  function windowed(b: Scene, wnd: number): Scene {
    b.tcb.snd.wnd = wnd;
    b.tcb.snd.maxWnd = 65_535;
    return b;
  }

  function cwnd(b: Scene, bytes: number): Scene {
    b.tcb.congestion.cwndBytes = bytes;
    return b;
  }

  function phase(b: Scene, name: 'recovery' | 'reducing' | 'open'): Scene {
    b.tcb.recovery.phase = name;
    return b;
  }

  function duplicates(b: Scene, count: number): Scene {
    Object.assign(b.tcb.recovery, { phase: 'disorder', dupAcks: count });
    return b;
  }
});

describe('what was lost is kept back by cwnd', () => {
  it.each<[string, boolean]>([
    ['l.', true],
    ['lr', true],
    ['rr', false],
    ['..', false],
  ])('%s: %s', (letters, waits) => {
    const b = queued(letters, 0, { sacks: true });
    b.tcb.congestion.cwndBytes = 1;
    expect(has(b, 'wait-lost-cwnd')).toBe(waits);
  });
});

describe('the FIN is kept back', () => {
  function closing(bytes: number, wnd: number): Scene {
    const b = queued('', bytes);
    b.tcb.snd.wnd = wnd;
    b.tcb.owed.fin = CLOSES;
    b.tcb.state = 'FIN-WAIT-1';
    return b;
  }

  it.each<[string, Scene, RuleId[]]>([
    ['by data before it', closing(500, 0), ['wait-window-closed', 'wait-fin-behind-data']],
    ['by the window', closing(0, 0), ['wait-fin-window']],
    ['by nothing', closing(0, 1), ['wait-due']],
  ])('%s', (_what, b, wanted) => expect(rules(b)).toEqual(wanted));

  it('by the handshake', () => {
    const b = inState('SYN-RECEIVED');
    expect(has(b, 'wait-close-queued')).toBe(false);
    b.tcb.owed.fin = CLOSES;
    expect(has(b, 'wait-close-queued')).toBe(true);
    const other = inState('LISTEN');
    other.tcb.owed.fin = CLOSES;
    expect(has(other, 'wait-close-queued')).toBe(false);
  });

  it('by an application that has not closed', () => {
    const b = inState('CLOSE-WAIT');
    b.tcb.owed.fin = CLOSES;
    b.tcb.snd.wnd = 0;
    expect(rules(b)).toEqual(['wait-fin-window']);
  });

  it('one that has left waits for its ACK, in the states for that', () => {
    const b = inState('CLOSE-WAIT');
    b.tcb.snd.fin = b.tcb.snd.una;
    expect(has(b, 'wait-for-fin-ack')).toBe(false);
    const none = inState('FIN-WAIT-1');
    none.tcb.snd.fin = null;
    expect(has(none, 'wait-for-fin-ack')).toBe(false);
  });
});

describe('a timer runs', () => {
  const TIMERS = [
    ['delayed-ack', 'wait-delayed-ack'],
    ['retransmission', 'wait-for-ack'],
    ['loss-probe', 'wait-tail-probe'],
    ['reordering', 'wait-reordering'],
  ] as const;

  it.each(TIMERS)('%s', (timer, rule) => {
    const b = queued('.', 0);
    b.tcb.timers.retransmission = NEVER;
    expect(has(b, rule)).toBe(false);
    b.tcb.timers[timer] = 77;
    expect(whyNot(b.tcb, 0).find((reason) => reason.rule === rule)?.untilUs).toBe(77);
  });

  it('the retransmission timer tells of what is on its way; keep-alives only of what is not', () => {
    const idle = scene('');
    const busy = queued('.', 0);
    for (const b of [idle, busy]) Object.assign(b.tcb.timers, { retransmission: 5, 'keep-alive': 6 });
    expect([has(idle, 'wait-for-ack'), has(idle, 'wait-keep-alive')]).toEqual([false, true]);
    expect([has(busy, 'wait-for-ack'), has(busy, 'wait-keep-alive')]).toEqual([true, false]);
    idle.tcb.timers['keep-alive'] = NEVER;
    expect(has(idle, 'wait-keep-alive')).toBe(false);
  });
});

describe('the other side waits for our application', () => {
  it.each(STATES)('in %s, as far as data can come there', (state) => {
    const b = inState(state);
    b.tcb.receiveBuffer.bytes = 5;
    b.tcb.rcv.wnd = 0;
    expect(has(b, 'wait-for-read')).toBe(mayReceiveData(state));
    expect(has(b, 'wait-for-room')).toBe(mayReceiveData(state));
  });

  const receiving = (unread: number, wnd: number, rcvbufBytes = 5000): Bench => {
    const b = inState('ESTABLISHED', { rcvbufBytes });
    b.tcb.receiveBuffer.bytes = unread;
    b.tcb.rcv.wnd = wnd;
    return b;
  };

  it.each([
    [5, 0, true],
    [5, 1, false],
    [0, 0, false],
  ])('%i octets unread, a window of %i: it waits for them to be read: %s', (unread, wnd, waits) => {
    expect(has(receiving(unread, wnd), 'wait-for-read')).toBe(waits);
  });

  it.each([
    [1000, 3999, true],
    [1000, 4000, false],
    [6000, 0, false],
  ])('of 5000 octets %i unread, a window of %i: it could be wider: %s', (unread, wnd, wider) => {
    expect(has(receiving(unread, wnd), 'wait-for-room')).toBe(wider);
  });

  it('no wider than the field tells', () => {
    expect(has(receiving(0, 65_535, 100_000), 'wait-for-room')).toBe(false);
    expect(has(receiving(40_000, 60_000, 100_000), 'wait-for-room')).toBe(false);
  });
});

describe('nothing is to be done', () => {
  it.each<[string, (b: Scene) => void, boolean]>([
    ['when all is acknowledged', () => undefined, true],
    [
      'not when something is on its way',
      (b) => Object.assign(b.tcb.retransmissionQueue, queued('.', 0).tcb.retransmissionQueue),
      false,
    ],
    [
      'not when something is queued',
      (b) => Object.assign(b.tcb.snd, { wnd: 0, nxt: seqAdd(b.tcb.snd.nxt, -5) }),
      false,
    ],
    ['not when a FIN waits', (b) => Object.assign(b.tcb.owed, { fin: CLOSES }), false],
  ])('%s', (_what, change, nothing) => {
    const b = scene('');
    change(b);
    expect(has(b, 'wait-nothing')).toBe(nothing);
  });

  it('what is due does not wait, whatever else holds', () => {
    const b = queued('..', 0);
    b.tcb.owed.ack = CLOSES;
    const [reason, ...others] = whyNot(b.tcb, 0);
    expect(others).toEqual([]);
    expect(reason).toEqual({
      ...{ rule: 'wait-due', holds: 'nothing', numbers: {}, untilUs: null },
      text: 'It does not wait: an ACK leaves in the next step.',
    } satisfies WaitingReason);
  });

  it('what keeps something back comes first', () => {
    const b = queued('..', 500);
    b.tcb.snd.wnd = 2000;
    Object.assign(b.tcb.timers, { retransmission: 9 });
    const holds = whyNot(b.tcb, 0).map((reason) => reason.holds);
    expect(holds).toEqual(['data', 'nothing']);
  });
});
