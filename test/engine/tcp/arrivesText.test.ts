import { describe, expect, it } from 'vitest';
import type { HostConfig } from '../../../src/engine/config';
import { seqAdd, seqDiff } from '../../../src/engine/seq';
import { timestampAt } from '../../../src/engine/tcp/options';
import { arrive, type Bench, bench, call, inState, listen, receive, rulesOf, send, sent, signals } from './harness';
import { NEVER, notes } from './scene';

type Config = Partial<HostConfig>;
const DELAYED: Config = { delayedAckUs: 40_000 };
const PACED: Config = { delayedAckUs: 40_000, delayedAckMaxUs: 200_000, quickAcks: 16 };

/** RCV.NXT, counted from the peer's ISN. */
const next = (b: Bench): number => seqDiff(b.tcb.rcv.nxt, b.peerIss);

/** ESTABLISHED; these sequence numbers, which count from the peer's ISN, are held above a gap. */
function gap(config: Config, ...blocks: readonly (readonly [number, number])[]): Bench {
  const b = inState('ESTABLISHED', config);
  for (const [seq, len] of blocks) arrive(b, 'ACK', { seq, len });
  sent(b);
  b.events.length = 0;
  return b;
}

describe('sixth, check the URG bit (RFC 9293 section 3.8.5)', () => {
  it.each<[string, string, number, number | null]>([
    // Control bits, urgent pointer from SEG.SEQ = 1; RCV.UP then, and whether the application is told.
    ['a pointer beyond what was read', 'URG-ACK', 5, 6],
    ['a pointer at RCV.NXT', 'URG-ACK', 0, null],
    ['without URG the field means nothing', 'ACK', 5, null],
  ])('%s', (_what, names, up, rcvUp) => {
    const b = inState('ESTABLISHED', { autoRead: false });
    arrive(b, names, { up });
    expect(seqDiff(b.tcb.rcv.up, b.peerIss)).toBe(rcvUp ?? 1);
    expect(signals(b)).toEqual(rcvUp === null ? [] : ['urgent data']);
  });

  it('a pointer that goes back changes nothing', () => {
    const b = inState('ESTABLISHED', { autoRead: false });
    arrive(b, 'URG-ACK', { up: 9 });
    arrive(b, 'URG-ACK', { up: 4 });
    expect(seqDiff(b.tcb.rcv.up, b.peerIss)).toBe(10);
    expect(signals(b)).toEqual(['urgent data']);
  });
});

describe('text where none can come (seventh)', () => {
  it.each(['CLOSE-WAIT', 'CLOSING', 'LAST-ACK'] as const)('in %s it is ignored, and so is nothing', (state) => {
    const b = inState(state);
    arrive(b, 'ACK', { seq: next(b), ack: 1 });
    expect(notes(b)).not.toContain('text-after-fin');
    arrive(b, 'ACK', { seq: next(b), ack: 1, len: 10 });
    expect(notes(b)).toContain('text-after-fin');
    expect([b.tcb.state, sent(b)]).toEqual([state, []]);
  });

  it.each<[string, number, number, boolean, boolean]>([
    // SEG.SEQ from the remote FIN's number on, octets, whether the host answers; whether it resets.
    ['begins before the FIN and goes beyond', -5, 10, true, true],
    ['on hosts that answer it only', -5, 10, false, false],
    ['begins behind the FIN', 1, 10, true, false],
    ['ends with it', -5, 6, true, false],
  ])('text that %s', (_what, from, len, answersTextAfterFin, resets) => {
    const b = inState('CLOSE-WAIT', { answersTextAfterFin });
    arrive(b, 'ACK', { seq: next(b) - 1 + from, ack: 1, len });
    expect(b.tcb.state).toBe(resets ? 'CLOSED' : 'CLOSE-WAIT');
    expect(rulesOf(b, 'state')).toEqual(resets ? ['text-beyond-fin'] : []);
    if (resets) expect(sent(b)).toEqual(['RST seq 1']);
  });

  it.each([true, false])('in TIME-WAIT hosts that answer it: %s', (answersTextAfterFin) => {
    const b = inState('TIME-WAIT', { answersTextAfterFin });
    b.ctx.nowUs += 1_000_000;
    const due = b.tcb.timers['time-wait'];
    arrive(b, 'ACK', { seq: 2, ack: 2, len: 10 });
    expect(b.tcb.timers['time-wait']).toBe(answersTextAfterFin ? b.ctx.nowUs + 2 * b.tcb.config.mslUs : due);
    expect(sent(b)).toEqual(answersTextAfterFin ? ['ACK seq 2 ack 2'] : []);
    // Text that began before the FIN is no reason for a reset there.
    arrive(b, 'ACK', { seq: 1, ack: 2, len: 10 });
    expect(b.tcb.state).toBe('TIME-WAIT');
  });

  it('after a close of the whole socket it is answered by a reset (RFC 1122 section 4.2.2.13)', () => {
    const b = inState('FIN-WAIT-2', { closeIsFull: true });
    arrive(b, 'ACK', { ack: 2 });
    expect(b.tcb.state).toBe('FIN-WAIT-2');
    arrive(b, 'ACK', { ack: 2, len: 1 });
    expect([b.tcb.state, sent(b)]).toEqual(['CLOSED', ['RST seq 2']]);
  });
});

