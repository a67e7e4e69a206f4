import { describe, expect, it } from 'vitest';
import type { Cause } from '../../../src/engine/events';
import { NO_OCTETS, octetsLength } from '../../../src/engine/octets';
import type { RuleId } from '../../../src/engine/rules';
import { FLAG, NO_OPTIONS } from '../../../src/engine/segment';
import { seqAdd, seqDiff } from '../../../src/engine/seq';
import { nextOutput, type OutputKind, output } from '../../../src/engine/tcp/output';
import { entryAt, outstandingSegments, replaceEntry } from '../../../src/engine/tcp/retransmissionQueue';
import { timerRuns } from '../../../src/engine/tcp/timers';
import { arrive, type Bench, bench, close, connect, inState, send, sendOne, sent } from './harness';
import { LEFT_US, MSS, NEVER, type Scene, scene } from './scene';

const because = (rule: RuleId): Cause => ({ rule, line: 3, trigger: { kind: 'network' } });

/** A side with `bytes` queued behind what is on its way, for which cwnd and the window have room. */
function queued(letters: string, bytes: number, config: Parameters<typeof scene>[1] = {}): Scene {
  const b = scene(letters, config);
  send(b, letters.length * MSS + bytes);
  return b;
}

/** The k-th entry of the retransmission queue. */
const entry = (b: Bench, index: number) => {
  const found = entryAt(b.tcb.retransmissionQueue, index);
  if (found === null) throw new Error(`nothing at ${index}`);
  return found;
};

function change(b: Bench, index: number, fields: object): void {
  replaceEntry(b.tcb.retransmissionQueue, index, { ...entry(b, index), ...fields });
}

describe('what leaves first', () => {
  /** Everything is due; each step settles the first. */
  function order(alone: boolean): OutputKind[] {
    const b = queued('.l', 5);
    const { owed } = b.tcb;
    owed.replies.push({
      segment: {
        ...{ source: b.tcb.local, destination: b.tcb.local, seq: b.tcb.snd.nxt, ack: b.tcb.snd.nxt, flags: FLAG.RST },
        ...{ wnd: 0, up: 0, options: NO_OPTIONS, payload: NO_OCTETS, ecn: 0 },
      },
      cause: because('abort-reset'),
    });
    owed.retransmission = because('retransmission-timeout');
    owed.syn = because('open-active');
    owed.probe = because('window-probe');
    owed.ack = because('text-in-order');
    owed.tailProbe = because('tail-probe');
    b.tcb.pace.alone = alone;
    const clear = (name: Exclude<keyof typeof owed, 'replies'>) => (): void => {
      owed[name] = null;
    };
    const settle: Readonly<Record<OutputKind, () => void>> = {
      none: () => undefined,
      reply: () => void owed.replies.pop(),
      retransmission: clear('retransmission'),
      syn: clear('syn'),
      probe: clear('probe'),
      ack: clear('ack'),
      'tail-probe': clear('tailProbe'),
      resend: () => change(b, 1, { resent: true }),
      gap: () => undefined,
      data: () => {
        b.tcb.snd.nxt = seqAdd(b.tcb.snd.nxt, 5);
        owed.fin = because('close-established');
      },
      fin: clear('fin'),
    };
    const found: OutputKind[] = [];
    for (let kind = nextOutput(b.tcb); kind !== 'none' && found.length < 20; kind = nextOutput(b.tcb)) {
      found.push(kind);
      settle[kind]();
    }
    return found;
  }

  const FIRST = ['reply', 'retransmission', 'syn', 'probe'];
  const REST = ['tail-probe', 'resend', 'data', 'fin'];

  it('resets, what was sent before, new data, our FIN, and a bare ACK last: whatever goes before carries it (MUST-58)', () => {
    expect(order(false)).toEqual([...FIRST, ...REST, 'ack']);
  });

  it('an ACK that is due before the application runs goes before the data', () => {
    expect(order(true)).toEqual([...FIRST, 'ack', ...REST]);
  });

  it('nothing is due at first, and nothing leaves', () => {
    const b = inState('ESTABLISHED');
    expect(nextOutput(b.tcb)).toBe('none');
    expect(output(b.tcb, 'none', b.ctx)).toBeNull();
  });

  it.each<OutputKind>(['reply', 'retransmission', 'syn', 'probe', 'tail-probe', 'fin', 'ack', 'resend', 'gap'])(
    'nobody asked for: %s',
    (kind) => {
      const b = inState('ESTABLISHED');
      expect(output(b.tcb, kind, b.ctx)).toBeNull();
      expect(outstandingSegments(b.tcb.retransmissionQueue)).toBe(0);
    },
  );
});

