import type { HostConfig } from '../config';
import type { Cause, TimerName, Trigger } from '../events';
import type { IcmpError } from '../icmp';
import type { Endpoint, Segment } from '../segment';
import type { Seq } from '../seq';
import { seq } from '../seq';
import type { TcpState } from '../states';
import type { AckPacing } from './ackPacing';
import { freshAckPacing } from './ackPacing';
import type { CongestionState } from './congestion';
import { cloneCongestion, freshCongestion } from './congestion';
import type { EcnState } from './ecn';
import { freshEcn } from './ecn';
import type { KeepAlive } from './keepAliveState';
import { freshKeepAlive } from './keepAliveState';
import type { NegotiatedOptions } from './options';
import { freshOptions } from './options';
import type { PathState } from './path';
import { freshPath } from './path';
import type { ReassemblyQueue } from './reassembly';
import { createReassemblyQueue } from './reassembly';
import type { ReceiveBuffer } from './receiveBuffer';
import { cloneReceiveBuffer, createReceiveBuffer } from './receiveBuffer';
import type { MemoryState } from './receiveMemory';
import { cloneMemory, freshMemory } from './receiveMemory';
import type { RecoveryState } from './recovery/state';
import { freshRecovery } from './recovery/state';
import type { RetransmissionQueue } from './retransmissionQueue';
import { cloneRetransmissionQueue, createRetransmissionQueue } from './retransmissionQueue';
import type { RtoState } from './rto';
import { createRto } from './rto';
import type { SackBlock } from './selectiveAcks';
import type { SendQueue } from './sendQueue';
import { cloneSendQueue, createSendQueue } from './sendQueue';
import type { TimerStarts } from './timerStarts';
import { cloneTimerStarts, createTimerStarts } from './timerStarts';

/** Send sequence variables (RFC 9293 section 3.3.1, table 2). Meaningful once ISS is chosen. */
export interface SendVariables {
  /** SND.UNA: the oldest number sent and not yet acknowledged. */
  una: Seq;
  /** The number after the last segment with data that was not full; SND.UNA or before it when it has been acknowledged. */
  smallEnd: Seq;
  /** SND.NXT: the next number to send. */
  nxt: Seq;
  /** SND.WND: the window that the remote TCP offers, in bytes, counted from SND.UNA. */
  wnd: number;
  /** SND.UP: the number after the last urgent octet; SND.UNA when nothing urgent is on its way. */
  up: Seq;
  /** SND.WL1: SEG.SEQ of the segment that last updated SND.WND. */
  wl1: Seq;
  /** SND.WL2: SEG.ACK of the segment that last updated SND.WND. */
  wl2: Seq;
  /** Up to here data leaves as it would have left during the call that queued it (HostConfig `sendsDuringCalls`); SND.NXT or before it for nothing. */
  leaving: Seq;
  /** The number after the highest one ever sent: SND.UNA =< SND.NXT =< SND.MAX. */
  max: Seq;
  /** MAX.SND.WND: the largest window ever offered (RFC 9293 section 3.10.7.4, RFC 5961 section 5). */
  maxWnd: number;
  /** SendMSS: the MSS that the remote TCP announced, or the default (RFC 9293 section 3.7.1, MUST-15). */
  mssBytes: number;
  /** The sequence number of our FIN; null until it has been sent. */
  fin: Seq | null;
}

/** Receive sequence variables (RFC 9293 section 3.3.1, table 3). Meaningful once IRS is known. */
export interface ReceiveVariables {
  /** RCV.NXT: the next number expected. */
  nxt: Seq;
  /** RCV.WND: the window, in bytes, counted from RCV.NXT. */
  wnd: number;
  /** RCV.UP: the number after the last urgent octet; never behind RCV.NXT. */
  up: Seq;
  /** The number after the urgent data that the application has not read to the end; null for none (RFC 9293 section 3.8.5, MUST-33). */
  urgentEnd: Seq | null;
  /** The right window edge that the remote TCP was last told: RCV.NXT + RCV.WND as it stood in the last ACK. */
  adv: Seq;
  /** Octets that arrived in order and have not been acknowledged yet (RFC 9293 section 3.8.6.3). */
  unackedBytes: number;
  /** Blocks that are held above RCV.NXT, the one that changed last first; replaced, never changed (RFC 2018 section 4). */
  sacks: readonly SackBlock[];
  /** What came twice and the next ACK reports (RFC 2883); null for nothing. */
  dsack: SackBlock | null;
  /** The application has closed its whole socket: text that comes now is lost (RFC 1122 section 4.2.2.13). */
  closed: boolean;
  /** The sequence number of the remote FIN, as soon as an acceptable segment has shown it; null before. */
  fin: Seq | null;
}

