import type { Seq } from './seq';

/** How one host's TCP is set up. Every field has a default in {@link DEFAULT_HOST}. */
export interface HostConfig {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** Initial send sequence number of the first connection; null chooses one from the seed (RFC 9293 section 3.4.1). */
  readonly isn: Seq | null;
  /** The MSS that it announces and the most payload it can take in a segment (RFC 9293 section 3.7.1). */
  readonly mssBytes: number;
  /** MTU of the host's interface: the largest IP datagram that it sends; null for one that carries just `mssBytes`. */
  readonly mtuBytes: number | null;
  /** Receive buffer: the largest window that it offers, 0 to 65535, or up to 1 GiB where windows are scaled. */
  readonly rcvbufBytes: number;
  /** The largest window that it offers although the buffer is larger; null for the whole buffer. */
  readonly windowClampBytes: number | null;
  /** How `rcvbufBytes` is counted as the memory that segments lie in; null where it counts octets. */
  readonly receiveMemory: ReceiveMemory | null;
  /** Whether the receive buffer grows with what the application reads in a round trip; only with `receiveMemory`. */
  readonly rcvbufGrows: boolean;
  /** Send buffer: how much a SEND may queue before it must wait. */
  readonly sndbufBytes: number;
  /** Maximum segment lifetime (RFC 9293 section 3.4.2: 2 minutes; the default here is 30 s so that lessons stay short). */
  readonly mslUs: number;
  /** Lower bound of the RTO (RFC 6298 section 2.4). */
  readonly rtoMinUs: number;
  /** RTO before the first sample (RFC 6298 section 2.1). */
  readonly rtoInitialUs: number;
  /** Upper bound of the RTO (RFC 6298 section 2.5). */
  readonly rtoMaxUs: number;
  /** R2 for SYNs: how many times a SYN is retransmitted before the attempt is given up (RFC 9293 section 3.8.3, MUST-23). */
  readonly synRetries: number;
  /** R2 for the SYN-ACK of a passive OPEN; null for as many as for SYNs. */
  readonly synAckRetries: number | null;
  /** R2 for data: how many times a segment is retransmitted before the connection is given up (RFC 9293 section 3.8.3). */
  readonly retries: number;
  /** R2 for data once the application has closed the whole socket, so that nobody waits for it; null for `retries`. */
  readonly orphanRetries: number | null;
  /** R2 is also a time: the one that so many retransmissions take when the RTO began at its least (RFC 9293 section 3.8.3: "R1 and R2 are measured in units of time or as a count of retransmissions"). */
  readonly retriesTakeTime: boolean;
  /** How long an active OPEN may take, whatever R2 for SYNs says; null for no such limit. */
  readonly openTimeoutUs: number | null;
  /** Default user timeout of OPEN; null for none beyond R2 (RFC 9293 section 3.9.1.1). */
  readonly userTimeoutUs: number | null;
  /** The user timeout counts from the first retransmission or window probe, not from the SEND. */
  readonly userTimeoutSinceResend: boolean;
  /** A SEND returns after TCP has sent what it may: octets and a FIN of later calls at the same instant do not join its last segment. */
  readonly sendsDuringCalls: boolean;
  /** The Nagle algorithm (RFC 9293 section 3.7.4, SHLD-7). */
  readonly nagle: boolean;
  /** How long an ACK may be delayed (RFC 9293 section 3.8.6.3, under 0.5 s); null acknowledges at once. */
  readonly delayedAckUs: number | null;
  /** Whether the application reads by itself as data arrives. */
  readonly autoRead: boolean;

  /** Nagle's algorithm holds a small segment back only while another small one is unacknowledged (Minshall), not while any is. */
  readonly nagleSmallOnly: boolean;
  /** CLOSE implies PUSH to the letter (RFC 9293 section 3.9.1.4): with a FIN behind it Nagle's algorithm holds nothing back. */
  readonly closeOverridesNagle: boolean;
  /** The reset of ABORT acknowledges too: <SEQ=SND.NXT><ACK=RCV.NXT><CTL=RST,ACK>. */
  readonly abortAcknowledges: boolean;