describe('which lost segment goes again', () => {
  it.each<[string, string, number, number | null]>([
    // Marks, and cwnd in bytes; the segment that goes.
    ['the first that has not gone again', 'rl.', 10_000, 1],
    ['one that was SACKed is not lost', 'sl.', 10_000, 1],
    ['none is lost', '...', 10_000, null],
    ['all have gone again', 'rr.', 10_000, null],
    ['just room for one', 'l..', 3000, 0],
    ['no room for one', 'l..', 2999, null],
  ])('%s', (_what, letters, cwnd, index) => {
    const b = queued(letters, 0, { sacks: true });
    b.tcb.congestion.cwndBytes = cwnd;
    expect(nextOutput(b.tcb)).toBe(index === null ? 'none' : 'resend');
    const emission = sendOne(b);
    expect(emission?.text ?? null).toBe(index === null ? null : `ACK seq ${1 + index * MSS} ack 1 len 1000`);
  });

  it('a window that counts segments has no room for a part of one', () => {
    const b = scene('l..', { countsSegments: true, sacks: true });
    change(b, 0, { lengthBytes: 10 });
    b.tcb.congestion.cwndBytes = 2999;
    expect(nextOutput(b.tcb)).toBe('none');
    b.tcb.congestion.cwndBytes = 3000;
    expect(nextOutput(b.tcb)).toBe('resend');
  });

  it('none while new data goes first, to find out about a timeout (RFC 5682)', () => {
    const b = scene('l..');
    b.tcb.recovery.newDataFirst = true;
    expect(nextOutput(b.tcb)).toBe('none');
  });
});

