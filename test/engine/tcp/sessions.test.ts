import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UserCall } from '../../../src/engine/calls';
import { DEFAULT_HOST, type HostConfig } from '../../../src/engine/config';
import type { Segment } from '../../../src/engine/segment';
import { seq, seqGeq, seqLeq } from '../../../src/engine/seq';
import type { TcpState } from '../../../src/engine/states';
import {
  cloneConnection,
  createConnection,
  emit,
  nextTimer,
  segmentArrives,
  timerExpires,
  userCall,
} from '../../../src/engine/tcp/connection';
import { createContext, type TcpContext } from '../../../src/engine/tcp/context';
import { blockEnd } from '../../../src/engine/tcp/reassembly';
import type { Tcb } from '../../../src/engine/tcp/tcb';
import { ISNS, segmentText } from './harness';

/** Two TCPs joined by a wire of 10 ms each way whose `fate` decides about each segment. */
interface Pair {
  readonly sides: readonly [Side, Side];
  readonly wire: { segment: Segment; to: Side; atUs: number }[];
  /** Every segment as one line: who, what, and when in milliseconds. */
  readonly log: string[];
  nowUs: number;
  count: number;
}

interface Side {
  readonly name: 'client' | 'server';
  readonly tcb: Tcb;
  readonly ctx: TcpContext;
  readonly iss: number;
}

/** What happens to the nth segment: extra delays of its copies in microseconds; none when it is lost. */
type FateOf = (nth: number) => readonly number[];

const DELAY_US = 10_000;
const DELIVER: FateOf = () => [0];

function pair(isns: readonly [number, number], overrides: Partial<HostConfig> = {}): Pair {
  const side = (name: Side['name'], address: string, port: number, isn: number): Side => ({
    name,
    tcb: createConnection({ ...DEFAULT_HOST, name, address, port, isn: seq(isn), ...overrides }),
    ctx: createContext(0, null),
    iss: isn,
  });
  const sides = [side('client', '10.0.0.1', 4000, isns[0]), side('server', '10.0.0.2', 80, isns[1])] as const;
  return { sides, wire: [], log: [], nowUs: 0, count: 0 };
}

const peerOf = (p: Pair, side: Side): Side => (side === p.sides[0] ? p.sides[1] : p.sides[0]);

function call(p: Pair, side: Side, request: UserCall) {
  side.ctx.nowUs = p.nowUs;
  side.ctx.remote = request.kind === 'open-active' ? peerOf(p, side).tcb.local : null;
  const result = userCall(side.tcb, request, side.ctx);
  side.ctx.remote = null;
  return result;
}

function flush(p: Pair, fateOf: FateOf): void {
  for (const side of p.sides) {
    side.ctx.nowUs = p.nowUs;
    for (let one = emit(side.tcb, side.ctx); one !== null; one = emit(side.tcb, side.ctx)) {
      const peer = peerOf(p, side);
      const copies = fateOf(++p.count);
      const text = segmentText(one.segment, seq(side.iss), seq(peer.iss));
      p.log.push(`${p.nowUs / 1000} ${side.name} ${text}${copies.length === 0 ? ' lost' : ''}`);
      for (const extraUs of copies) p.wire.push({ segment: one.segment, to: peer, atUs: p.nowUs + DELAY_US + extraUs });
    }
  }
}

/** What must be true of a TCB at any moment. */
function checkInvariants({ tcb, name }: Side): void {
  if (tcb.iss === null || tcb.state === 'CLOSED') return;
  const { snd, rcv } = tcb;
  expect(seqLeq(snd.una, snd.nxt), `${name}: SND.UNA =< SND.NXT`).toBe(true);
  expect(seqLeq(snd.nxt, snd.max), `${name}: SND.NXT =< SND.MAX`).toBe(true);
  expect(rcv.wnd >= 0 && rcv.wnd <= 0xffff, `${name}: RCV.WND`).toBe(true);
  let edge = rcv.nxt;
  for (const block of tcb.reassembly) {
    expect(seqGeq(block.seq, edge), `${name}: reassembly queue in order`).toBe(true);
    edge = blockEnd(block);
  }
}

