import type { CallResult, UserCall } from '../../../src/engine/calls';
import { DEFAULT_HOST, type HostConfig } from '../../../src/engine/config';
import type { EngineEvent } from '../../../src/engine/events';
import { NO_OCTETS, type Octets, octetsFromText, octetsLength } from '../../../src/engine/octets';
import type { RuleId } from '../../../src/engine/rules';
import { FLAG, flagsText, NO_OPTIONS, type Segment, type SegmentOptions } from '../../../src/engine/segment';
import { type Seq, seq, seqAdd, seqDiff } from '../../../src/engine/seq';
import type { TcpState } from '../../../src/engine/states';
import {
  createConnection,
  emit,
  nextTimer,
  pendingOutput,
  segmentArrives,
  timerExpires,
  userCall,
} from '../../../src/engine/tcp/connection';
import { createContext, type TcpContext } from '../../../src/engine/tcp/context';
import type { Tcb } from '../../../src/engine/tcp/tcb';

/** ISNs (ours, the peer's) that every scenario runs with: far from, and just below, the wrap at 2^32. */
export const ISNS: readonly (readonly [string, number, number])[] = [
  ['plain ISNs', 1000, 5000],
  ['ISNs just below 2^32', 2 ** 32 - 2, 2 ** 32 - 1],
  ['our ISN at the wrap', 2 ** 32 - 1, 77],
];

const PEER_PORT = 80;

/** One TCP under test with a peer made by hand; relative numbers count from ISS (ours) and the peer's ISN. */
export interface Bench {
  readonly tcb: Tcb;
  readonly ctx: TcpContext;
  readonly iss: Seq;
  readonly peerIss: Seq;
  /** Every event so far. */
  readonly events: EngineEvent[];
  segmentId: number;
}

/** A bench whose connection is CLOSED. */
export function bench(overrides: Partial<HostConfig> = {}, iss = 1000, peerIss = 5000): Bench {
  const config = { ...DEFAULT_HOST, name: 'a', address: '10.0.0.1', port: 4000, isn: seq(iss), ...overrides };
  const events: EngineEvent[] = [];
  const ctx = createContext(0, (event) => events.push(event));
  return { tcb: createConnection(config), ctx, iss: seq(iss), peerIss: seq(peerIss), events, segmentId: 0 };
}

const PEER = { address: '10.0.0.2', port: PEER_PORT };

/** Makes a call at script line 7. An active OPEN names the peer. */
export function call(b: Bench, request: UserCall): CallResult {
  b.ctx.line = 7;
  b.ctx.remote = request.kind === 'open-active' ? PEER : null;
  const result = userCall(b.tcb, request, b.ctx);
  b.ctx.remote = null;
  return result;
}

export const connect = (b: Bench): CallResult => call(b, { kind: 'open-active', remoteHost: 'b' });
export const listen = (b: Bench): CallResult => call(b, { kind: 'open-passive' });
export const close = (b: Bench): CallResult => call(b, { kind: 'close' });
export const abort = (b: Bench): CallResult => call(b, { kind: 'abort' });
export const receive = (b: Bench, lengthBytes: number | null = null): CallResult =>
  call(b, { kind: 'receive', lengthBytes });

/** SEND of that many octets of the pattern, or of a text. */
export function send(b: Bench, data: number | string, extra: { urgent?: boolean; push?: boolean } = {}): CallResult {
  const octets: Octets =
    typeof data === 'string' ? octetsFromText(data) : { kind: 'pattern', start: 0, lengthBytes: data };
  return call(b, { kind: 'send', octets, push: extra.push ?? false, urgent: extra.urgent ?? false });
}

/** What a peer's segment is made of; `seq` and `ack` are relative, absent `ack` acknowledges all that the TCP sent. */
export interface PeerSegment {
  seq?: number;
  ack?: number;
  len?: number;
  text?: string;
  /** Where in the pattern `len` octets begin; the octets after the peer's SYN when absent. */
  patternStart?: number;
  wnd?: number;
  up?: number;
  options?: SegmentOptions;
  fromPort?: number;
}

const NAMED: Readonly<Record<string, number>> = { ...FLAG };

/** The control bits named `SYN-ACK`. */
export function flags(names: string): number {
  return names.split('-').reduce((bits, name) => {
    const bit = NAMED[name];
    if (bit === undefined) throw new Error(`no control bit ${name}`);
    return bits | bit;
  }, 0);
}

/** Makes a segment as the peer would. */
export function peerSegment(b: Bench, names: string, fields: PeerSegment = {}): Segment {
  const bits = names === '' ? 0 : flags(names);
  const hasAck = (bits & FLAG.ACK) !== 0;
  const relative = fields.seq ?? 1;
  const start = fields.patternStart ?? Math.max(0, relative - 1);
  const ours = b.tcb.iss ?? b.iss;
  return {
    source: { ...PEER, port: fields.fromPort ?? PEER_PORT },
    destination: b.tcb.local,
    seq: seqAdd(b.peerIss, relative),
    ack: hasAck ? (fields.ack === undefined ? b.tcb.snd.nxt : seqAdd(ours, fields.ack)) : seq(0),
    flags: bits,
    wnd: fields.wnd ?? 65_535,
    up: fields.up ?? 0,
    options: fields.options ?? NO_OPTIONS,
    payload:
      fields.text === undefined
        ? fields.len === undefined
          ? NO_OCTETS
          : { kind: 'pattern', start, lengthBytes: fields.len }
        : octetsFromText(fields.text),
    ecn: 0,
  };
}

/** The peer's segment arrives. */
export function arrive(b: Bench, names: string, fields: PeerSegment = {}): void {
  b.ctx.line = 9;
  segmentArrives(b.tcb, peerSegment(b, names, fields), ++b.segmentId, b.ctx);
}

