import { seqDiff } from './seq';
import { effectiveSendMss } from './tcp/options';
import { reassemblyBytes } from './tcp/reassembly';
import { pipeBytes } from './tcp/recovery/state';
import { outstandingSegments } from './tcp/retransmissionQueue';
import { queuedBytes } from './tcp/sendQueue';
import type { Tcb } from './tcp/tcb';
import { urgentUnreadBytes } from './tcp/urgent';
import { unsentBytes, usableWindow } from './tcp/windows';

/** What a variable counts: sequence numbers wrap at 2^32, times are microseconds. */
export type VariableUnit = 'seq' | 'bytes' | 'us' | 'count' | 'boolean' | 'text';

/** The headings of the table. */
export type VariableGroup =
  | 'Send'
  | 'Receive'
  | 'Flow control'
  | 'Congestion control'
  | 'Retransmission'
  | 'Timers'
  | 'Counters';

/** The value of a variable; null while it has none (a sequence number before the SYN, a timer that does not run). */
export type VariableValue = number | boolean | string | null;

/** One variable of a connection, as scripts and people name it. */
export interface Variable {
  /** One plain sentence: what it says. */
  readonly doc: string;
  readonly unit: VariableUnit;
  /** The initial sequence number that a sequence number is counted from when it is told relatively; absent for all else. */
  readonly countedFrom?: 'iss' | 'irs';
  /** The heading under which people find it; `Send` and `Receive` are RFC 9293's own tables. */
  readonly group: VariableGroup;
  /** Where it is defined, such as `RFC 9293 3.3.1`. */
  readonly section: string;
  readonly read: (tcb: Tcb) => VariableValue;
}

type Read = (tcb: Tcb) => VariableValue;

/** A send variable: without value until ISS is chosen. */
function sendVariable(read: Read): Read {
  return (tcb) => (tcb.iss === null ? null : read(tcb));
}

/** A receive variable: without value until IRS is known. */
function receiveVariable(read: Read): Read {
  return (tcb) => (tcb.irs === null ? null : read(tcb));
}

/** When a timer expires; null when it does not run. */
function timer(name: keyof Tcb['timers']): Read {
  return (tcb) => (Number.isFinite(tcb.timers[name]) ? tcb.timers[name] : null);
}

const SEQUENCE_SECTION = 'RFC 9293 3.3.1';