describe('text in order', () => {
  it('moves RCV.NXT and leaves the right edge of the window where it was', () => {
    const b = inState('ESTABLISHED', { autoRead: false, ...DELAYED });
    const edge = seqAdd(b.tcb.rcv.nxt, b.tcb.rcv.wnd);
    arrive(b, 'ACK', { len: 300 });
    expect(next(b)).toBe(301);
    expect(seqAdd(b.tcb.rcv.nxt, b.tcb.rcv.wnd)).toBe(edge);
    expect(b.tcb.rcv.unackedBytes).toBe(300);
    expect(seqDiff(b.tcb.rcv.up, b.peerIss)).toBe(301);
  });

  it.each<[string, [number, number][], object, string | null]>([
    ['waits for its ACK where ACKs are delayed', [], { len: 10 }, null],
    ['that fills a gap has its ACK at once (RFC 5681 section 4.2)', [[11, 10]], { len: 10 }, 'text-gap-filled'],
    ['that fills a part of one as well', [[21, 10]], { len: 10 }, 'text-in-order'],
  ])('%s', (_what, blocks, fields, rule) => {
    const b = gap(DELAYED, ...blocks);
    arrive(b, 'ACK', fields);
    expect(b.tcb.owed.ack?.rule ?? null).toBe(rule);
  });

  it('takes what it joins up with in the reassembly queue before any ACK (MUST-59)', () => {
    const b = gap({ sack: true }, [11, 10], [21, 10], [41, 10]);
    b.tcb.options.sack = true;
    arrive(b, 'ACK', { len: 10 });
    expect(next(b)).toBe(31);
    expect(sent(b)).toEqual(['ACK seq 1 ack 31']);
    expect(b.tcb.rcv.unackedBytes).toBe(0);
    expect(b.tcb.receiveBuffer.takenBytes).toBe(30);
  });

  it('a segment without text at RCV.NXT changes nothing where nothing is held', () => {
    const b = inState('ESTABLISHED');
    arrive(b, 'ACK', {});
    expect([next(b), b.tcb.owed.ack]).toEqual([1, null]);
  });

  it('what came before is reported as a duplicate (RFC 2883)', () => {
    const b = gap({ sack: true });
    b.tcb.options.sack = true;
    arrive(b, 'ACK', { len: 100 });
    sent(b);
    arrive(b, 'ACK', { seq: 51, len: 100 });
    expect(b.tcb.rcv.dsack?.map((edge) => seqDiff(edge, b.peerIss))).toEqual([51, 101]);
  });

  it.each<[string, Config, boolean, string, string | null]>([
    ['CWR of a sender that has reduced its window is answered at once', PACED, true, 'CWR-ACK', 'text-in-order'],
    ['text without it waits', PACED, true, 'ACK', null],
    ['where ECN was not agreed on it means nothing', PACED, false, 'CWR-ACK', null],
    ['and where ACKs are not paced either', DELAYED, true, 'CWR-ACK', null],
  ])('%s', (_what, config, active, names, rule) => {
    const b = gap(config);
    b.tcb.ecn.active = active;
    Object.assign(b.tcb.pace, { quick: 0, delayUs: 40_000, dialogue: true });
    arrive(b, names, { len: 10 });
    expect(b.tcb.owed.ack?.rule ?? null).toBe(rule);
  });

  it('the FIN makes a dialogue where ACKs are paced', () => {
    const b = gap(PACED);
    arrive(b, 'ACK', { len: 10 });
    expect(b.tcb.pace.dialogue).toBe(false);
    arrive(b, 'FIN-ACK', { seq: 11, len: 10 });
    expect(b.tcb.pace.dialogue).toBe(true);
  });

  it.each<[string, Config, boolean, number | null]>([
    ['measures the round trip by the echo where memory is counted', { receiveMemory: MEMORY() }, true, 50_000],
    ['not without timestamps', { receiveMemory: MEMORY() }, false, null],
    ['and not where it is not', {}, true, null],
  ])('%s', (_what, config, agreed, rttUs) => {
    const b = gap({ timestamps: true, timestampsRequired: false, ...config });
    b.tcb.options.timestamps = agreed;
    b.ctx.nowUs = 5_000_000;
    const options = { ts: [5, timestampAt(b.ctx.nowUs) - 50] } as const;
    arrive(b, 'ACK', { len: 1460, options });
    arrive(b, 'ACK', { seq: 1461, len: 1460, options: { ts: [6, timestampAt(b.ctx.nowUs) - 49] } });
    expect(b.tcb.memory.rtt8Us > 0 ? 50_000 : null).toBe(rttUs);
  });
});

