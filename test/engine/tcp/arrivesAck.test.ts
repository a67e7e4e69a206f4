import { describe, expect, it } from 'vitest';
import type { HostConfig } from '../../../src/engine/config';
import { type Seq, seqAdd, seqDiff } from '../../../src/engine/seq';
import { outstandingSegments } from '../../../src/engine/tcp/retransmissionQueue';
import { arrive, type Bench, bench, close, connect, inState, listen, rulesOf, send, sent, signals } from './harness';
import { marks, NEVER, notes, scene } from './scene';

type Config = Partial<HostConfig>;

/** A side with full segments of 1000 bytes on their way, and nothing else to send. */
function flight(segments: number, config: Config = {}): Bench {
  const b = inState('ESTABLISHED', { mssBytes: 1000, ...config });
  send(b, segments * 1000);
  sent(b);
  b.ctx.nowUs += 50_000;
  b.events.length = 0;
  return b;
}

const discards = (b: Bench): string[] => rulesOf(b, 'segment-discarded');

describe('the ACK that completes the handshake (RFC 9293 section 3.10.7.4, fifth check)', () => {
  it.each<[string, number, boolean]>([
    ['of nothing', 0, false],
    ['of our SYN', 1, true],
    ['of more than was sent', 2, false],
  ])('SYN-RECEIVED, an ACK %s', (_what, ack, completes) => {
    const b = inState('SYN-RECEIVED');
    arrive(b, 'ACK', { ack });
    expect(b.tcb.state).toBe(completes ? 'ESTABLISHED' : 'SYN-RECEIVED');
    expect(discards(b)).toEqual(completes ? [] : ['syn-received-bad-ack']);
    expect(sent(b)).toEqual(completes ? [] : [`RST seq ${ack}`]);
  });

  it('its window is the first that is scaled; SND.WL1 and SND.WL2 are its numbers (RFC 7323 section 2.2)', () => {
    const b = bench({ windowScale: 2 });
    listen(b);
    arrive(b, 'SYN', { seq: 0, wnd: 3000, options: { wscale: 3 } });
    sent(b);
    arrive(b, 'ACK', { ack: 1, wnd: 500 });
    const { snd } = b.tcb;
    expect([snd.wnd, snd.maxWnd]).toEqual([4000, 4000]);
    expect([seqDiff(snd.wl1, b.peerIss), seqDiff(snd.wl2, b.iss)]).toEqual([1, 1]);
  });

  it('a window smaller than that of the SYN leaves the largest as it was', () => {
    const b = inState('SYN-RECEIVED');
    arrive(b, 'ACK', { ack: 1, wnd: 500 });
    expect([b.tcb.snd.wnd, b.tcb.snd.maxWnd]).toEqual([500, 65_535]);
  });

  it('a CLOSE that waited begins its work', () => {
    const b = inState('SYN-RECEIVED');
    send(b, 10);
    close(b);
    arrive(b, 'ACK', { ack: 1 });
    expect(b.tcb.state).toBe('FIN-WAIT-1');
    expect(sent(b)).toEqual(['FIN-ACK seq 1 ack 1 len 10']);
  });

  it('a segment without ACK is dropped in every state', () => {
    const b = inState('SYN-RECEIVED');
    arrive(b, '', { seq: 1 });
    expect([b.tcb.state, discards(b)]).toEqual(['SYN-RECEIVED', ['no-ack-dropped']]);
  });
});