/** The variables of RFC 9293 section 3.3.1, tables 2 and 3. */
const SEQUENCE_VARIABLES = {
  'SND.UNA': {
    doc: 'Send unacknowledged: the oldest sequence number that was sent and is not acknowledged.',
    unit: 'seq',
    countedFrom: 'iss',
    group: 'Send',
    section: SEQUENCE_SECTION,
    read: sendVariable((tcb) => tcb.snd.una),
  },
  'SND.NXT': {
    doc: 'Send next: the sequence number that the next new octet (or FIN) will have.',
    unit: 'seq',
    countedFrom: 'iss',
    group: 'Send',
    section: SEQUENCE_SECTION,
    read: sendVariable((tcb) => tcb.snd.nxt),
  },
  'SND.WND': {
    doc: 'Send window: how many octets from SND.UNA on the remote side is ready to take.',
    unit: 'bytes',
    group: 'Send',
    section: SEQUENCE_SECTION,
    read: sendVariable((tcb) => tcb.snd.wnd),
  },
  'SND.UP': {
    doc: 'Send urgent pointer: the sequence number after the last urgent octet, SND.UNA when nothing urgent is on its way.',
    unit: 'seq',
    countedFrom: 'iss',
    group: 'Send',
    section: SEQUENCE_SECTION,
    read: sendVariable((tcb) => tcb.snd.up),
  },
  'SND.WL1': {
    doc: 'The sequence number of the segment that last changed SND.WND.',
    unit: 'seq',
    countedFrom: 'irs',
    group: 'Send',
    section: SEQUENCE_SECTION,
    read: sendVariable((tcb) => tcb.snd.wl1),
  },
  'SND.WL2': {
    doc: 'The acknowledgment number of the segment that last changed SND.WND.',
    unit: 'seq',
    countedFrom: 'iss',
    group: 'Send',
    section: SEQUENCE_SECTION,
    read: sendVariable((tcb) => tcb.snd.wl2),
  },
  ISS: {
    doc: 'Initial send sequence number: the number of our SYN.',
    unit: 'seq',
    group: 'Send',
    section: SEQUENCE_SECTION,
    read: (tcb) => tcb.iss,
  },
  'RCV.NXT': {
    doc: 'Receive next: the sequence number that is expected next, which every ACK we send carries.',
    unit: 'seq',
    countedFrom: 'irs',
    group: 'Receive',
    section: SEQUENCE_SECTION,
    read: receiveVariable((tcb) => tcb.rcv.nxt),
  },
  'RCV.WND': {
    doc: 'Receive window: how many octets from RCV.NXT on this side is ready to take.',
    unit: 'bytes',
    group: 'Receive',
    section: SEQUENCE_SECTION,
    read: (tcb) => tcb.rcv.wnd,
  },
  'RCV.UP': {
    doc: 'Receive urgent pointer: the sequence number after the last urgent octet, RCV.NXT when nothing urgent is coming or waits to be read.',
    unit: 'seq',
    countedFrom: 'irs',
    group: 'Receive',
    section: SEQUENCE_SECTION,
    read: receiveVariable((tcb) => tcb.rcv.up),
  },
  IRS: {
    doc: 'Initial receive sequence number: the number of the remote SYN.',
    unit: 'seq',
    group: 'Receive',
    section: SEQUENCE_SECTION,
    read: (tcb) => tcb.irs,
  },
} as const satisfies Record<string, Variable>;

/** What sending and receiving go by. */
const FLOW_VARIABLES = {
  'SND.MAX': {
    doc: 'The sequence number after the highest one ever sent; SND.NXT stands before it only after a window probe was not taken.',
    unit: 'seq',
    countedFrom: 'iss',
    group: 'Flow control',
    section: 'RFC 9293 3.8.6.1',
    read: sendVariable((tcb) => tcb.snd.max),
  },
  'MAX.SND.WND': {
    doc: 'The largest window that the remote side has offered so far.',
    unit: 'bytes',
    group: 'Flow control',
    section: 'RFC 9293 3.10.7.4',
    read: sendVariable((tcb) => tcb.snd.maxWnd),
  },
  'SND.MSS': {
    doc: 'Effective send MSS: the most octets that one segment to the remote side may carry.',
    unit: 'bytes',
    group: 'Flow control',
    section: 'RFC 9293 3.7.1',
    read: receiveVariable(effectiveSendMss),
  },
  PMTU: {
    doc: 'Path MTU: the largest IP datagram that this side sends, by its own interface and by what routers have told.',
    unit: 'bytes',
    group: 'Flow control',
    section: 'RFC 1191 3',
    read: (tcb) => tcb.path.mtuBytes,
  },
  'RCV.MSS': {
    doc: 'The MSS that this side announces: the most octets in one segment that it can take.',
    unit: 'bytes',
    group: 'Flow control',
    section: 'RFC 9293 3.7.1',
    read: (tcb) => tcb.config.mssBytes,
  },
  'RCV.BUFF': {
    doc: 'The size of the receive buffer, which bounds RCV.WND.',
    unit: 'bytes',
    group: 'Flow control',
    section: 'RFC 9293 3.8.6.2.2',
    read: (tcb) => tcb.preferences.rcvbufBytes,
  },
  'RCV.USER': {
    doc: 'Octets that arrived in order and that the application has not read yet.',
    unit: 'bytes',
    group: 'Flow control',
    section: 'RFC 9293 3.8.6.2.2',
    read: (tcb) => tcb.receiveBuffer.bytes,
  },
  urgent: {
    doc: 'Octets that the application has still to read up to the end of the urgent data; 0 when there is none.',
    unit: 'bytes',
    group: 'Flow control',
    section: 'RFC 9293 3.8.5',
    read: urgentUnreadBytes,
  },
  usable: {
    doc: 'Usable window: how many octets more may be sent now; negative when the remote side shrank its window.',
    unit: 'bytes',
    group: 'Flow control',
    section: 'RFC 9293 3.8.6.2.1',
    read: receiveVariable(usableWindow),
  },
  flight: {
    doc: 'Sequence numbers sent and not acknowledged: SND.NXT - SND.UNA.',
    unit: 'bytes',
    group: 'Flow control',
    section: 'RFC 5681 2',
    read: sendVariable((tcb) => seqDiff(tcb.snd.nxt, tcb.snd.una)),
  },
  queued: {
    doc: 'Octets in the send buffer: sent and not acknowledged, or not sent yet.',
    unit: 'bytes',
    group: 'Flow control',
    section: 'RFC 9293 3.10.2',
    read: (tcb) => queuedBytes(tcb.sendQueue),
  },
  unsent: {
    doc: 'Octets that the application has handed over and TCP has not sent yet.',
    unit: 'bytes',
    group: 'Flow control',
    section: 'RFC 9293 3.8.6.2.1',
    read: unsentBytes,
  },
  outstanding: {
    doc: 'Segments in the retransmission queue: sent and not entirely acknowledged.',
    unit: 'count',
    group: 'Retransmission',
    section: 'RFC 9293 3.10.8',
    read: (tcb) => outstandingSegments(tcb.retransmissionQueue),
  },
  reassembly: {
    doc: 'Octets that arrived ahead of RCV.NXT and wait for what is missing before them.',
    unit: 'bytes',
    group: 'Flow control',
    section: 'RFC 9293 3.10.7.4',
    read: (tcb) => reassemblyBytes(tcb.reassembly),
  },
  'bytes.received': {
    doc: 'Octets that the application has received on this connection.',
    unit: 'bytes',
    group: 'Counters',
    section: 'RFC 9293 3.10.3',
    read: (tcb) => tcb.receiveBuffer.takenBytes,
  },
  nagle: {
    doc: 'Whether the Nagle algorithm holds back small segments while something is not acknowledged.',
    unit: 'boolean',
    group: 'Flow control',
    section: 'RFC 9293 3.7.4',
    read: (tcb) => tcb.preferences.nagle,
  },
} as const satisfies Record<string, Variable>;