describe('a segment that goes again', () => {
  const again = (b: Bench) => output(b.tcb, 'retransmission', b.ctx);

  function due(letters: string, config: Parameters<typeof scene>[1] = {}): Scene {
    const b = queued(letters, 0, config);
    b.tcb.owed.retransmission = because('retransmission-timeout');
    return b;
  }

  it('counts, and what is remembered of it is of the new time', () => {
    const b = due('..');
    b.tcb.counters.segmentsSent = 77;
    b.tcb.rto.timing = { end: b.at(1), sentAtUs: LEFT_US };
    expect(again(b)).toMatchObject({ retransmission: true, cause: { rule: 'retransmission-timeout', line: 3 } });
    expect(entry(b, 0)).toMatchObject({ transmissions: 2, resent: true, sentAtUs: b.ctx.nowUs, order: 77 });
    expect(b.tcb.counters.retransmissions).toBe(1);
    expect(b.tcb.owed.retransmission).toBeNull();
    // Karn (RFC 6298 section 3).
    expect(b.tcb.rto.timing).toBeNull();
    // RFC 6298 section 5.1.
    expect(timerRuns(b.tcb, 'retransmission')).toBe(true);
  });

  it('carries no octet that was acknowledged', () => {
    const b = due('..');
    b.tcb.snd.una = b.at(0.4);
    const emission = again(b);
    expect(
      emission === null ? null : [seqDiff(emission.segment.seq, b.at(0)), octetsLength(emission.segment.payload)],
    ).toEqual([400, 600]);
  });

  it.each<[string, number, number, number, number]>([
    ['in the middle', 0, 1000, FLAG.ACK, 1000],
    ['the last of what is queued is pushed', 1, 1000, FLAG.ACK | FLAG.PSH, 1000],
    ['with a FIN behind it', 1, 1001, FLAG.ACK | FLAG.PSH | FLAG.FIN, 1000],
  ])('%s', (_what, index, lengthBytes, flags, octets) => {
    const b = due('..');
    if (index === 1) {
      arrive(b, 'ACK', { ack: 1001 });
      b.tcb.owed.retransmission = because('retransmission-timeout');
      change(b, 0, { lengthBytes, flags: flags & FLAG.FIN });
    }
    const emission = again(b);
    expect(emission?.segment.flags).toBe(flags);
    expect(emission === null ? null : octetsLength(emission.segment.payload)).toBe(octets);
  });

  it.each<[string, object, boolean]>([
    ['in recovery the oldest begins the timer anew', { phase: 'recovery' }, true],
    ['but not after a second partial ACK (RFC 6582 section 4)', { phase: 'recovery', partialAcks: 2 }, false],
    ['outside of recovery it goes on', { phase: 'loss' }, false],
  ])('%s', (_what, recovery, anew) => {
    const b = due('..');
    Object.assign(b.tcb.recovery, recovery);
    b.tcb.timers.retransmission = b.ctx.nowUs + 5;
    b.tcb.timers['loss-probe'] = b.ctx.nowUs + 7;
    again(b);
    expect(b.tcb.timers.retransmission).toBe(b.ctx.nowUs + (anew ? b.tcb.rto.rtoUs : 5));
    expect(b.tcb.timers['loss-probe']).toBe(anew ? NEVER : b.ctx.nowUs + 7);
  });

  it('a younger one leaves the timer alone in recovery too', () => {
    const b = queued('rl.', 0, { sacks: true });
    b.tcb.recovery.phase = 'recovery';
    b.tcb.timers.retransmission = b.ctx.nowUs + 5;
    expect(sendOne(b)?.text).toBe('ACK seq 1001 ack 1 len 1000');
    expect(b.tcb.timers.retransmission).toBe(b.ctx.nowUs + 5);
  });

  it.each<[string, Partial<Scene['tcb']['rto']>, 'retransmission' | 'loss-probe' | null, boolean]>([
    ['begins the retransmission timer', {}, null, true],
    ['not while the window is being probed: the persist timer does the work', { probes: 1 }, null, false],
    ['not while the tail loss probe watches', {}, 'loss-probe', false],
  ])('%s', (_what, rto, running, begins) => {
    const b = due('..');
    Object.assign(b.tcb.rto, rto);
    b.tcb.timers.retransmission = NEVER;
    if (running !== null) b.tcb.timers[running] = b.ctx.nowUs + 5;
    again(b);
    expect(timerRuns(b.tcb, 'retransmission')).toBe(begins);
  });

  it('takes those after it along as far as they fit, where the host does so', () => {
    const small = (config: Parameters<typeof scene>[1]): string[] => {
      const b = queued('...', 0, config);
      for (const index of [0, 1]) change(b, index, { lengthBytes: 400, seq: seqAdd(b.at(0), 400 * index) });
      b.tcb.owed.retransmission = because('retransmission-timeout');
      const emission = again(b);
      return [`${emission === null ? 0 : octetsLength(emission.segment.payload)}`];
    };
    expect(small({ resendsTogether: true })).toEqual(['800']);
    expect(small({})).toEqual(['400']);
  });

  it('a full one has no room for another, nor has a SYN', () => {
    const b = due('..', { resendsTogether: true });
    again(b);
    expect(outstandingSegments(b.tcb.retransmissionQueue)).toBe(2);
    const opening = inState('SYN-SENT', { resendsTogether: true });
    opening.tcb.owed.retransmission = because('syn-timeout');
    const emission = output(opening.tcb, 'retransmission', opening.ctx);
    expect(emission?.segment.flags).toBe(FLAG.SYN);
    expect(emission?.segment.options.mss).toBe(1460);
    expect(emission?.retransmission).toBe(true);
  });

  it('is cut where the path has become narrower, and its first piece goes', () => {
    const b = due('..');
    b.tcb.path.mssBytes = 600;
    b.tcb.path.loweredAtUs = 1;
    const emission = again(b);
    expect(emission === null ? 0 : octetsLength(emission.segment.payload)).toBe(600);
    expect([0, 1, 2].map((index) => entry(b, index).lengthBytes)).toEqual([600, 400, 1000]);
  });

  it.each([
    // SACK blocks take 12 octets of a segment; on a path that has not changed they may make it as large as it was.
    [null, 1000],
    [1, 988],
  ])('SACK blocks have room beside it where the path was lowered at %s', (loweredAtUs, octets) => {
    const b = due('..', { sacks: true });
    b.tcb.rcv.sacks = [[seqAdd(b.tcb.rcv.nxt, 100), seqAdd(b.tcb.rcv.nxt, 200)]];
    b.tcb.path.loweredAtUs = loweredAtUs;
    const emission = again(b);
    expect(emission === null ? 0 : octetsLength(emission.segment.payload)).toBe(octets);
  });
});