describe('which ACKs are believed (RFC 5961 section 5, MAY-12)', () => {
  it.each<[string, number, string[]]>([
    ['of all that was sent', 3001, []],
    ['of more', 3002, ['ack-not-yet-sent']],
    ['MAX.SND.WND below SND.UNA', 1001 - 2000, []],
    ['older', 1001 - 2001, ['ack-too-old']],
  ])('an ACK %s', (_what, ack, rules) => {
    const b = flight(3);
    arrive(b, 'ACK', { ack: 1001 });
    b.tcb.snd.maxWnd = 2000;
    arrive(b, 'ACK', { ack, len: 10 });
    expect(discards(b)).toEqual(rules);
    // Both are answered; what comes with them is not taken.
    expect(b.tcb.owed.ack?.rule ?? null).toBe(rules[0] ?? 'text-in-order');
    expect(b.tcb.receiveBuffer.takenBytes).toBe(rules.length === 0 ? 10 : 0);
  });

  it('after a window probe what was sent before it can still be acknowledged', () => {
    const b = flight(3);
    b.tcb.snd.nxt = b.tcb.snd.una;
    arrive(b, 'ACK', { ack: 2001 });
    expect(discards(b)).toEqual([]);
    expect(seqDiff(b.tcb.snd.una, b.iss)).toBe(2001);
    expect(b.tcb.snd.nxt).toBe(b.tcb.snd.una);
  });

  it.each<[string, Config, number, string[]]>([
    ['a host that looks no further back than its ISS', { rejectsAcksBelowIss: true }, 1, []],
    ['below it', { rejectsAcksBelowIss: true }, 0, ['ack-too-old']],
    ['other hosts have the window', {}, 0, []],
  ])('%s', (_what, config, ack, rules) => {
    const b = flight(3, config);
    arrive(b, 'ACK', { ack: 1001 });
    arrive(b, 'ACK', { ack });
    expect(discards(b)).toEqual(rules);
  });

  it('the number of our FIN counts as well once it is acknowledged', () => {
    const b = inState('FIN-WAIT-2', { rejectsAcksBelowIss: true });
    arrive(b, 'ACK', { ack: 1 });
    arrive(b, 'ACK', { ack: 0 });
    expect(discards(b)).toEqual(['ack-too-old']);
  });
});

describe('SND.UNA moves', () => {
  it('takes what depends on it along', () => {
    const b = flight(3);
    Object.assign(b.tcb, { softError: 'host unreachable' });
    b.tcb.rto.attempts = 2;
    b.tcb.snd.up = seqAdd(b.iss, 500);
    arrive(b, 'ACK', { ack: 1001 });
    expect(b.tcb.softError).toBeNull();
    expect(b.tcb.rto.attempts).toBe(0);
    expect(seqDiff(b.tcb.snd.up, b.iss)).toBe(1001);
    expect(b.tcb.sendQueue.headPosition).toBe(1000);
    expect(outstandingSegments(b.tcb.retransmissionQueue)).toBe(2);
    expect(b.tcb.rto.srttUs).toBe(0.125 * 50_000);
    expect(notes(b)[0]).toBe('ack-advances');
  });

  it('urgent octets beyond it stay urgent', () => {
    const b = flight(3);
    b.tcb.snd.up = seqAdd(b.iss, 2500);
    arrive(b, 'ACK', { ack: 1001 });
    expect(seqDiff(b.tcb.snd.up, b.iss)).toBe(2500);
  });

  it('the retransmission timer begins anew while something is left (RFC 6298 section 5.3)', () => {
    const b = flight(3);
    arrive(b, 'ACK', { ack: 1001 });
    expect(b.tcb.timers.retransmission).toBe(b.ctx.nowUs + b.tcb.rto.rtoUs);
    expect(rulesOf(b, 'timer-started')).toEqual(['rto-restart']);
  });

  it('all timers that watch over it stop when nothing is left (section 5.2)', () => {
    const b = flight(3);
    b.tcb.timers['loss-probe'] = b.ctx.nowUs + 1;
    b.tcb.timers.reordering = b.ctx.nowUs + 1;
    arrive(b, 'ACK', { ack: 3001 });
    expect(b.tcb.timers).toMatchObject({ retransmission: NEVER, 'loss-probe': NEVER, reordering: NEVER });
    expect(rulesOf(b, 'timer-stopped')).toEqual([
      'rto-all-acknowledged',
      'rto-all-acknowledged',
      'rto-all-acknowledged',
    ]);
  });

  it('what was to go again does not when it has arrived', () => {
    const b = flight(1);
    b.tcb.owed.retransmission = { rule: 'retransmission-timeout', line: null, trigger: { kind: 'network' } };
    arrive(b, 'ACK', { ack: 1001 });
    expect(b.tcb.owed.retransmission).toBeNull();
    const part = flight(2);
    part.tcb.owed.retransmission = { rule: 'retransmission-timeout', line: null, trigger: { kind: 'network' } };
    arrive(part, 'ACK', { ack: 1001 });
    expect(part.tcb.owed.retransmission).not.toBeNull();
  });

  it('a second partial ACK in recovery leaves the timer running (RFC 6582 section 4)', () => {
    const b = flight(8);
    for (let count = 0; count < 3; count++) arrive(b, 'ACK', { ack: 1 });
    expect(b.tcb.recovery.phase).toBe('recovery');
    sent(b);
    b.ctx.nowUs += 1000;
    arrive(b, 'ACK', { ack: 1001 });
    const due = b.tcb.timers.retransmission;
    sent(b);
    expect(b.tcb.timers.retransmission).toBe(due);
    b.ctx.nowUs += 1000;
    arrive(b, 'ACK', { ack: 2001 });
    sent(b);
    expect(b.tcb.timers.retransmission).toBe(due);
  });
});