  /** The window scale shift that it offers, 0 to 14; null offers none (RFC 7323 section 2). */
  readonly windowScale: number | null;
  /** The window scale option stands right after the MSS in a SYN, not at the end. */
  readonly scaleOptionFirst: boolean;
  /** Whether it offers and accepts timestamps (RFC 7323 section 3). */
  readonly timestamps: boolean;
  /** Drops a segment without timestamps once they are agreed on (RFC 7323 section 3.2); off, it is taken all the same. */
  readonly timestampsRequired: boolean;
  /** How many ticks a timestamp may be older than the last one taken (RFC 7323 section 5.3, R1: 0). */
  readonly timestampSlackTicks: number;
  /** An old ACK without data is no sign of wrapped numbers: it is taken, or dropped without an answer. */
  readonly timestampSparesAcks: boolean;
  /** Whether it offers and accepts selective acknowledgments (RFC 2018). */
  readonly sack: boolean;
  /** Whether a segment that came twice is reported in a SACK block (RFC 2883); only with `sack`. */
  readonly dsack: boolean;
  /** Explicit congestion notification (RFC 3168): `passive` only answers a remote TCP that asks for it. */
  readonly ecn: 'off' | 'passive' | 'on';

  /** How the congestion window grows and shrinks (RFC 5681, RFC 9438); `off` for none at all. */
  readonly congestionControl: CongestionControlName;
  /** The tick in which CUBIC counts time, with whole segments, as Linux does; null reckons as RFC 9438 has it. */
  readonly cubicTickUs: number | null;
  /** HyStart: with CUBIC, slow start ends when round trips grow or a round's ACKs take half a round trip. */
  readonly hystart: boolean;
  /** Initial window in segments (RFC 6928 section 2: 10); null takes the older 2 to 4 of RFC 5681 section 3.1. */
  readonly initialWindowSegments: number | null;
  /** From how many retransmissions of the SYN on the initial window is one segment (RFC 5681 section 3.1: 1). */
  readonly synLossesForSmallWindow: number;
  /** Counts the congestion window in segments, each as large as a full one, and not in bytes (RFC 5681 section 2 allows both). */
  readonly countsSegments: boolean;
  /** L: by how many segments slow start lets cwnd grow for one ACK at most (RFC 5681 section 3.1: 1; RFC 3465 section 2.3: 2, but 1 after a timeout); null for what the ACK acknowledges. */
  readonly slowStartSegments: number | null;
  /** Whether the congestion window starts again after an idle time of one RTO (RFC 5681 section 4.1), and how. */
  readonly idleRestart: 'off' | 'at-once' | 'halving';
  /** How many duplicate ACKs, or segments SACKed above it, make a segment lost (RFC 5681 section 3.2: 3); null for no fast retransmit. */
  readonly dupThresh: number | null;
  /** With `sack`: when recovery has nothing lost and nothing new to send, it sends what lies in a gap below the highest SACK (RFC 6675 section 4, NextSeg rule 3); not with `rack`, which waits for time to tell. */
  readonly resendsGaps: boolean;
  /** New data on the first two duplicate ACKs (RFC 3042). */
  readonly limitedTransmit: boolean;
  /** Proportional rate reduction during recovery (RFC 9937) in place of RFC 5681's inflated window. */
  readonly prr: boolean;
  /** Losses are found by time, with probes of the tail (RFC 8985); only with `sack`. */
  readonly rack: boolean;
  /** RACK does not believe the ACK of a retransmission that took just the least round trip either (RFC 8985 section 6.2, step 2: only one that took less). */
  readonly rackDoubtsLeastRtt: boolean;
  /** How much longer the timers of RACK and of the tail loss probe run than they have to, as with coarse ticks; 0 as in RFC 8985 sections 6.2 and 7.2. */
  readonly rackTimerSlackUs: number;
  /** Tail loss probes (RFC 8985 section 7); only with `sack`. */
  readonly tailLossProbe: boolean;
  /** ssthresh does not fall once more when the timer expires during fast recovery; off, it falls at the first timeout of each segment (RFC 5681 section 3.1). */
  readonly timeoutSparesRecovery: boolean;
  /** Finds out whether a retransmission timeout was spurious (RFC 5682). */
  readonly frto: boolean;
  /** Takes a window reduction back when timestamps or DSACK show that nothing was lost (RFC 3522, RFC 3708). */
  readonly undo: boolean;