describe('new data', () => {
  it.each<[string, number, number, boolean, boolean]>([
    // Octets queued, window beyond SND.UNA; PSH and FIN.
    ['the last segment takes the FIN along', 700, 65_535, true, true],
    ['with room for just one number more', 700, 701, true, true],
    ['not where the window ends with the data', 700, 700, true, false],
    ['not before the last', 1700, 65_535, false, false],
  ])('%s', (_what, bytes, wnd, push, fin) => {
    const b = scene('');
    b.tcb.snd.wnd = wnd;
    b.tcb.snd.maxWnd = 1000;
    send(b, bytes);
    close(b);
    const { segment } = sendOne(b) ?? {};
    expect(segment?.flags).toBe(FLAG.ACK | (push ? FLAG.PSH : 0) | (fin ? FLAG.FIN : 0));
    const fins = fin ? 1 : 0;
    expect(entry(b, 0).lengthBytes).toBe(Math.min(bytes, MSS) + fins);
    expect(b.tcb.snd.fin === null ? null : seqDiff(b.tcb.snd.fin, b.tcb.snd.una)).toBe(fin ? 700 : null);
    expect(b.tcb.owed.fin === null).toBe(fin);
  });

  it('moves SND.NXT and SND.MAX, and is kept for retransmission with its line', () => {
    const b = scene('');
    send(b, 700);
    b.tcb.counters.segmentsSent = 5;
    sendOne(b);
    expect([seqDiff(b.tcb.snd.nxt, b.at(0)), seqDiff(b.tcb.snd.max, b.at(0))]).toEqual([700, 700]);
    expect(entry(b, 0)).toEqual({
      ...{ seq: b.at(0), lengthBytes: 700, flags: FLAG.ACK | FLAG.PSH, sentAtUs: b.ctx.nowUs, order: 5 },
      ...{ transmissions: 1, line: 7, sacked: false, lost: false, resent: false },
    });
    expect(b.tcb.rto.timing).toEqual({ end: b.tcb.snd.nxt, sentAtUs: b.ctx.nowUs });
    expect(timerRuns(b.tcb, 'retransmission')).toBe(true);
    expect(b.tcb.counters.retransmissions).toBe(0);
  });

  it.each([
    // A small segment, for Minshall's rule: SND.UNA or before it when none is on its way.
    [999, 999],
    [1000, 0],
  ])('%i octets: the end of the last small segment is %i', (bytes, end) => {
    const b = scene('');
    b.tcb.snd.smallEnd = b.at(0);
    send(b, bytes);
    sendOne(b);
    expect(seqDiff(b.tcb.snd.smallEnd, b.at(0))).toBe(end);
  });

  it('what went before a window probe is a retransmission: it counts, and is not timed', () => {
    const b = scene('');
    send(b, 700);
    b.tcb.snd.max = b.at(0.3);
    const emission = sendOne(b);
    expect(emission).toMatchObject({ retransmission: true, rule: 'resend-after-probe' });
    expect(entry(b, 0).transmissions).toBe(2);
    expect(b.tcb.counters.retransmissions).toBe(1);
    expect(b.tcb.rto.timing).toBeNull();
    expect(seqDiff(b.tcb.snd.max, b.at(0))).toBe(700);
  });

  it('is the first to be ECN-capable and says CWR; a retransmission is not (RFC 3168 section 6.1.5)', () => {
    const b = queued('l', 10);
    b.tcb.ecn.active = true;
    const [again, fresh] = [sendOne(b), sendOne(b)];
    expect([again?.segment.ecn, fresh?.segment.ecn]).toEqual([0, 2]);
  });

  it('an old path is tried anew first', () => {
    const b = scene('');
    b.tcb.path.mssBytes = 600;
    b.tcb.path.loweredAtUs = 0;
    b.ctx.nowUs = 600_000_000;
    send(b, 1000);
    expect(sendOne(b)?.text).toBe('ACK seq 1 ack 1 len 1000');
  });
});