/** What a connection still has to put on the wire; each entry holds the cause that its segment will carry. */
export interface Owed {
  /** Finished segments that go first: resets. */
  readonly replies: { readonly segment: Segment; readonly cause: Cause }[];
  /** A SYN or SYN-ACK to send for the first time. */
  syn: Cause | null;
  /** The front of the retransmission queue has to go again. */
  retransmission: Cause | null;
  /** The tail of what is on its way is probed (RFC 8985 section 7.3). */
  tailProbe: Cause | null;
  /** One segment may go although the window (or silly window avoidance) forbids it: a window probe. */
  probe: Cause | null;
  /** The application has closed: a FIN follows the queued data. */
  fin: Cause | null;
  /** An acknowledgment is owed. */
  ack: Cause | null;
}

/** A RECEIVE that waits for data (RFC 9293 section 3.10.3). */
export interface WaitingReceive {
  /** How many octets it asks for; null takes what there is, as soon as there is something. */
  readonly lengthBytes: number | null;
  readonly line: number | null;
}

/** Counts over the life of a connection; they start again with the next OPEN. */
export interface Counters {
  segmentsSent: number;
  segmentsReceived: number;
  /** Segments sent again after the retransmission timer or a duplicate SYN asked for it. */
  retransmissions: number;
  duplicateAcksReceived: number;
  probesSent: number;
  icmpReceived: number;
}

/** What the application may change while the connection lives (`set`, `read-mode`). */
export interface Preferences {
  nagle: boolean;
  /** Longest delay of an ACK in microseconds; null acknowledges at once. */
  delayedAckUs: number | null;
  userTimeoutUs: number | null;
  autoRead: boolean;
  /** Idle time before a keep-alive in microseconds; null for none (RFC 9293 section 3.8.4, MUST-24). */
  keepAliveUs: number | null;
  /** Whether TCP tells of trouble that does not end the connection (RFC 9293 section 3.9.1.8, SHLD-20). */
  errorReports: boolean;
  /** RCV.BUFF in bytes, and whether it grows by itself. */
  rcvbufBytes: number;
  rcvbufGrows: boolean;
}

/** When each timer expires, in microseconds; Infinity when it does not run. */
export type Timers = Record<TimerName, number>;

/** How the connection was opened; null in CLOSED. */
export type Origin = 'passive' | 'active';

/** A transmission control block (RFC 9293 section 3.3.1). After the connection is CLOSED its variables keep their last values until the next OPEN. */
export interface Tcb {
  readonly config: HostConfig;
  readonly preferences: Preferences;
  state: TcpState;
  origin: Origin | null;
  readonly local: Endpoint;
  /** The remote socket; null while unspecified. */
  remote: Endpoint | null;
  /** Who has the remote socket, by name; null while unspecified. Kept by the world for what people are told. */
  peer: string | null;
  /** Whether it is the connection that the host's bare name means. Kept by the world. */
  isMain: boolean;
  /** The remote socket that a passive OPEN named; null when it accepts any. */
  listenRemote: Endpoint | null;
  /** ISS; null until it is chosen. */
  iss: Seq | null;
  /** IRS; null until a SYN has arrived. */
  irs: Seq | null;
  readonly snd: SendVariables;
  readonly rcv: ReceiveVariables;
  readonly options: NegotiatedOptions;
  readonly timers: Timers;
  readonly timerStarts: TimerStarts;
  /** Some timer was started or stopped since the world looked at them last. */
  timersChanged: boolean;
  readonly congestion: CongestionState;
  readonly recovery: RecoveryState;
  readonly ecn: EcnState;
  /** Challenge ACKs that left in the second since `sinceUs` (RFC 5961 section 7), and until when the last one that did not leave was held back; 0 for never. */
  readonly challenges: { sinceUs: number; count: number; heldUntilUs: number };
  readonly path: PathState;
  /** The last soft ICMP error since SND.UNA moved: why a connection that times out did (RFC 5927 section 2.2); null for none. */
  softError: IcmpError | null;
  readonly rto: RtoState;
  readonly sendQueue: SendQueue;
  readonly retransmissionQueue: RetransmissionQueue;
  readonly receiveBuffer: ReceiveBuffer;
  /** Segments that arrived ahead of RCV.NXT; replaced, never changed. */
  reassembly: ReassemblyQueue;
  /** RECEIVEs that wait, first come first served; replaced, never changed. */
  receives: readonly WaitingReceive[];
  readonly owed: Owed;
  readonly counters: Counters;
  /** When ACKs are held back. */
  readonly pace: AckPacing;
  /** What the receive buffer takes where it counts memory. */
  readonly memory: MemoryState;
  readonly keepAlive: KeepAlive;
  /** When an ACK last answered a segment that could not be right; long ago at first. */
  challengedAtUs: number;
  /** ISS and time of the first connection of this host: where its ISN clock stands; null before it. */
  isnOrigin: { readonly iss: Seq; readonly atUs: number } | null;
  /** What the last event was; data that it set free names it as its trigger. */
  lastTrigger: Trigger;
}