function MEMORY(): NonNullable<HostConfig['receiveMemory']> {
  return {
    headroomBytes: 64,
    trailerBytes: 320,
    recordBytes: 256,
    pieceSizes: [512, 1024, 2048, 4096],
    maxBytes: 6_000_000,
  };
}

describe('text above a gap', () => {
  it('is held and acknowledged at once, whatever is delayed (SHLD-31, MAY-13)', () => {
    const b = gap(DELAYED);
    arrive(b, 'ACK', { seq: 101, len: 10 });
    expect(b.tcb.owed.ack?.rule).toBe('text-out-of-order');
    expect(rulesOf(b, 'segment-queued')).toEqual(['text-out-of-order']);
    expect(b.tcb.reassembly).toHaveLength(1);
    expect(next(b)).toBe(1);
  });

  it('an empty segment there is nothing to hold', () => {
    const b = gap(DELAYED);
    arrive(b, 'ACK', { seq: 101 });
    expect([b.tcb.reassembly.length, b.tcb.owed.ack, rulesOf(b, 'segment-queued')]).toEqual([0, null, []]);
  });

  it('a FIN there is remembered: the text before it leads on to it', () => {
    const b = gap({ sack: true });
    b.tcb.options.sack = true;
    arrive(b, 'FIN-ACK', { seq: 11 });
    expect(b.tcb.rcv.sacks.map((block) => block.map((edge) => seqDiff(edge, b.peerIss)))).toEqual([[11, 12]]);
    expect(b.tcb.reassembly).toHaveLength(0);
    expect(b.tcb.state).toBe('ESTABLISHED');
    arrive(b, 'ACK', { len: 10 });
    expect([b.tcb.state, next(b)]).toEqual(['CLOSE-WAIT', 12]);
  });

  it('the number of the first FIN counts', () => {
    const b = gap({});
    arrive(b, 'FIN-ACK', { seq: 11 });
    arrive(b, 'FIN-ACK', { seq: 31 });
    expect(seqDiff(b.tcb.rcv.fin ?? b.peerIss, b.peerIss)).toBe(11);
  });

  it.each<[string, boolean, number, number, number[] | null]>([
    ['what is held already is reported (RFC 2883 section 4)', true, 101, 100, [101, 201]],
    ['the part of it', true, 151, 100, [151, 201]],
    ['what is new is not', true, 301, 100, null],
    ['without SACK nothing is', false, 101, 100, null],
  ])('%s', (_what, sack, seq, len, dsack) => {
    const b = gap({ sack: true });
    b.tcb.options.sack = sack;
    arrive(b, 'ACK', { seq: 101, len: 100 });
    Object.assign(b.tcb.rcv, { dsack: null });
    arrive(b, 'ACK', { seq, len });
    expect(b.tcb.rcv.dsack?.map((edge) => seqDiff(edge, b.peerIss)) ?? null).toEqual(dsack);
  });

  it('the octets that PSH pushed are pushed when they come into order', () => {
    const b = gap({ autoRead: false });
    arrive(b, 'PSH-ACK', { seq: 6, len: 5 });
    receive(b, 100);
    arrive(b, 'ACK', { len: 5 });
    expect(b.events.flatMap((event) => (event.kind === 'call-completed' ? [event.result] : []))).toEqual([
      { ok: true, deliveredBytes: 10, pushed: true },
    ]);
  });
});