describe('the probe of the tail (RFC 8985 section 7.3)', () => {
  const probe = (b: Bench) => {
    b.tcb.owed.tailProbe = because('tail-probe');
    const one = sendOne(b);
    return [one?.text, one?.retransmission, b.tcb.recovery.tlpResent, b.tcb.owed.tailProbe];
  };

  it.each<[string, number, number, string, boolean]>([
    // Octets queued, window beyond what is on its way.
    ['new data where there is some, though cwnd is full', 300, 65_535, 'ACK seq 2001 ack 1 len 300', false],
    ['a full segment of it', 3000, 65_535, 'ACK seq 2001 ack 1 len 1000', false],
    ['as much as the window takes', 300, 200, 'ACK seq 2001 ack 1 len 200', false],
    ['the last segment again without new data', 0, 65_535, 'ACK seq 1001 ack 1 len 1000', true],
    ['or without a window for it', 300, 0, 'ACK seq 1001 ack 1 len 1000', true],
  ])('is %s', (_what, bytes, room, text, again) => {
    const b = queued('..', bytes, { sacks: true });
    b.tcb.congestion.cwndBytes = 1;
    b.tcb.snd.wnd = 2000 + room;
    expect(probe(b)).toEqual([text, again, again, null]);
    expect(b.tcb.recovery.tlpEnd).toBe(b.tcb.snd.nxt);
  });

  it('is the last segment again once our FIN has left', () => {
    const b = inState('FIN-WAIT-1', { sack: true });
    expect(probe(b)).toEqual(['FIN-ACK seq 1 ack 1', true, true, null]);
  });
});

describe('what the persist timer asks for (RFC 9293 section 3.8.6.1)', () => {
  const probe = (b: Bench, rule: RuleId = 'window-probe') => {
    b.tcb.owed.probe = because(rule);
    const one = sendOne(b);
    return [one?.text, one?.rule, b.tcb.counters.probesSent];
  };

  it('one octet of what is queued', () => {
    const b = queued('', 300);
    b.tcb.snd.wnd = 0;
    expect(probe(b)).toEqual(['ACK seq 1 ack 1 len 1', 'window-probe', 1]);
  });

  it('what is on its way again, where there is something', () => {
    const b = queued('.', 300);
    b.tcb.snd.wnd = 0;
    expect(probe(b)).toEqual(['ACK seq 1 ack 1 len 1000', 'window-probe', 1]);
  });

  it('our FIN, where nothing else is left', () => {
    const b = inState('ESTABLISHED');
    b.tcb.snd.wnd = 0;
    close(b);
    b.tcb.rto.probes = 3;
    expect(probe(b)).toEqual(['FIN-ACK seq 1 ack 1', 'window-probe', 1]);
    expect(b.tcb.rto.probes).toBe(0);
  });

  it.each([
    [400, 400],
    [1500, 1000],
  ])('what silly window avoidance held back: of a window of %i octets, %i (no probe)', (wnd, octets) => {
    const b = queued('', 3000);
    b.tcb.snd.wnd = wnd;
    expect(probe(b, 'silly-window-override')).toEqual([`ACK seq 1 ack 1 len ${octets}`, 'silly-window-override', 0]);
  });
});