  /** RTO = SRTT + max(4 RTTVAR, RTO minimum) in place of max(SRTT + 4 RTTVAR, RTO minimum). */
  readonly rtoMinOnVariance: boolean;
  /** What is added to every RTO that was measured or backed off, so that a slow host is not taken for a loss. */
  readonly rtoSlopUs: number;
  /** How often back-off doubles the RTO; null for as often as the upper bound allows (RFC 6298 section 5.5). */
  readonly mostDoublings: number | null;
  /** Bounds of the time between window probes; null where those of the RTO do (RFC 9293 section 3.8.6.1). */
  readonly persistBoundsUs: { readonly least: number; readonly most: number } | null;
  /** How many times a SYN is retransmitted after the same RTO before back-off begins; they come on top of `synRetries`. */
  readonly synLinearTimeouts: number;
  /** Retransmission timer of a SYN whose answer acknowledged something else; null leaves it as it is. */
  readonly synAfterBadAckUs: number | null;
  /** What a window probe looks like: one octet of data, or nothing at SND.UNA - 1 (RFC 9293 section 3.8.6.1). */
  readonly probeForm: 'octet' | 'below-una';

  /** How many segments are acknowledged at once at most before ACKs are delayed, while the other side may be in slow start; 0 for none. */
  readonly quickAcks: number;
  /** The least delay of an ACK when `delayedAckUs` is adapted to how fast segments come; null for a fixed delay. */
  readonly delayedAckMaxUs: number | null;
  /** How ACKs of segments above a gap are joined into one; null to send each (RFC 5681 section 4.2). Only with `sack` and `delayedAckMaxUs`. */
  readonly compressedAcks: CompressedAcks | null;

  /** Idle time before the first keep-alive; null for none (RFC 9293 section 3.8.4, MUST-25: off by default). */
  readonly keepAliveUs: number | null;
  /** A keep-alive carries one octet that means nothing, for TCPs that answer nothing else (RFC 9293 section 3.8.4, MAY-6); off, none. */
  readonly keepAliveOctet: boolean;
  /** Time between keep-alives that were not answered. */
  readonly keepAliveIntervalUs: number;
  /** How many unanswered keep-alives end the connection. */
  readonly keepAliveProbes: number;

  /** How many half-open connections a host that listens keeps (RFC 4987 section 2); null for a passive OPEN that makes one connection only. */
  readonly backlog: number | null;
  /** A SYN that finds the backlog full is answered by a cookie and not dropped (RFC 4987 section 3.6). */
  readonly synCookies: boolean;