/** Lets events happen in the order of time until nothing is left or `untilUs`; arrivals before timers at the same time. */
function run(p: Pair, untilUs: number, fateOf: FateOf = DELIVER): void {
  for (let events = 0; events < 50_000; events++) {
    flush(p, fateOf);
    p.wire.sort((a, b) => a.atUs - b.atUs);
    const arrival = p.wire[0];
    const timers = p.sides.flatMap((side) => {
      const next = nextTimer(side.tcb);
      return next === null ? [] : [{ side, ...next }];
    });
    const timer = timers.sort((a, b) => a.atUs - b.atUs)[0];
    const atUs = Math.min(arrival?.atUs ?? Infinity, timer?.atUs ?? Infinity);
    if (atUs > untilUs) {
      p.nowUs = Math.max(p.nowUs, Math.min(untilUs, atUs));
      return;
    }
    p.nowUs = atUs;
    for (const side of p.sides) side.ctx.nowUs = atUs;
    if (arrival !== undefined && arrival.atUs === atUs) {
      p.wire.shift();
      segmentArrives(arrival.to.tcb, arrival.segment, events + 1, arrival.to.ctx);
    } else if (timer !== undefined) timerExpires(timer.side.tcb, timer.timer, timer.side.ctx);
    for (const side of p.sides) checkInvariants(side);
  }
  throw new Error(`the session does not end:\n${p.log.slice(-30).join('\n')}`);
}

const LISTEN: UserCall = { kind: 'open-passive' };
const CONNECT: UserCall = { kind: 'open-active', remoteHost: 'peer' };
const CLOSE: UserCall = { kind: 'close' };
const write = (lengthBytes: number): UserCall => ({
  kind: 'send',
  octets: { kind: 'pattern', start: 0, lengthBytes },
  push: false,
  urgent: false,
});

const states = (p: Pair): [TcpState, TcpState] => [p.sides[0].tcb.state, p.sides[1].tcb.state];

function established(isns: readonly [number, number], overrides: Partial<HostConfig> = {}): Pair {
  const p = pair(isns, overrides);
  call(p, p.sides[1], LISTEN);
  call(p, p.sides[0], CONNECT);
  run(p, 100_000);
  expect(states(p)).toEqual(['ESTABLISHED', 'ESTABLISHED']);
  return p;
}

