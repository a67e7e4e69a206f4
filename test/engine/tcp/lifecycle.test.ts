import { describe, expect, it } from 'vitest';
import type { HostConfig } from '../../../src/engine/config';
import { LINUX } from '../../../src/engine/profiles/linux';
import { seq, seqAdd } from '../../../src/engine/seq';
import {
  deleteTcb,
  failWaitingReceives,
  freshTcb,
  listenLike,
  refuseSyn,
  returnToListen,
  shareIsnClock,
  startActive,
  startSequenceAt,
  startTransfer,
  takeSyn,
} from '../../../src/engine/tcp/lifecycle';
import { createTcb, type Tcb } from '../../../src/engine/tcp/tcb';
import {
  arrive,
  type Bench,
  bench,
  close,
  inState,
  peerSegment,
  receive,
  rulesOf,
  send,
  sendOne,
  sent,
} from './harness';

const CAUSE = { rule: 'text-in-order', line: 3, trigger: { kind: 'network' } } as const;

/** A connection in which everything has happened: data both ways, losses, calls that wait. */
function used(config: Partial<HostConfig> = {}): Bench {
  const b = inState('ESTABLISHED', { autoRead: false, ...config });
  send(b, 20_000);
  sent(b);
  arrive(b, 'ACK', { len: 300, ack: 1461 });
  arrive(b, 'ACK', { seq: 2001, len: 100, ack: 1461 });
  receive(b, 100);
  receive(b, 5000);
  const { tcb } = b;
  tcb.listenRemote = tcb.remote;
  tcb.sendQueue.waiting = [{ untilPosition: 99_999, line: 5 }];
  for (const name of ['syn', 'retransmission', 'tailProbe', 'probe', 'fin', 'ack'] as const) tcb.owed[name] = CAUSE;
  Object.assign(tcb.pace, { quick: 3, dialogue: true });
  Object.assign(tcb.rto, { attempts: 2, probes: 3, timing: { end: seq(1), sentAtUs: 1 } });
  Object.assign(tcb.recovery, { dupAcks: 2 });
  Object.assign(tcb.ecn, { active: true });
  Object.assign(tcb.options, { sack: true, sndShift: 4 });
  Object.assign(tcb.counters, { probesSent: 4 });
  return b;
}

/** What a connection has that the application did not set, without what the ISN of the next one needs. */
const parts = (tcb: Tcb) => ({
  snd: { ...tcb.snd, max: 0 },
  rcv: tcb.rcv,
  options: tcb.options,
  congestion: tcb.congestion,
  recovery: tcb.recovery,
  ecn: tcb.ecn,
  rto: tcb.rto,
  pace: tcb.pace,
  reassembly: tcb.reassembly,
  receives: tcb.receives,
  retransmissions: tcb.retransmissionQueue.entries.length,
  queued: tcb.sendQueue.endPosition,
  waiting: tcb.sendQueue.waiting,
  buffered: tcb.receiveBuffer.bytes,
  owed: { ...tcb.owed, replies: [] },
  numbers: [tcb.iss, tcb.irs],
});

describe('a fresh TCB (RFC 9293 section 3.10.1)', () => {
  it('has forgotten everything but where its ISN has to lie beyond', () => {
    const { tcb } = used();
    const { max } = tcb.snd;
    expect(parts(tcb)).not.toEqual(parts(createTcb(tcb.config)));
    freshTcb(tcb);
    const fresh = createTcb(tcb.config);
    expect(parts(tcb)).toEqual(parts(fresh));
    expect(tcb.counters).toEqual(fresh.counters);
    expect(tcb.receiveBuffer.takenBytes).toBe(0);
    expect([tcb.remote, tcb.listenRemote, tcb.snd.max]).toEqual([null, null, max]);
  });

  it('offers the window of the buffer as the application has set it', () => {
    const { tcb } = used();
    tcb.preferences.rcvbufBytes = 3000;
    freshTcb(tcb);
    expect(tcb.rcv.wnd).toBe(3000);
  });

  it.each([
    ['a host with an ISN', seq(1000), true, true],
    ['a host that chooses it', null, true, false],
    ['a host that has made none', seq(1000), false, false],
  ])('goes on listening, with the ISN clock of %s', (_name, isn, started, shared) => {
    const { tcb: before } = bench({ isn });
    before.isnOrigin = started ? { iss: seq(700), atUs: 5 } : null;
    before.preferences.nagle = true;
    before.preferences.rcvbufBytes = 4000;
    const { tcb } = used({ isn });
    tcb.isnOrigin = null;
    const { max } = tcb.snd;
    listenLike(tcb, before);
    expect(tcb).toMatchObject({ state: 'LISTEN', origin: 'passive', remote: null, iss: null });
    expect(tcb.preferences).toEqual(before.preferences);
    expect(tcb.rcv.wnd).toBe(4000);
    expect([tcb.isnOrigin, tcb.snd.max]).toEqual(shared ? [{ iss: 700, atUs: 5 }, 700] : [null, max]);
    tcb.isnOrigin = null;
    shareIsnClock(tcb, before);
    expect(tcb.isnOrigin !== null).toBe(shared);
  });
});