describe('SENDs that wait for room (RFC 9293 section 3.9.1.2)', () => {
  it('are finished one by one, each as its octets fit', () => {
    const b = inState('ESTABLISHED', { mssBytes: 1000, sndbufBytes: 1500, initialWindowSegments: 10 });
    send(b, 2500);
    expect(b.tcb.sendQueue.waiting).toHaveLength(1);
    b.tcb.sendQueue.waiting = [...b.tcb.sendQueue.waiting, { untilPosition: 2000, line: 8 }];
    sent(b);
    const lines = (): (number | null)[] =>
      b.events.flatMap((event) => (event.kind === 'call-completed' ? [event.cause.line] : []));
    arrive(b, 'ACK', { ack: 1000 });
    expect(lines()).toEqual([]);
    arrive(b, 'ACK', { ack: 1001 });
    expect(lines()).toEqual([7]);
    expect(b.tcb.sendQueue.waiting).toEqual([{ untilPosition: 2000, line: 8 }]);
    arrive(b, 'ACK', { ack: 2501 });
    expect(lines()).toEqual([7, 8]);
    expect(rulesOf(b, 'call-completed')).toEqual(['send-completed', 'send-completed']);
  });
});

describe('duplicate ACKs (RFC 5681 section 2)', () => {
  it.each<[string, string, object, boolean]>([
    ['the same again', 'ACK', {}, true],
    ['with text', 'ACK', { len: 1 }, false],
    ['with another window', 'ACK', { wnd: 65_534 }, false],
    ['of something older', 'ACK', { ack: 0 }, false],
    ['with a FIN', 'FIN-ACK', {}, false],
  ])('%s', (_what, names, fields, counts) => {
    const b = flight(4);
    arrive(b, names, { ack: 1, ...fields });
    expect(b.tcb.counters.duplicateAcksReceived).toBe(counts ? 1 : 0);
    expect(notes(b).includes('ack-duplicate')).toBe(counts);
    expect(b.tcb.recovery.dupAcks).toBe(counts ? 1 : 0);
  });

  it('is none while nothing is on its way', () => {
    const b = inState('ESTABLISHED');
    arrive(b, 'ACK', { ack: 1 });
    expect(b.tcb.counters.duplicateAcksReceived).toBe(0);
  });
});