describe.each(ISNS)('sessions of two TCPs, %s', (_name, iss, peerIss) => {
  const isns = [iss, peerIss] as const;

  it('three-way handshake (figure 6)', () => {
    const p = established(isns);
    expect(p.log).toEqual(['0 client SYN seq 0', '10 server SYN-ACK seq 0 ack 1', '20 client ACK seq 1 ack 1']);
  });

  it('a lost SYN goes again after 1 s', () => {
    const p = pair(isns);
    call(p, p.sides[1], LISTEN);
    call(p, p.sides[0], CONNECT);
    run(p, 5_000_000, (nth) => (nth === 1 ? [] : [0]));
    expect(p.log).toEqual([
      '0 client SYN seq 0 lost',
      '1000 client SYN seq 0',
      '1010 server SYN-ACK seq 0 ack 1',
      '1020 client ACK seq 1 ack 1',
    ]);
  });

  it('a lost SYN-ACK: the SYN that comes again is answered by one SYN-ACK', () => {
    const p = pair(isns);
    call(p, p.sides[1], LISTEN);
    call(p, p.sides[0], CONNECT);
    run(p, 5_000_000, (nth) => (nth === 2 ? [] : [0]));
    expect(p.log).toEqual([
      '0 client SYN seq 0',
      '10 server SYN-ACK seq 0 ack 1 lost',
      '1000 client SYN seq 0',
      '1010 server SYN-ACK seq 0 ack 1',
      '1020 client ACK seq 1 ack 1',
    ]);
  });

  it('simultaneous open (figure 7)', () => {
    const p = pair(isns);
    call(p, p.sides[0], CONNECT);
    call(p, p.sides[1], CONNECT);
    run(p, 5_000_000);
    expect(p.log).toEqual([
      '0 client SYN seq 0',
      '0 server SYN seq 0',
      '10 server SYN-ACK seq 0 ack 1',
      '10 client SYN-ACK seq 0 ack 1',
      '20 client ACK seq 1 ack 1',
      '20 server ACK seq 1 ack 1',
    ]);
    expect(states(p)).toEqual(['ESTABLISHED', 'ESTABLISHED']);
  });

  it('refused: nobody listens', () => {
    const p = pair(isns);
    call(p, p.sides[0], CONNECT);
    run(p, 5_000_000);
    expect(p.log.map((line) => line.split(' ')[2])).toEqual(['SYN', 'RST-ACK']);
    expect(states(p)).toEqual(['CLOSED', 'CLOSED']);
  });

  it('four-segment close (figure 12), TIME-WAIT for 2 MSL', () => {
    const p = established(isns);
    p.log.length = 0;
    call(p, p.sides[0], CLOSE);
    run(p, 200_000);
    expect(states(p)).toEqual(['FIN-WAIT-2', 'CLOSE-WAIT']);
    call(p, p.sides[1], CLOSE);
    run(p, 300_000);
    expect(states(p)).toEqual(['TIME-WAIT', 'CLOSED']);
    run(p, 1e9);
    expect(states(p)).toEqual(['CLOSED', 'CLOSED']);
    expect(p.log).toEqual([
      '100 client FIN-ACK seq 1 ack 1',
      '110 server ACK seq 1 ack 2',
      '200 server FIN-ACK seq 1 ack 2',
      '210 client ACK seq 2 ack 2',
    ]);
  });

  it('simultaneous close (figure 13)', () => {
    const p = established(isns);
    p.log.length = 0;
    call(p, p.sides[0], CLOSE);
    call(p, p.sides[1], CLOSE);
    run(p, 115_000);
    expect(states(p)).toEqual(['CLOSING', 'CLOSING']);
    run(p, 200_000);
    expect(states(p)).toEqual(['TIME-WAIT', 'TIME-WAIT']);
    expect(p.log).toEqual([
      '100 client FIN-ACK seq 1 ack 1',
      '100 server FIN-ACK seq 1 ack 1',
      '110 server ACK seq 2 ack 2',
      '110 client ACK seq 2 ack 2',
    ]);
  });

  it('the last ACK is lost: the FIN comes again and TIME-WAIT begins anew', () => {
    const p = established(isns);
    call(p, p.sides[0], CLOSE);
    run(p, 200_000);
    call(p, p.sides[1], CLOSE);
    const before = p.count;
    run(p, 5_000_000, (nth) => (nth === before + 2 ? [] : [0]));
    expect(p.log.slice(-4)).toEqual([
      '200 server FIN-ACK seq 1 ack 2',
      '210 client ACK seq 2 ack 2 lost',
      '1200 server FIN-ACK seq 1 ack 2',
      '1210 client ACK seq 2 ack 2',
    ]);
    expect(nextTimer(p.sides[0].tcb)?.atUs).toBe(1_210_000 + 60_000_000);
  });

  it('half-close: data still flows the other way', () => {
    const p = established(isns);
    p.log.length = 0;
    call(p, p.sides[0], { kind: 'shutdown' });
    run(p, 200_000);
    call(p, p.sides[1], write(3000));
    run(p, 300_000);
    call(p, p.sides[1], CLOSE);
    run(p, 400_000);
    expect(p.sides[0].tcb.receiveBuffer.takenBytes).toBe(3000);
    expect(p.log).toEqual([
      '100 client FIN-ACK seq 1 ack 1',
      '110 server ACK seq 1 ack 2',
      '200 server ACK seq 1 ack 2 len 1460',
      '200 server ACK seq 1461 ack 2 len 1460',
      '200 server ACK seq 2921 ack 2 len 80',
      '210 client ACK seq 2 ack 1461',
      '210 client ACK seq 2 ack 2921',
      '210 client ACK seq 2 ack 3001',
      '300 server FIN-ACK seq 3001 ack 2',
      '310 client ACK seq 2 ack 3002',
    ]);
  });

  it('a lost data segment is filled in after the timeout, and one ACK covers what was kept', () => {
    const p = established(isns);
    p.log.length = 0;
    call(p, p.sides[0], write(4000));
    const before = p.count;
    run(p, 5_000_000, (nth) => (nth === before + 1 ? [] : [0]));
    expect(p.log).toEqual([
      '100 client ACK seq 1 ack 1 len 1460 lost',
      '100 client ACK seq 1461 ack 1 len 1460',
      '100 client ACK seq 2921 ack 1 len 1080',
      '110 server ACK seq 1 ack 1',
      '110 server ACK seq 1 ack 1',
      '1100 client ACK seq 1 ack 1 len 1460',
      '1110 server ACK seq 1 ack 4001',
    ]);
  });

  it('an application that reads slowly: the window closes, is probed, and the news of its opening may be lost', () => {
    const p = established(isns, { autoRead: false, rcvbufBytes: 4000 });
    call(p, p.sides[0], write(10_000));
    run(p, 10_000_000);
    expect(p.sides[1].tcb.receiveBuffer.bytes).toBe(4000);
    expect(p.sides[0].tcb.counters.probesSent).toBeGreaterThanOrEqual(3);
    call(p, p.sides[1], { kind: 'receive', lengthBytes: null });
    const before = p.count;
    run(p, 60_000_000, (nth) => (nth === before + 1 ? [] : [0]));
    call(p, p.sides[1], { kind: 'receive', lengthBytes: null });
    run(p, 120_000_000);
    call(p, p.sides[1], { kind: 'receive', lengthBytes: null });
    run(p, 180_000_000);
    expect(p.sides[1].tcb.receiveBuffer.takenBytes + p.sides[1].tcb.receiveBuffer.bytes).toBe(10_000);
    expect(p.sides[0].tcb.snd.una).toBe(p.sides[0].tcb.snd.nxt);
  });

  it('whatever the network loses, copies and reorders, both directions arrive whole and both sides close', () => {
    fc.assert(
      fc.property(
        fc.infiniteStream(fc.constantFrom<readonly number[]>([0], [0], [0], [0], [], [35_000], [0, 22_000], [3000])),
        fc.nat(9000),
        fc.nat(9000),
        fc.boolean(),
        fc.boolean(),
        (fates, fromClient, fromServer, nagle, delayed) => {
          const p = pair(isns, {
            retries: 60,
            synRetries: 60,
            nagle,
            delayedAckUs: delayed ? 40_000 : null,
            rcvbufBytes: 6000,
          });
          const [client, server] = p.sides;
          call(p, server, LISTEN);
          call(p, client, CONNECT);
          if (fromClient > 0) call(p, client, write(fromClient));
          run(p, 3_000_000_000, (nth) => fateAt(fates, nth));
          if (fromServer > 0) call(p, server, write(fromServer));
          call(p, client, CLOSE);
          call(p, server, CLOSE);
          run(p, 20_000_000_000, (nth) => fateAt(fates, nth));
          expect(states(p), p.log.slice(-20).join('\n')).toEqual(['CLOSED', 'CLOSED']);
          expect([client.tcb.receiveBuffer.takenBytes, server.tcb.receiveBuffer.takenBytes]).toEqual([
            fromServer,
            fromClient,
          ]);
        },
      ),
      { numRuns: 40 },
    );
  });
});

/** The first segments fare as the stream says; later ones arrive, so that every run ends. */
function fateAt(fates: Iterator<readonly number[]>, nth: number): readonly number[] {
  if (nth > 150) return [0];
  const next = fates.next();
  return next.done === true ? [0] : next.value;
}

describe('determinism', () => {
  it('a copy that goes on with the same events does the same', () => {
    const p = established([1000, 5000]);
    call(p, p.sides[0], write(20_000));
    run(p, 105_000);
    const copy: Pair = {
      ...p,
      sides: [
        { ...p.sides[0], tcb: cloneConnection(p.sides[0].tcb), ctx: createContext(0, null) },
        { ...p.sides[1], tcb: cloneConnection(p.sides[1].tcb), ctx: createContext(0, null) },
      ],
      wire: [],
      log: [...p.log],
    };
    for (const flight of p.wire) {
      copy.wire.push({ ...flight, to: flight.to === p.sides[0] ? copy.sides[0] : copy.sides[1] });
    }
    run(p, 5_000_000);
    run(copy, 5_000_000);
    expect(copy.log).toEqual(p.log);
    expect(copy.sides[1].tcb).toEqual(p.sides[1].tcb);
  });
});