/** A segment as one line: `FIN-ACK seq 1 ack 1 len 0`, relative; a RST without a connection of ours has absolute numbers. */
export function segmentText(segment: Segment, iss: Seq, peerIss: Seq): string {
  const parts = [flagsText(segment.flags & ~FLAG.PSH), `seq ${seqDiff(segment.seq, iss)}`];
  if ((segment.flags & FLAG.ACK) !== 0) parts.push(`ack ${seqDiff(segment.ack, peerIss)}`);
  const lengthBytes = octetsLength(segment.payload);
  if (lengthBytes > 0) parts.push(`len ${lengthBytes}`);
  if ((segment.flags & FLAG.URG) !== 0) parts.push(`up ${segment.up}`);
  return parts.join(' ');
}

/** Sends one segment; null when nothing is to be sent. */
export function sendOne(b: Bench): { segment: Segment; text: string; rule: RuleId; retransmission: boolean } | null {
  const emission = emit(b.tcb, b.ctx);
  if (emission === null) return null;
  const { segment, cause, retransmission } = emission;
  return { segment, text: segmentText(segment, b.tcb.iss ?? b.iss, b.peerIss), rule: cause.rule, retransmission };
}

/** Sends everything that can go now; what was sent, one line each. */
export function sent(b: Bench): string[] {
  const lines: string[] = [];
  for (let one = sendOne(b); one !== null; one = sendOne(b)) {
    lines.push(one.text);
    if (lines.length > 1000) throw new Error('the TCP does not stop sending');
  }
  if (pendingOutput(b.tcb) !== 'none') throw new Error('output is pending and nothing was sent');
  return lines;
}

/** Like {@link sent}, with the rule of each: `ACK seq 1 ack 1 (syn-sent-established)`. */
export function sentWithRules(b: Bench): string[] {
  const lines: string[] = [];
  for (let one = sendOne(b); one !== null; one = sendOne(b)) lines.push(`${one.text} (${one.rule})`);
  return lines;
}

/** Lets time pass until the next timer, which expires; its name and when. */
export function expire(b: Bench): string {
  const next = nextTimer(b.tcb);
  if (next === null) throw new Error('no timer runs');
  b.ctx.nowUs = next.atUs;
  b.ctx.line = null;
  timerExpires(b.tcb, next.timer, b.ctx);
  return `${next.timer} ${next.atUs / 1e6}`;
}

/** Lets time pass; no timer may be due before. */
export function pass(b: Bench, us: number): void {
  const next = nextTimer(b.tcb);
  if (next !== null && next.atUs < b.ctx.nowUs + us) throw new Error(`${next.timer} is due before`);
  b.ctx.nowUs += us;
}

/** The rules of the events of one kind, in order. */
export function rulesOf(b: Bench, kind: EngineEvent['kind']): RuleId[] {
  return b.events.flatMap((event) => (event.kind === kind && 'cause' in event ? [event.cause.rule] : []));
}

/** The signals that the application got, in order. */
export function signals(b: Bench): string[] {
  return b.events.flatMap((event) => (event.kind === 'signal' ? [event.signal] : []));
}

/** The states that were entered, in order. */
export function statesEntered(b: Bench): TcpState[] {
  return b.events.flatMap((event) => (event.kind === 'state' ? [event.to] : []));
}

/** How many octets the application got. */
export function receivedBytes(b: Bench): number {
  return b.tcb.receiveBuffer.takenBytes;
}

/** How to reach each state from CLOSED; the last output has been sent. */
const WAYS: Readonly<Record<TcpState, (b: Bench) => void>> = {
  CLOSED: () => undefined,
  LISTEN: (b) => void listen(b),
  'SYN-SENT': (b) => void connect(b),
  'SYN-RECEIVED': (b) => {
    listen(b);
    arrive(b, 'SYN', { seq: 0 });
  },
  ESTABLISHED: (b) => {
    connect(b);
    sent(b);
    arrive(b, 'SYN-ACK', { seq: 0, ack: 1, options: { mss: 1460 } });
  },
  'FIN-WAIT-1': (b) => {
    WAYS.ESTABLISHED(b);
    close(b);
  },
  'FIN-WAIT-2': (b) => {
    WAYS['FIN-WAIT-1'](b);
    sent(b);
    arrive(b, 'ACK', { ack: 2 });
  },
  'CLOSE-WAIT': (b) => {
    WAYS.ESTABLISHED(b);
    arrive(b, 'FIN-ACK', { ack: 1 });
  },
  CLOSING: (b) => {
    WAYS['FIN-WAIT-1'](b);
    sent(b);
    arrive(b, 'FIN-ACK', { ack: 1 });
  },
  'LAST-ACK': (b) => {
    WAYS['CLOSE-WAIT'](b);
    sent(b);
    close(b);
  },
  'TIME-WAIT': (b) => {
    WAYS['FIN-WAIT-2'](b);
    arrive(b, 'FIN-ACK', { ack: 2 });
  },
};

/** A bench in that state with nothing left to send; its events begin there. */
export function inState(state: TcpState, overrides: Partial<HostConfig> = {}, iss = 1000, peerIss = 5000): Bench {
  const b = bench(overrides, iss, peerIss);
  WAYS[state](b);
  sent(b);
  if (b.tcb.state !== state) throw new Error(`meant to reach ${state}, is in ${b.tcb.state}`);
  b.events.length = 0;
  return b;
}

/** SYN-RECEIVED by a simultaneous open: from SYN-SENT. */
export function simultaneousSynReceived(iss = 1000, peerIss = 5000): Bench {
  const b = inState('SYN-SENT', {}, iss, peerIss);
  arrive(b, 'SYN', { seq: 0 });
  sent(b);
  b.events.length = 0;
  return b;
}