  /** How many challenge ACKs may leave in one second; null for any number (RFC 5961 section 7). */
  readonly challengeAcksPerSecond: number | null;
  /** Least time between two ACKs that answer unacceptable segments without data; 0 for none (RFC 5961 section 7). */
  readonly invalidAckIntervalUs: number;
  /** An ACK of something before all that was ever sent is answered like any other that can not be right, even when it lies within MAX.SND.WND (RFC 5961 section 5). */
  readonly rejectsAcksBelowIss: boolean;
  /** A segment with neither ACK nor SYN nor RST is dropped before its numbers are looked at, not only in the fifth check. */
  readonly needsAckFirst: boolean;
  /** In SYN-RECEIVED of a passive OPEN, in TIME-WAIT, and in FIN-WAIT-2 once the whole socket is closed, less is kept and checked (arrivesBriefly.ts). */
  readonly briefRecords: boolean;
  /** In FIN-WAIT-2 the ACK of a FIN that was held above a gap still tells of the SACK blocks that the gap's end has made pointless. */
  readonly finAckRepeatsBlocks: boolean;
  /** A segment is at most half the largest window that the remote TCP has offered, where that is small (RFC 1122 section 4.2.3.4: Fs). */
  readonly halfWindowSegments: boolean;
  /** A retransmitted segment takes in those after it as far as they fit (RFC 9293 section 3.8.6: "may repackage segments"). */
  readonly resendsTogether: boolean;
  /** Text after the remote FIN, which "should not occur" (RFC 9293 section 3.10.7.4, seventh), is answered: by a reset where it began before the FIN, in TIME-WAIT by an ACK. */
  readonly answersTextAfterFin: boolean;
  /** A new SYN in SYN-RECEIVED is answered by a reset, and not only dropped (RFC 9293 section 3.10.7.4, fourth check). */
  readonly resetsNewSyn: boolean;
  /** TIME-WAIT takes a SYN that is newer than the old connection (RFC 9293 section 3.6.1, MAY-2; RFC 6191). */
  readonly timeWaitReuse: boolean;
  /** TIME-WAIT ignores a RST (RFC 1337 section 3, fix F1). */
  readonly timeWaitIgnoresReset: boolean;
  /** `close` with unread data resets the connection (RFC 1122 section 4.2.2.13). */
  readonly closeUnreadResets: boolean;
  /** `close` gives up receiving as well, as the socket call does: data that arrives later is answered by a reset. */
  readonly closeIsFull: boolean;
  /** How long a connection that was fully closed stays in FIN-WAIT-2; null for ever. */
  readonly finWait2Us: number | null;

  /** In which states a hard ICMP error ends the connection: none, while it is being opened, all (RFC 9293 section 3.9.2.2, RFC 5927 section 5.2). */
  readonly icmpHardErrors: 'never' | 'opening' | 'always';
  /** The same for soft ICMP errors (RFC 5461 section 4). */
  readonly icmpSoftErrors: 'never' | 'opening';
  /** The least path MTU that an ICMP message can lead to with IPv4 (RFC 1191 section 3: 68). */
  readonly leastPathMtuBytes: number;
}

/** The memory that a segment lies in until the application has read it; bytes. */
export interface ReceiveMemory {
  /** What stands before the IP header, after the text, and beside the whole. */
  readonly headroomBytes: number;
  readonly trailerBytes: number;
  readonly recordBytes: number;
  /** The sizes of memory that there are, from small to large; beyond the last, whole pages. */
  readonly pieceSizes: readonly number[];
  /** As large as the buffer may grow. */
  readonly maxBytes: number;
}

/** ACKs of segments above a gap, after the first three for the same RCV.NXT, wait a twentieth of the round trip for others. */
export interface CompressedAcks {
  /** The longest that they wait, in microseconds. */
  readonly delayUs: number;
  /** How many may be joined. */
  readonly most: number;
}

/** The congestion controls that exist. */
export type CongestionControlName = 'off' | 'reno' | 'cubic';

/** How one direction of the link behaves. */
export interface LinkConfig {
  /** One-way propagation delay. */
  readonly delayUs: number;
  /** Largest extra delay, drawn evenly from 0 to this for each segment. */
  readonly jitterUs: number;
  /** Rate in bits per second of IP bytes; null for an infinitely fast link. */
  readonly rateBps: number | null;
  /** Chances from 0 to 1, drawn for each segment from the seed. */
  readonly loss: number;
  readonly duplicate: number;
  readonly reorder: number;
  readonly corrupt: number;
  /** How many segments may wait for a link with a rate; null for any number. */
  readonly queueSegments: number | null;
  /** Largest IP datagram; larger ones are lost. */
  readonly mtuBytes: number;
  readonly up: boolean;
  /** What routers tell by ICMP of a datagram that they throw away: nothing; that it is too large (`on`); also that the link is down (`all`). */
  readonly icmp: 'off' | 'on' | 'all';
}

/** Bounds of a world; a run that meets one says so (events, virtual time). Wall time is the session's concern. */
export interface WorldLimits {
  readonly maxEvents: number;
  readonly maxTimeUs: number;
}