/** Infinity shows as "no value". */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** How much may be on its way, and where loss recovery stands. */
const CONGESTION_VARIABLES = {
  cwnd: {
    doc: 'Congestion window: how many octets may be on their way at once, so as not to flood the network.',
    unit: 'bytes',
    group: 'Congestion control',
    section: 'RFC 5681 2',
    read: (tcb) => finite(tcb.congestion.cwndBytes),
  },
  ssthresh: {
    doc: 'Slow start threshold: below it cwnd doubles in each round trip, above it cwnd grows by one segment.',
    unit: 'bytes',
    group: 'Congestion control',
    section: 'RFC 5681 3.1',
    read: (tcb) => finite(tcb.congestion.ssthreshBytes),
  },
  pipe: {
    doc: 'How many octets are taken to be on their way: sent, and neither acknowledged nor lost.',
    unit: 'bytes',
    group: 'Congestion control',
    section: 'RFC 6675 3',
    read: sendVariable(pipeBytes),
  },
  recovery: {
    doc: 'Whether TCP is recovering from a loss that ACKs have shown.',
    unit: 'boolean',
    group: 'Congestion control',
    section: 'RFC 5681 3.2',
    read: (tcb) => tcb.recovery.phase === 'recovery',
  },
} as const satisfies Record<string, Variable>;