describe('sequence numbers (RFC 9293 sections 3.10.1, 3.10.7.2)', () => {
  it.each([1000, 2 ** 32 - 1])('begin at ISS = %i', (iss) => {
    const { tcb } = bench();
    startSequenceAt(tcb, seq(iss));
    const next = seqAdd(seq(iss), 1);
    expect(tcb.snd).toMatchObject({ una: iss, smallEnd: iss, leaving: iss, up: iss, wl2: iss, nxt: next, max: next });
    expect([tcb.iss, tcb.sendQueue.baseSeq]).toEqual([iss, next]);
  });

  it.each([
    [0, 4096],
    [4096, 4096],
    [9000, 9000],
  ])('the remote SYN gives IRS, RCV.NXT and a window; MAX.SND.WND of %i becomes %i', (before, maxWnd) => {
    const b = bench({ windowScale: 3, timestamps: true });
    b.tcb.snd.maxWnd = before;
    const options = { mss: 1200, wscale: 5, ts: [77, 0] as const };
    takeSyn(b.tcb, peerSegment(b, 'SYN', { seq: 0, wnd: 4096, options }), 8000);
    expect(b.tcb.irs).toBe(5000);
    expect(b.tcb.rcv).toMatchObject({ nxt: 5001, up: 5001, adv: 5001 });
    expect(b.tcb.snd).toMatchObject({ wnd: 4096, maxWnd, wl1: 5000, mssBytes: 1200 });
    expect(b.tcb.options).toMatchObject({ sndShift: 5, rcvShift: 3, tsRecent: 77, tsRecentAtUs: 8000 });
  });

  it('an active OPEN owes a SYN, and its window is that of this connection', () => {
    const b = bench({ receiveMemory: LINUX.receiveMemory, rcvbufBytes: 131_072, userTimeoutUs: 9000 });
    const remote = { address: '10.0.0.2', port: 80 };
    startActive(b.tcb, remote, b.ctx, 'open-active');
    expect(b.tcb).toMatchObject({ state: 'SYN-SENT', origin: 'active', remote, iss: 1000 });
    expect(b.tcb.rcv.wnd).toBe(64_240);
    expect(b.tcb.owed.syn?.rule).toBe('open-active');
    expect(b.tcb.timers.user).toBe(9000);
    expect(rulesOf(b, 'state')).toEqual(['open-active']);
  });

  it('a SYN without room is dropped, and says which it was', () => {
    const b = inState('LISTEN');
    refuseSyn(b.tcb, 12, b.ctx, 'backlog-full');
    expect(b.events).toMatchObject([
      {
        kind: 'segment-discarded',
        segment: 12,
        cause: { rule: 'backlog-full', trigger: { kind: 'segment', segment: 12 } },
      },
    ]);
  });
});

describe('the connection is ESTABLISHED (RFC 5681 section 3.1)', () => {
  it.each([
    // lost SYNs, how many make a small window, initial window
    [0, {}, 14_600],
    [1, {}, 1460],
    [2, {}, 1460],
    [1, { synLossesForSmallWindow: 2 }, 14_600],
    [2, { synLossesForSmallWindow: 2 }, 1460],
    [0, { initialWindowSegments: 3 }, 4380],
    [0, { initialWindowSegments: null }, 4380],
    [0, { congestionControl: 'off' }, Number.POSITIVE_INFINITY],
  ] as [number, Partial<HostConfig>, number][])('%i SYNs lost, %o: cwnd %d', (retransmissions, config, cwndBytes) => {
    const b = inState('ESTABLISHED', config);
    const { tcb } = b;
    tcb.congestion.cwndBytes = Number.POSITIVE_INFINITY;
    tcb.counters.retransmissions = retransmissions;
    tcb.recovery.recover = seq(0);
    startTransfer(tcb, peerSegment(b, 'ACK'), 7000);
    expect(tcb.congestion.cwndBytes).toBe(cwndBytes);
    expect(tcb.recovery.recover).toBe(config.congestionControl === 'off' ? 0 : tcb.snd.una);
    expect(tcb.pace.receivedAtUs).toBe(7000);
  });

  it('the memory of the receive buffer begins', () => {
    const b = bench({ receiveMemory: LINUX.receiveMemory });
    startTransfer(b.tcb, peerSegment(b, 'ACK'), 7000);
    expect(b.tcb.memory.roundAtUs).toBe(7000);
    expect(b.tcb.memory.clamp).toBeGreaterThan(0);
  });

  it.each([
    // timestamps, undo, TSecr: whether the first SYN had not been lost
    [true, true, 2001, true],
    [true, true, 2000, false],
    [true, false, 2001, false],
    [false, true, 2001, false],
  ])('timestamps %s, undo %s: an answer that echoes %i', (timestamps, undo, tsecr, spurious) => {
    const b = inState('ESTABLISHED', { undo });
    b.tcb.options.timestamps = timestamps;
    b.tcb.counters.retransmissions = 1;
    b.tcb.rto.waitsSinceUs = 2_000_000;
    startTransfer(b.tcb, peerSegment(b, 'ACK', { options: { ts: [9, tsecr] } }), 7000);
    expect(b.tcb.congestion.cwndBytes > 1460).toBe(spurious);
  });
});

