import type { Seq } from '../../seq';
import { seq } from '../../seq';
import { fullSegmentBytes } from '../options';
import { outstandingSegments } from '../retransmissionQueue';
import type { Tcb } from '../tcb';

/**
 * Where loss recovery stands: nothing unusual; duplicate ACKs or SACKs have come; the window shrinks because of ECN or a
 * tail loss; a loss was found by ACKs; the retransmission timer expired.
 */
export type RecoveryPhase = 'open' | 'disorder' | 'reducing' | 'recovery' | 'loss';

/** What loss recovery remembers. */
export interface RecoveryState {
  phase: RecoveryPhase;
  /** Duplicate ACKs without SACK that stand for segments which arrived; 0 where SACK tells. */
  dupAcks: number;
  /** Partial acknowledgments of this recovery, where they deflate the window (RFC 6582 section 3.2, step 3). */
  partialAcks: number;
  /** recover: SND.NXT as this phase began; it ends when all before is acknowledged (RFC 6582 section 3.2). */
  recover: Seq;
  /** HighRxt: the number after the highest segment that this recovery has sent again (RFC 6675 section 2). */
  highRxt: Seq;
  /** RecoverFS, prr_delivered and prr_out (RFC 9937 section 6). */
  priorCwndBytes: number;
  deliveredBytes: number;
  outBytes: number;
  /** SND.UNA as the window was reduced, and the windows before it, so that a false alarm can be taken back; null for none. */
  undoFrom: Seq | null;
  undoCwndBytes: number;
  undoSsthreshBytes: number;
  /** Retransmissions of this phase that no DSACK has spoken of. */
  undoResent: number;
  /** TSval of the first retransmission of this phase (RFC 3522 section 3.2); null for none. */
  firstResendTs: number | null;
  /** F-RTO watches what the first ACKs after the timeout say (RFC 5682 section 3). */
  frto: boolean;
  /** The phase `loss` was begun by a path that has become narrower, and not by a timeout. */
  narrowed: boolean;
  /** In F-RTO, new data goes first: nothing that may only seem lost (RFC 5682 section 2.1, step 2b). */
  newDataFirst: boolean;
  /** RACK.xmit_ts: the latest sent segment that has arrived, by its place among all that were sent (RFC 8985 section 6.2). */
  rackOrder: number;
  /** RACK.rtt. */
  rackRttUs: number;
  /** RACK.min_RTT; Infinity before the first. */
  minRttUs: number;
  /** Segments were seen to arrive out of order (RACK.reordering_seen). */
  reordering: boolean;
  /** RACK.reo_wnd_mult. */
  reorderingSteps: number;
  /** SND.NXT as it grew last: it grows once in a round trip; null before. */
  reorderingRound: Seq | null;
  /** How many recoveries more it is kept. */
  reorderingKept: number;
  /** Some segment was (S)ACKed since losses were looked for last. */
  rackAdvanced: boolean;
  /** How many segments DSACKs have told of since the connection was opened. */
  twiceSegments: number;
  /** How many duplicates make a loss; more than the host's threshold once reordering was seen. */
  dupThresh: number;
  /** RFC 8985 section 7: TLP.end_seq while a probe is not answered, and whether it carried old data. */
  tlpEnd: Seq | null;
  tlpResent: boolean;
}

/** Before anything was sent. */
export function freshRecovery(dupThresh: number | null): RecoveryState {
  return {
    phase: 'open',
    dupAcks: 0,
    partialAcks: 0,
    recover: seq(0),
    highRxt: seq(0),
    priorCwndBytes: 0,
    deliveredBytes: 0,
    outBytes: 0,
    undoFrom: null,
    undoCwndBytes: 0,
    undoSsthreshBytes: 0,
    undoResent: 0,
    firstResendTs: null,
    frto: false,
    narrowed: false,
    newDataFirst: false,
    rackOrder: -1,
    rackRttUs: 0,
    minRttUs: Number.POSITIVE_INFINITY,
    reordering: false,
    reorderingSteps: 1,
    reorderingRound: null,
    reorderingKept: 0,
    rackAdvanced: false,
    twiceSegments: 0,
    dupThresh: dupThresh ?? Number.POSITIVE_INFINITY,
    tlpEnd: null,
    tlpResent: false,
  };
}

/** What so many segments of so many bytes weigh against the congestion window. */
export function weight(tcb: Tcb, segments: number, bytes: number): number {
  return tcb.config.countsSegments ? segments * fullSegmentBytes(tcb) : bytes;
}

/** Whether recovery without SACK inflates the window by each duplicate ACK (RFC 5681 section 3.2), and does not count what they deliver. */
export function inflates(tcb: Tcb): boolean {
  return !tcb.config.prr && !tcb.options.sack;
}

/**
 * Whether the retransmission timer runs on although something was acknowledged: "for the first partial ACK that arrives
 * during fast recovery, also reset the retransmit timer", and for no other. Recovery mends one loss in a round trip; after
 * many losses slow start is faster, and the timer leads to it (RFC 6582 section 3.2, step 3, and section 4).
 */
export function runsOnInRecovery(tcb: Tcb): boolean {
  return inflates(tcb) && tcb.recovery.phase === 'recovery' && tcb.recovery.partialAcks > 1;
}

/**
 * pipe: how much is taken to be on its way (RFC 6675 section 3, RFC 9937 section 5), in the unit of the window. Without
 * SACK each duplicate ACK stands for one segment that arrived, unless the window is inflated instead.
 */
export function pipeBytes(tcb: Tcb): number {
  const queue = tcb.retransmissionQueue;
  const { dupAcks } = tcb.recovery;
  const left = tcb.config.countsSegments
    ? (outstandingSegments(queue) + queue.resentSegments - queue.sackedSegments - queue.lostSegments) *
      fullSegmentBytes(tcb)
    : queue.bytes + queue.resentBytes - queue.sackedBytes - queue.lostBytes;
  return Math.max(0, dupAcks === 0 || inflates(tcb) ? left : left - dupAcks * fullSegmentBytes(tcb));
}

/** How much more the congestion window lets out now, in bytes; 0 or less for nothing. */
export function congestionRoom(tcb: Tcb): number {
  const { cwndBytes } = tcb.congestion;
  if (cwndBytes === Number.POSITIVE_INFINITY) return cwndBytes;
  return cwndBytes + limitedTransmitBytes(tcb) - pipeBytes(tcb);
}

/** RFC 3042: two segments beyond cwnd for the first two duplicate ACKs, where they do not lessen the pipe. */
function limitedTransmitBytes(tcb: Tcb): number {
  const { phase, dupAcks } = tcb.recovery;
  if (dupAcks === 0 || phase !== 'disorder' || !tcb.config.limitedTransmit || !inflates(tcb)) return 0;
  return Math.min(dupAcks, 2) * fullSegmentBytes(tcb);
}