/** The retransmission timer's reckoning, the timers, and counts. */
const TIME_VARIABLES = {
  RTO: {
    doc: 'Retransmission timeout: how long TCP waits for an ACK before it sends again, doubled after each time it had to.',
    unit: 'us',
    group: 'Retransmission',
    section: 'RFC 6298 2',
    read: (tcb) => tcb.rto.rtoUs,
  },
  SRTT: {
    doc: 'Smoothed round-trip time: an average of the measured times from segment to ACK.',
    unit: 'us',
    group: 'Retransmission',
    section: 'RFC 6298 2',
    read: (tcb) => tcb.rto.srttUs,
  },
  RTTVAR: {
    doc: 'Round-trip time variation: how far the measured times are apart.',
    unit: 'us',
    group: 'Retransmission',
    section: 'RFC 6298 2',
    read: (tcb) => tcb.rto.rttvarUs,
  },
  MSL: {
    doc: 'Maximum segment lifetime: how long a segment can stay in the network; TIME-WAIT lasts twice as long.',
    unit: 'us',
    group: 'Timers',
    section: 'RFC 9293 3.4.2',
    read: (tcb) => tcb.config.mslUs,
  },
  'timer.retransmission': {
    doc: 'When the retransmission timer expires.',
    unit: 'us',
    group: 'Timers',
    section: 'RFC 6298 5',
    read: timer('retransmission'),
  },
  'timer.persist': {
    doc: 'When the persist timer expires, which probes a closed window.',
    unit: 'us',
    group: 'Timers',
    section: 'RFC 9293 3.8.6.1',
    read: timer('persist'),
  },
  'timer.ack': {
    doc: 'When a delayed ACK has to be sent.',
    unit: 'us',
    group: 'Timers',
    section: 'RFC 9293 3.8.6.3',
    read: timer('delayed-ack'),
  },
  'timer.timewait': {
    doc: 'When the 2 MSL of TIME-WAIT are over, or the bound of FIN-WAIT-2 where there is one.',
    unit: 'us',
    group: 'Timers',
    section: 'RFC 9293 3.10.8',
    read: timer('time-wait'),
  },
  'timer.user': {
    doc: 'When the user timeout expires.',
    unit: 'us',
    group: 'Timers',
    section: 'RFC 9293 3.10.8',
    read: timer('user'),
  },
  attempts: {
    doc: 'How often the oldest segment that is not acknowledged has been sent again; threshold R2 bounds it.',
    unit: 'count',
    group: 'Retransmission',
    section: 'RFC 9293 3.8.3',
    read: (tcb) => tcb.rto.attempts,
  },
  retransmissions: {
    doc: 'How many segments this side has sent again on this connection.',
    unit: 'count',
    group: 'Counters',
    section: 'RFC 9293 3.8.1',
    read: (tcb) => tcb.counters.retransmissions,
  },
  probes: {
    doc: 'How many window probes this side has sent on this connection.',
    unit: 'count',
    group: 'Counters',
    section: 'RFC 9293 3.8.6.1',
    read: (tcb) => tcb.counters.probesSent,
  },
  dupacks: {
    doc: 'How many duplicate ACKs this side has received on this connection.',
    unit: 'count',
    group: 'Counters',
    section: 'RFC 5681 2',
    read: (tcb) => tcb.counters.duplicateAcksReceived,
  },
  'segments.sent': {
    doc: 'How many segments this side has sent on this connection.',
    unit: 'count',
    group: 'Counters',
    section: 'RFC 9293 3.10',
    read: (tcb) => tcb.counters.segmentsSent,
  },
  'segments.received': {
    doc: 'How many segments have reached this side on this connection.',
    unit: 'count',
    group: 'Counters',
    section: 'RFC 9293 3.10',
    read: (tcb) => tcb.counters.segmentsReceived,
  },
} as const satisfies Record<string, Variable>;

/** Every variable of a connection by its name, in the order in which people want to see them. */
export const VARIABLES: Readonly<Record<string, Variable>> = {
  ...SEQUENCE_VARIABLES,
  ...FLOW_VARIABLES,
  ...CONGESTION_VARIABLES,
  ...TIME_VARIABLES,
};

/** All names, in the order of the table. */
export const VARIABLE_NAMES: readonly string[] = Object.keys(VARIABLES);

/** Whether `name` is exactly a variable's name. */
export function isVariableName(name: string): boolean {
  return Object.hasOwn(VARIABLES, name);
}