describe('what comes with a SYN is kept until the connection is ESTABLISHED (sections 3.10.7.2 and 3.10.7.3)', () => {
  function withSyn(names: string, fields: object): Bench {
    const b = bench({ autoRead: false });
    listen(b);
    arrive(b, names, { seq: 0, ...fields });
    sent(b);
    return b;
  }

  it.each<[string, string, object, number, boolean, number]>([
    // Blocks that are held, whether the FIN is known, RCV.UP.
    ['nothing', 'SYN', {}, 0, false, 1],
    ['text', 'SYN', { len: 10, patternStart: 0 }, 1, false, 1],
    ['a FIN', 'SYN-FIN', {}, 0, true, 1],
    ['urgent text', 'SYN-URG', { len: 10, patternStart: 0, up: 6 }, 1, false, 6],
    ['an old urgent pointer', 'SYN-URG', { len: 10, patternStart: 0, up: 0 }, 1, false, 1],
    ['a pointer without URG', 'SYN', { len: 10, patternStart: 0, up: 6 }, 1, false, 1],
  ])('%s', (_what, names, fields, blocks, fin, up) => {
    const b = withSyn(names, fields);
    expect([b.tcb.reassembly.length, b.tcb.rcv.fin !== null, seqDiff(b.tcb.rcv.up, b.peerIss)]).toEqual([
      blocks,
      fin,
      up,
    ]);
    expect(rulesOf(b, 'segment-queued')).toEqual(blocks > 0 || fin ? ['text-with-syn'] : []);
  });

  it('then it is taken, and the FIN closes', () => {
    const b = withSyn('SYN-FIN', { len: 10, patternStart: 0 });
    arrive(b, 'ACK', { seq: 1, ack: 1 });
    expect([b.tcb.state, next(b)]).toEqual(['CLOSE-WAIT', 12]);
    expect(b.tcb.receiveBuffer.bytes).toBe(10);
  });
});

describe('eighth, check the FIN bit', () => {
  it('ends the RECEIVEs that wait, after what there is', () => {
    const b = inState('ESTABLISHED', { autoRead: false });
    receive(b, 100);
    receive(b, 100);
    arrive(b, 'FIN-ACK', { len: 5 });
    expect(b.events.flatMap((event) => (event.kind === 'call-completed' ? [event.result] : []))).toEqual([
      { ok: true, deliveredBytes: 5 },
      { ok: false, error: 'connection closing' },
    ]);
    expect(signals(b)).toEqual(['connection closing']);
  });

  it('a FIN behind a gap waits for its turn', () => {
    const b = inState('ESTABLISHED');
    arrive(b, 'FIN-ACK', { seq: 101, len: 5 });
    expect([b.tcb.state, next(b)]).toEqual(['ESTABLISHED', 1]);
  });

  it('counts as one number, which RCV.UP follows', () => {
    const b = inState('ESTABLISHED');
    arrive(b, 'FIN-ACK', {});
    expect([next(b), seqDiff(b.tcb.rcv.up, b.peerIss)]).toEqual([2, 2]);
  });

  it.each([
    ['ESTABLISHED', 'CLOSE-WAIT', 'fin-close-wait'],
    ['FIN-WAIT-1', 'CLOSING', 'fin-closing'],
    ['FIN-WAIT-2', 'TIME-WAIT', 'fin-time-wait'],
  ] as const)('%s leads to %s', (from, to, rule) => {
    const b = inState(from);
    arrive(b, 'FIN-ACK', { ack: from === 'FIN-WAIT-2' ? 2 : 1 });
    expect([b.tcb.state, rulesOf(b, 'state')]).toEqual([to, [rule]]);
    expect(b.tcb.timers['time-wait'] !== NEVER).toBe(to === 'TIME-WAIT');
  });

  it('in TIME-WAIT it is acknowledged again', () => {
    const b = inState('TIME-WAIT');
    arrive(b, 'FIN-ACK', { seq: 2, ack: 2 });
    expect(b.tcb.owed.ack?.rule).toBe('time-wait-restart');
    arrive(b, 'ACK', { seq: 2, ack: 2 });
    expect(rulesOf(b, 'timer-started')).toEqual(['time-wait-restart']);
  });
});

describe('a call that closes while text waits', () => {
  it('hands nothing over any more', () => {
    const b = inState('ESTABLISHED', { autoRead: false });
    send(b, 10);
    sent(b);
    arrive(b, 'ACK', { ack: 11, len: 10 });
    expect(call(b, { kind: 'close' })).toMatchObject({ ok: true });
    expect(b.tcb.receiveBuffer.bytes).toBe(10);
  });
});