describe('the end', () => {
  const completed = (b: Bench) =>
    b.events.flatMap((event) =>
      event.kind === 'call-completed'
        ? [[event.call, event.result.ok ? 'ok' : event.result.error, event.cause.line]]
        : [],
    );

  it('CLOSED: queues are flushed, calls that wait fail, timers stop', () => {
    const b = used();
    b.tcb.receives = [{ lengthBytes: 10, line: 8 }];
    b.tcb.timers.persist = 5;
    b.events.length = 0;
    const before = b.tcb.snd.una;
    deleteTcb(b.tcb, 'connection reset', b.ctx, 'reset-connection');
    expect(completed(b)).toEqual([
      ['receive', 'connection reset', 8],
      ['send', 'connection reset', 5],
    ]);
    const { state, origin, reassembly, receives, sendQueue, receiveBuffer, retransmissionQueue, owed, rto } = b.tcb;
    expect([state, origin, reassembly, receives, sendQueue.waiting]).toEqual(['CLOSED', null, [], [], []]);
    expect([sendQueue.endPosition, receiveBuffer.bytes, retransmissionQueue.entries.length]).toEqual([0, 0, 0]);
    expect(owed).toEqual({
      replies: [],
      syn: null,
      retransmission: null,
      tailProbe: null,
      probe: null,
      fin: null,
      ack: null,
    });
    expect(rto.timing).toBeNull();
    expect(Object.values(b.tcb.timers).every((atUs) => atUs === Number.POSITIVE_INFINITY)).toBe(true);
    // The variables keep their last values for the eye.
    expect(b.tcb.snd.una).toBe(before);
  });

  it('RECEIVEs that wait fail once', () => {
    const b = inState('ESTABLISHED', { autoRead: false });
    receive(b, 10);
    receive(b, 20);
    b.events.length = 0;
    failWaitingReceives(b.tcb, 'connection closing', b.ctx, 'fin-close-wait');
    failWaitingReceives(b.tcb, 'connection closing', b.ctx, 'fin-close-wait');
    expect(completed(b)).toHaveLength(2);
    expect(b.tcb.receives).toEqual([]);
  });

  it('back to LISTEN: the passive OPEN keeps its RECEIVEs and whom it waits for', () => {
    const b = inState('SYN-RECEIVED', { autoRead: false });
    const named = { address: '10.0.0.9', port: 9 };
    receive(b, 10);
    b.tcb.listenRemote = named;
    b.tcb.origin = null;
    b.tcb.sendQueue.waiting = [{ untilPosition: 9, line: 5 }];
    b.events.length = 0;
    returnToListen(b.tcb, b.ctx, 'reset-to-listen');
    expect(b.tcb).toMatchObject({ state: 'LISTEN', origin: 'passive', remote: named, iss: null, irs: null });
    expect(b.tcb.receives).toHaveLength(1);
    expect(completed(b)).toEqual([['send', 'connection reset', 5]]);
    expect(b.tcb.timers.retransmission).toBe(Number.POSITIVE_INFINITY);
    expect(sendOne(b)).toBeNull();
  });

  it('a CLOSE that waited is done there', () => {
    const b = inState('SYN-RECEIVED');
    close(b);
    b.events.length = 0;
    returnToListen(b.tcb, b.ctx, 'reset-to-listen');
    expect(completed(b)).toEqual([['close', 'ok', 7]]);
    expect(rulesOf(b, 'state')).toEqual(['reset-to-listen', 'close-listen']);
    expect(b.tcb.state).toBe('CLOSED');
  });
});

describe('the window that a SYN and a SYN-ACK offer', () => {
  it('is the same where memory is counted', () => {
    const active = inState('SYN-SENT', LINUX).tcb.rcv.wnd;
    expect(active).toBeGreaterThan(0);
    expect(inState('SYN-RECEIVED', LINUX).tcb.rcv.wnd).toBe(active);
    const reopened = inState('TIME-WAIT', LINUX);
    arrive(reopened, 'SYN', { seq: 70_000 });
    expect(reopened.tcb.rcv.wnd).toBe(active);
  });
});