describe('what an ACK tells of the way', () => {
  it('SACK blocks count where SACK was agreed on', () => {
    const told = (sacks: boolean): string => {
      const b = scene('...', { sacks });
      arrive(b, 'ACK', { ack: 1, options: { sack: [[b.at(1), b.at(2)]] } });
      return marks(b);
    };
    expect([told(true), told(false)]).toEqual(['.s.', '...']);
  });

  it('ECE counts where ECN was agreed on', () => {
    const phase = (active: boolean): string => {
      const b = flight(4);
      b.tcb.ecn.active = active;
      arrive(b, 'ECE-ACK', { ack: 1001 });
      return b.tcb.recovery.phase;
    };
    expect([phase(true), phase(false)]).toEqual(['reducing', 'open']);
    const plain = flight(4);
    plain.tcb.ecn.active = true;
    arrive(plain, 'ACK', { ack: 1001 });
    expect(plain.tcb.recovery.phase).toBe('open');
  });

  it('nothing while the window is being probed: all that is on its way is the probe', () => {
    const b = flight(4);
    b.tcb.rto.probes = 1;
    arrive(b, 'ACK', { ack: 1, wnd: 0 });
    arrive(b, 'ACK', { ack: 1, wnd: 0 });
    expect(b.tcb.recovery.dupAcks).toBe(0);
    expect(b.tcb.counters.duplicateAcksReceived).toBe(1);
  });

  it('with nothing on its way a DSACK can still take a reduction back (RFC 3708)', () => {
    const undone = (change: (b: ReturnType<typeof scene>) => void, sack: boolean): boolean => {
      const b = scene('', { sacks: true, undo: true });
      b.tcb.snd.una = b.at(2);
      b.tcb.snd.nxt = b.at(2);
      b.tcb.snd.max = b.at(2);
      Object.assign(b.tcb.recovery, { undoFrom: b.at(0), undoResent: 1, undoCwndBytes: 20_000 });
      b.tcb.counters.retransmissions = 1;
      change(b);
      const blocks: [Seq, Seq][] = [[b.at(0), b.at(1)]];
      arrive(b, 'ACK', { options: sack ? { sack: blocks } : {} });
      return notes(b).includes('dsack-undone');
    };
    expect(undone(() => undefined, true)).toBe(true);
    expect(undone(() => undefined, false)).toBe(false);
    expect(undone((b) => Object.assign(b.tcb.recovery, { undoFrom: null }), true)).toBe(false);
  });

  it.each<[string, number, number, number]>([
    ['a closed window that stays closed', 0, 0, 0],
    ['one that opens', 0, 5000, 0],
    ['one that closes', 5000, 0, 0],
    ['an open one', 5000, 5000, 3],
  ])(
    '%s: how often something has gone again in vain (RFC 9293 section 3.8.6.1, MUST-37)',
    (_what, before, wnd, left) => {
      const b = flight(1);
      b.tcb.snd.wnd = before;
      b.tcb.rto.attempts = 3;
      arrive(b, 'ACK', { ack: 1, wnd });
      expect(b.tcb.rto.attempts).toBe(left);
    },
  );
});

describe('the send window (RFC 9293 section 3.10.7.4, fifth check)', () => {
  /** SND.WL1 is the peer's number 100 and SND.WL2 our 1001, which is SND.UNA; RCV.NXT is 100. */
  function updated(seq: number, ack: number, wl2 = 1001): [number, number, number] {
    const b = flight(3);
    arrive(b, 'ACK', { ack: 1001 });
    b.tcb.rcv.nxt = seqAdd(b.peerIss, 100);
    b.tcb.snd.wl1 = seqAdd(b.peerIss, 100);
    b.tcb.snd.wl2 = seqAdd(b.iss, wl2);
    arrive(b, 'ACK', { seq, ack, wnd: 777, len: seq < 100 ? 200 : 0 });
    const { snd } = b.tcb;
    return [snd.wnd, seqDiff(snd.wl1, b.peerIss), seqDiff(snd.wl2, b.iss)];
  }

  it.each<[string, number, number, number, [number, number, number]]>([
    ['the same number and the same ACK', 100, 1001, 1001, [777, 100, 1001]],
    ['a newer number', 101, 1001, 1001, [777, 101, 1001]],
    ['a newer ACK', 100, 1501, 1001, [777, 100, 1501]],
    ['the same number, an ACK that is older than the last update', 100, 1001, 1501, [65_535, 100, 1501]],
  ])('is taken from %s', (_what, seq, ack, wl2, wanted) => expect(updated(seq, ack, wl2)).toEqual(wanted));

  it('an update that changes nothing is not told', () => {
    const b = inState('ESTABLISHED');
    arrive(b, 'ACK', { ack: 1 });
    expect(notes(b)).toEqual([]);
    arrive(b, 'ACK', { ack: 1, wnd: 5 });
    expect(notes(b)).toEqual(['window-updated']);
  });

  it('the largest ever is remembered', () => {
    const b = inState('ESTABLISHED', { windowScale: 1 });
    b.tcb.options.sndShift = 1;
    arrive(b, 'ACK', { ack: 1 });
    arrive(b, 'ACK', { ack: 1, wnd: 5 });
    expect([b.tcb.snd.wnd, b.tcb.snd.maxWnd]).toEqual([10, 131_070]);
  });

  it('an open window ends the probing: what the probe carried goes anew, as a part of more', () => {
    const b = inState('ESTABLISHED', { mssBytes: 1000 });
    arrive(b, 'ACK', { ack: 1, wnd: 0 });
    send(b, 1000);
    b.tcb.owed.probe = { rule: 'window-probe', line: null, trigger: { kind: 'network' } };
    b.tcb.rto.probes = 1;
    expect(sent(b)).toEqual(['ACK seq 1 ack 1 len 1']);
    arrive(b, 'ACK', { ack: 1, wnd: 0 });
    expect(b.tcb.rto.probes).toBe(1);
    arrive(b, 'ACK', { ack: 1, wnd: 4000 });
    expect(b.tcb.rto.probes).toBe(0);
    expect(outstandingSegments(b.tcb.retransmissionQueue)).toBe(0);
    expect([b.tcb.snd.nxt, b.tcb.snd.leaving]).toEqual([b.tcb.snd.una, b.tcb.snd.una]);
    expect(sent(b)).toEqual(['ACK seq 1 ack 1 len 1000']);
  });

  it('one that opens with nothing probed leaves SND.NXT where it is', () => {
    const b = inState('FIN-WAIT-2');
    b.tcb.rto.probes = 1;
    b.tcb.snd.leaving = b.iss;
    arrive(b, 'ACK', { ack: 2, wnd: 4000 });
    expect(b.tcb.rto.probes).toBe(0);
    expect(b.tcb.snd.leaving).toBe(b.iss);
  });
});