/** Everything that a world is made of. The same configuration and calls give the same world to the byte. */
export interface WorldConfig {
  readonly hosts: readonly HostConfig[];
  /** One entry for each direction between two hosts that differs from `defaultLink`. */
  readonly links: readonly { readonly from: string; readonly to: string; readonly config: LinkConfig }[];
  readonly defaultLink: LinkConfig;
  readonly seed: number;
  readonly limits: WorldLimits;
}

/** The idle time before the first keep-alive where somebody asks for keep-alives and says no time (RFC 9293 section 3.8.4, MUST-28). */
export const USUAL_KEEP_ALIVE_US = 7_200_000_000;

/** The plain choices of `profile rfc`. `name`, `address` and `port` are always given. */
export const DEFAULT_HOST: Omit<HostConfig, 'name' | 'address' | 'port'> = {
  isn: null,
  mssBytes: 1460,
  mtuBytes: null,
  rcvbufBytes: 65535,
  windowClampBytes: null,
  receiveMemory: null,
  rcvbufGrows: false,
  sndbufBytes: 1_048_576,
  mslUs: 30_000_000,
  rtoMinUs: 1_000_000,
  rtoInitialUs: 1_000_000,
  rtoMaxUs: 60_000_000,
  synRetries: 7,
  synAckRetries: null,
  retries: 15,
  orphanRetries: null,
  retriesTakeTime: false,
  openTimeoutUs: null,
  userTimeoutUs: null,
  userTimeoutSinceResend: false,
  sendsDuringCalls: false,
  nagle: false,
  delayedAckUs: null,
  autoRead: true,
  nagleSmallOnly: false,
  closeOverridesNagle: false,
  abortAcknowledges: false,
  windowScale: null,
  scaleOptionFirst: false,
  timestamps: false,
  timestampsRequired: true,
  timestampSlackTicks: 0,
  timestampSparesAcks: false,
  sack: false,
  dsack: true,
  ecn: 'off',
  congestionControl: 'reno',
  cubicTickUs: null,
  hystart: false,
  initialWindowSegments: 10,
  synLossesForSmallWindow: 1,
  countsSegments: false,
  slowStartSegments: 1,
  idleRestart: 'at-once',
  dupThresh: 3,
  resendsGaps: true,
  limitedTransmit: true,
  prr: false,
  rack: false,
  rackDoubtsLeastRtt: false,
  rackTimerSlackUs: 0,
  tailLossProbe: false,
  timeoutSparesRecovery: false,
  frto: false,
  undo: false,
  rtoMinOnVariance: false,
  rtoSlopUs: 0,
  mostDoublings: null,
  persistBoundsUs: null,
  synLinearTimeouts: 0,
  synAfterBadAckUs: null,
  probeForm: 'octet',
  quickAcks: 0,
  delayedAckMaxUs: null,
  compressedAcks: null,
  keepAliveUs: null,
  keepAliveOctet: false,
  keepAliveIntervalUs: 75_000_000,
  keepAliveProbes: 9,
  backlog: 128,
  synCookies: false,
  challengeAcksPerSecond: null,
  invalidAckIntervalUs: 0,
  rejectsAcksBelowIss: false,
  needsAckFirst: false,
  briefRecords: false,
  finAckRepeatsBlocks: false,
  halfWindowSegments: false,
  resendsTogether: false,
  answersTextAfterFin: false,
  resetsNewSyn: false,
  timeWaitReuse: true,
  timeWaitIgnoresReset: false,
  closeUnreadResets: true,
  closeIsFull: false,
  finWait2Us: null,
  icmpHardErrors: 'opening',
  icmpSoftErrors: 'never',
  leastPathMtuBytes: 68,
};

/** A link of 10 ms each way that loses nothing. */
export const DEFAULT_LINK: LinkConfig = {
  delayUs: 10_000,
  jitterUs: 0,
  rateBps: null,
  loss: 0,
  duplicate: 0,
  reorder: 0,
  corrupt: 0,
  queueSegments: null,
  mtuBytes: 65_535,
  up: true,
  icmp: 'on',
};

/** Bounds that no honest lesson meets. */
export const DEFAULT_LIMITS: WorldLimits = { maxEvents: 1_000_000, maxTimeUs: 86_400_000_000 };