describe('our FIN', () => {
  it('has the number after the data; CLOSE-WAIT ends with it (RFC 9293 section 3.10.4)', () => {
    const b = inState('CLOSE-WAIT');
    close(b);
    expect(b.tcb.state).toBe('CLOSE-WAIT');
    expect(sendOne(b)?.text).toBe('FIN-ACK seq 1 ack 2');
    expect(b.tcb.state).toBe('LAST-ACK');
    expect(seqDiff(b.tcb.snd.fin ?? b.iss, b.iss)).toBe(1);
    expect(seqDiff(b.tcb.snd.nxt, b.iss)).toBe(2);
    expect(entry(b, 0)).toMatchObject({ lengthBytes: 1, flags: FLAG.FIN | FLAG.ACK });
  });

  it('does not change any other state', () => {
    const b = inState('FIN-WAIT-1');
    expect(b.tcb.state).toBe('FIN-WAIT-1');
    expect(b.tcb.owed.fin).toBeNull();
  });
});

describe('what each segment carries', () => {
  it.each([
    [0, 65_535, 65_535, 65_535],
    [0, 70_000, 65_535, 65_535],
    [2, 70_003, 17_500, 70_000],
    [2, 400_000, 65_535, 262_140],
  ])('the window, shifted by %i: RCV.WND %i is told as %i (RFC 7323 section 2.3)', (shift, wnd, field, told) => {
    const b = inState('ESTABLISHED');
    b.tcb.options.rcvShift = shift;
    b.tcb.rcv.wnd = wnd;
    b.tcb.owed.ack = because('text-in-order');
    expect(sendOne(b)?.segment.wnd).toBe(field);
    expect(seqDiff(b.tcb.rcv.adv, b.tcb.rcv.nxt)).toBe(told);
  });

  it('acknowledges: nothing is owed any more (MUST-58)', () => {
    const b = inState('ESTABLISHED', { delayedAckUs: 40_000 });
    arrive(b, 'ACK', { seq: 1, len: 100 });
    b.tcb.rcv.dsack = [b.tcb.rcv.nxt, seqAdd(b.tcb.rcv.nxt, 1)];
    expect(timerRuns(b.tcb, 'delayed-ack')).toBe(true);
    send(b, 10);
    expect(sendOne(b)?.text).toBe('ACK seq 1 ack 101 len 10');
    expect(timerRuns(b.tcb, 'delayed-ack')).toBe(false);
    expect(b.tcb.rcv).toMatchObject({ unackedBytes: 0, dsack: null });
    expect(b.tcb.options.lastAckSent).toBe(b.tcb.rcv.nxt);
    expect(sent(b)).toEqual([]);
  });

  it.each<[string, number, number | null]>([
    ['before the urgent octets end', 1, 1],
    ['where they end', 0, null],
    ['behind them', -1, null],
    ['far before: as far as the field reaches (MUST-31)', 70_000, 65_535],
  ])('the urgent pointer, %s', (_what, ahead, up) => {
    const b = inState('ESTABLISHED');
    b.tcb.snd.up = seqAdd(b.tcb.snd.nxt, ahead);
    b.tcb.owed.ack = because('text-in-order');
    const { segment } = sendOne(b) ?? {};
    expect(segment?.up).toBe(up ?? 0);
    expect(((segment?.flags ?? 0) & FLAG.URG) !== 0).toBe(up !== null);
  });

  it('a segment needs somebody to go to', () => {
    const b = inState('ESTABLISHED');
    b.tcb.remote = null;
    b.tcb.owed.ack = because('text-in-order');
    expect(() => sendOne(b)).toThrow('a segment needs a remote socket');
  });

  it('a SYN acknowledges nothing: the number is 0, and no window has been told', () => {
    const b = bench();
    connect(b);
    const { segment } = sendOne(b) ?? {};
    expect(segment).toMatchObject({ seq: 1000, ack: 0, flags: FLAG.SYN, wnd: 65_535, up: 0, ecn: 0 });
    expect(b.tcb.rcv.adv).toBe(0);
  });
});