describe('our FIN is acknowledged', () => {
  it.each([
    ['FIN-WAIT-1', 'FIN-WAIT-2', 'fin-wait-2'],
    ['CLOSING', 'TIME-WAIT', 'closing-time-wait'],
    ['LAST-ACK', 'CLOSED', 'last-ack-closed'],
  ] as const)('%s leads to %s, and not before', (from, to, rule) => {
    const b = inState(from);
    const fin = b.tcb.snd.fin ?? b.iss;
    arrive(b, 'ACK', { seq: seqDiff(b.tcb.rcv.nxt, b.peerIss), ack: seqDiff(fin, b.iss) });
    expect(b.tcb.state).toBe(from);
    arrive(b, 'ACK', { seq: seqDiff(b.tcb.rcv.nxt, b.peerIss), ack: seqDiff(fin, b.iss) + 1 });
    expect(b.tcb.state).toBe(to);
    expect(rulesOf(b, 'state')).toEqual([rule]);
    expect(rulesOf(b, 'call-completed')).toEqual(from === 'FIN-WAIT-1' ? ['close-acknowledged'] : []);
  });

  it('a host that closed its whole socket waits for the remote FIN no longer than it wants to', () => {
    const wait = (finWait2Us: number | null): number => {
      const b = inState('FIN-WAIT-1', { closeIsFull: true, finWait2Us });
      arrive(b, 'ACK', { ack: 2 });
      return b.tcb.timers['time-wait'];
    };
    expect([wait(60_000_000), wait(null)]).toEqual([60_000_000, NEVER]);
  });

  it('the application is not told of the end that it asked for', () => {
    const b = inState('LAST-ACK');
    arrive(b, 'ACK', { seq: 2, ack: 2 });
    expect(signals(b)).toEqual([]);
  });
});

describe('an active OPEN', () => {
  it('RTO begins with three seconds where the SYN had to go again (RFC 6298 section 5.7)', () => {
    const b = bench();
    connect(b);
    sent(b);
    b.tcb.rto.synTimedOut = true;
    b.tcb.rto.timing = null;
    arrive(b, 'SYN-ACK', { seq: 0, ack: 1 });
    expect([b.tcb.rto.rtoUs, b.tcb.rto.synTimedOut]).toEqual([3_000_000, false]);
  });
});