const ZERO = seq(0);

/** Fresh timers, none running. */
function createTimers(): Timers {
  const off = Number.POSITIVE_INFINITY;
  return {
    retransmission: off,
    persist: off,
    'delayed-ack': off,
    'time-wait': off,
    user: off,
    'keep-alive': off,
    'loss-probe': off,
    reordering: off,
  };
}

/** Send variables before ISS is chosen. */
export function freshSendVariables(): SendVariables {
  return {
    una: ZERO,
    smallEnd: ZERO,
    nxt: ZERO,
    leaving: ZERO,
    wnd: 0,
    up: ZERO,
    wl1: ZERO,
    wl2: ZERO,
    max: ZERO,
    maxWnd: 0,
    mssBytes: 536,
    fin: null,
  };
}

/** Receive variables before IRS is known, with a window of `rcvbufBytes`. */
export function freshReceiveVariables(rcvbufBytes: number): ReceiveVariables {
  return {
    nxt: ZERO,
    wnd: Math.min(rcvbufBytes, 0xffff),
    up: ZERO,
    urgentEnd: null,
    adv: ZERO,
    unackedBytes: 0,
    sacks: [],
    dsack: null,
    closed: false,
    fin: null,
  };
}

/** Counters at zero. */
export function freshCounters(): Counters {
  return {
    segmentsSent: 0,
    segmentsReceived: 0,
    retransmissions: 0,
    duplicateAcksReceived: 0,
    probesSent: 0,
    icmpReceived: 0,
  };
}

/** A connection in CLOSED: the place for one TCB of this host, at its own port or another one. */
export function createTcb(config: HostConfig, port: number = config.port): Tcb {
  return {
    config,
    preferences: {
      nagle: config.nagle,
      delayedAckUs: config.delayedAckUs,
      userTimeoutUs: config.userTimeoutUs,
      autoRead: config.autoRead,
      keepAliveUs: config.keepAliveUs,
      errorReports: true,
      rcvbufBytes: config.rcvbufBytes,
      rcvbufGrows: config.rcvbufGrows,
    },
    state: 'CLOSED',
    origin: null,
    local: { address: config.address, port },
    remote: null,
    peer: null,
    isMain: true,
    listenRemote: null,
    iss: null,
    irs: null,
    snd: freshSendVariables(),
    rcv: freshReceiveVariables(Math.min(config.rcvbufBytes, config.windowClampBytes ?? config.rcvbufBytes)),
    options: freshOptions(),
    timers: createTimers(),
    timerStarts: createTimerStarts(),
    timersChanged: false,
    congestion: freshCongestion(),
    recovery: freshRecovery(config.dupThresh),
    ecn: freshEcn(),
    challenges: { sinceUs: 0, count: 0, heldUntilUs: 0 },
    path: freshPath(config),
    softError: null,
    rto: createRto(config),
    sendQueue: createSendQueue(),
    retransmissionQueue: createRetransmissionQueue(),
    receiveBuffer: createReceiveBuffer(),
    reassembly: createReassemblyQueue(),
    receives: [],
    owed: { replies: [], syn: null, retransmission: null, tailProbe: null, probe: null, fin: null, ack: null },
    counters: freshCounters(),
    pace: freshAckPacing(),
    memory: freshMemory(),
    keepAlive: freshKeepAlive(),
    challengedAtUs: Number.NEGATIVE_INFINITY,
    isnOrigin: null,
    lastTrigger: { kind: 'network' },
  };
}

/** A copy that lives on its own; immutable parts (octets, records, configuration) are shared. */
export function cloneTcb(tcb: Tcb): Tcb {
  return {
    ...tcb,
    preferences: { ...tcb.preferences },
    snd: { ...tcb.snd },
    rcv: { ...tcb.rcv },
    options: { ...tcb.options },
    timers: { ...tcb.timers },
    timerStarts: cloneTimerStarts(tcb.timerStarts),
    congestion: cloneCongestion(tcb.congestion),
    recovery: { ...tcb.recovery },
    ecn: { ...tcb.ecn },
    challenges: { ...tcb.challenges },
    path: { ...tcb.path },
    rto: { ...tcb.rto },
    sendQueue: cloneSendQueue(tcb.sendQueue),
    retransmissionQueue: cloneRetransmissionQueue(tcb.retransmissionQueue),
    receiveBuffer: cloneReceiveBuffer(tcb.receiveBuffer),
    owed: { ...tcb.owed, replies: tcb.owed.replies.slice() },
    counters: { ...tcb.counters },
    pace: { ...tcb.pace },
    memory: cloneMemory(tcb.memory),
    keepAlive: { ...tcb.keepAlive },
  };
}
