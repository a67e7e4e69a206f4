/**
 * Loss recovery. The retransmission queue is the scoreboard: each segment on its way is marked as SACKed, lost, or sent
 * again (`scoreboard.ts`), and what is left of the sum is the pipe (`state.ts`). An ACK goes through here in this order:
 * the scoreboard takes in what it tells; losses are looked for (`detect.ts`); the phase changes; then the congestion window
 * shrinks (`reduce.ts`) or grows (`congestion`). A timeout begins the phase `loss` (`loss.ts`), a silence of two round trips
 * a probe of the tail (`tailLossProbe.ts`). What is marked as lost goes again as cwnd has room (`output.ts`), and after new
 * data what lies in a gap below the highest SACK (`gaps.ts`).
 */
import { seqAdd, seqGeq, seqGt } from '../../seq';
import type { TcpContext } from '../context';
import { causeOf } from '../context';
import { fullSegmentBytes } from '../options';
import { outstandingSegments } from '../retransmissionQueue';
import type { Tcb } from '../tcb';
import { note } from '../trace';
import { takeRoundTrip } from './control';
import { detectLosses } from './detect';
import { recoverFromTimeout } from './loss';
import {
  beginReduction,
  endReduction,
  grow,
  mayUndo,
  reduceProportionally,
  rememberForUndo,
  undoReduction,
  wasDelayed,
} from './reduce';
import { stepRule, undoRule } from './ruleAtWork';
import type { AckNews } from './scoreboard';
import { highestSacked, noteReordering } from './scoreboard';
import { inflates, weight } from './state';
import { answerProbe } from './tailLossProbe';

/** Everything that an ACK means for loss recovery and congestion control, after the queue and the scoreboard know of it. */
export function recover(tcb: Tcb, news: AckNews, ctx: TcpContext): void {
  const { recovery } = tcb;
  const { phase } = recovery;
  recovery.newDataFirst = false;
  const lostBefore = tcb.retransmissionQueue.lostSegments;
  if (news.rttUs !== null) takeRoundTrip(tcb, news.rttUs, ctx);
  let delivered = deliveredBytes(tcb, news);
  answerProbe(tcb, news, ctx);
  const dubious = !news.advanced || news.sackedSegments > 0 || news.dsack || news.congested;
  if (dubious || recovery.phase !== 'open') delivered += judge(tcb, news, ctx);
  const newlyLost = tcb.retransmissionQueue.lostSegments > lostBefore;
  if (recovery.phase === 'recovery' || recovery.phase === 'reducing') {
    reduceProportionally(tcb, delivered, newlyLost, news.advanced);
  } else if (phase !== 'recovery' || tcb.config.prr) {
    // Where the ACK that ends recovery deflates the window, it does not let it grow as well.
    grow(tcb, news, delivered, ctx);
  }
}

/** What has newly arrived, as far as the queue tells. Without SACK duplicate ACKs have told of some of it before. */
function deliveredBytes(tcb: Tcb, news: AckNews): number {
  if (tcb.options.sack || !tcb.config.prr) {
    // A needless retransmission has been delivered as well (Linux: tcp_dsack_seen).
    const twice = tcb.config.undo ? news.twiceSegments : 0;
    const segments = news.freshSegments + news.sackedSegments + twice;
    return weight(tcb, segments, news.freshBytes + news.sackedBytes + twice * fullSegmentBytes(tcb));
  }
  return news.ackedSegments === 0 ? 0 : untoldBytes(tcb, news);
}

function untoldBytes(tcb: Tcb, news: AckNews): number {
  const { recovery } = tcb;
  const told = recovery.dupAcks;
  recovery.dupAcks = Math.max(0, told - (news.ackedSegments - 1));
  const left = Math.max(news.ackedSegments - told, 1);
  return weight(tcb, left, told === 0 ? news.ackedBytes : left * fullSegmentBytes(tcb));
}

/** One more duplicate ACK; returns what it tells to have been delivered. Never more than can have arrived beside what is lost. */
function addDuplicate(tcb: Tcb): number {
  const queue = tcb.retransmissionQueue;
  const { recovery } = tcb;
  const holes = Math.min(Math.max(queue.lostSegments, 1), outstandingSegments(queue));
  if (recovery.dupAcks + 1 + holes > outstandingSegments(queue)) {
    if (tcb.config.undo) recovery.dupThresh = Math.max(recovery.dupThresh, outstandingSegments(queue));
    if (!inflates(tcb)) return 0;
  }
  recovery.dupAcks++;
  return fullSegmentBytes(tcb);
}

/** The phases and what leads from one to the next; returns what duplicate ACKs delivered. */
function judge(tcb: Tcb, news: AckNews, ctx: TcpContext): number {
  const { recovery } = tcb;
  const counts = !tcb.options.sack;
  if (recovery.phase !== 'open' && recovery.phase !== 'disorder' && seqGeq(tcb.snd.una, recovery.recover)) {
    if (endPhase(tcb, news, ctx)) return 0;
  }
  if (recovery.phase === 'recovery') return judgeInRecovery(tcb, news, ctx);
  if (recovery.phase === 'loss') {
    const delivered = recoverFromTimeout(tcb, news, ctx, addDuplicate);
    detectLosses(tcb, news.advanced, ctx);
    return delivered;
  }
  let delivered = 0;
  if (counts && news.advanced) recovery.dupAcks = 0;
  if (counts && news.duplicate) delivered = addDuplicate(tcb);
  if (recovery.phase !== 'reducing' && recovery.undoFrom !== null && recovery.undoResent === 0 && tcb.config.undo) {
    undoReduction(tcb, false, ctx, 'dsack-undone');
  }
  detectLosses(tcb, news.advanced, ctx);
  if (tcb.retransmissionQueue.lostSegments === 0 || !mayEnter(tcb)) tryToOpen(tcb, news, ctx);
  else enterRecovery(tcb, ctx);
  return delivered;
}

/** RFC 6582 section 3.2, step 1: what was sent before the last recovery ended does not begin another. */
function mayEnter(tcb: Tcb): boolean {
  return !inflates(tcb) || tcb.recovery.undoFrom === null || seqGt(tcb.snd.una, tcb.recovery.recover);
}

/** All that was on its way as the phase began is acknowledged. True when nothing more is to be judged. */
function endPhase(tcb: Tcb, news: AckNews, ctx: TcpContext): boolean {
  const { recovery } = tcb;
  if (recovery.phase === 'loss') return false;
  if (recovery.phase === 'reducing') {
    if (tcb.snd.una === recovery.recover) return false;
    endReduction(tcb);
    recovery.phase = 'open';
    return false;
  }
  recovery.dupAcks = 0;
  if (mayUndo(tcb, news)) undoReduction(tcb, false, ctx, undoRule(tcb));
  // Without SACK duplicates of what was resent must not begin another recovery: wait for something above (RFC 6582 section 4).
  if (tcb.config.prr && !tcb.options.sack && tcb.snd.una === recovery.recover) return true;
  endReduction(tcb);
  recovery.phase = 'open';
  recovery.firstResendTs = null;
  if (recovery.reorderingKept > 0) recovery.reorderingKept--;
  if (recovery.reorderingKept === 0) recovery.reorderingSteps = 1;
  note(tcb, ctx, stepRule(tcb, 'recovery-ends'));
  return false;
}

/** During fast recovery (RFC 6582 section 3.2, RFC 6675 section 5, RFC 9937). */
function judgeInRecovery(tcb: Tcb, news: AckNews, ctx: TcpContext): number {
  const { recovery, congestion } = tcb;
  let delivered = 0;
  if (!news.advanced) {
    if (!tcb.options.sack && news.duplicate) {
      delivered = addDuplicate(tcb);
      if (inflates(tcb)) congestion.cwndBytes += fullSegmentBytes(tcb);
    }
  } else if (tcb.config.undo && recovery.undoFrom !== null && wasDelayed(tcb, news)) {
    // What filled the gap was only late.
    const highest = highestSacked(tcb.retransmissionQueue);
    const beyond = highest === null ? tcb.snd.una : seqAdd(highest, -fullSegmentBytes(tcb));
    if (tcb.options.sack && seqGt(beyond, news.priorUna)) noteReordering(tcb, news.priorUna, beyond);
    // Nothing is taken back before all retransmissions have been answered.
    if (tcb.retransmissionQueue.resentSegments > 0) return delivered;
    undoReduction(tcb, true, ctx, 'reduction-undone');
    keepOpen(tcb);
    return delivered;
  } else if (inflates(tcb)) {
    deflate(tcb, news, ctx);
  }
  if (tcb.config.undo && recovery.undoFrom !== null && recovery.undoResent === 0) {
    undoReduction(tcb, false, ctx, 'dsack-undone');
    keepOpen(tcb);
  }
  detectLosses(tcb, news.advanced, ctx);
  if (recovery.phase !== 'recovery' && tcb.retransmissionQueue.lostSegments > 0) enterRecovery(tcb, ctx);
  return delivered;
}

/** A partial acknowledgment: "deflate the congestion window", and the next missing segment goes at once (RFC 6582 section 3.2, step 3). */
function deflate(tcb: Tcb, news: AckNews, ctx: TcpContext): void {
  const mss = fullSegmentBytes(tcb);
  const { congestion } = tcb;
  tcb.recovery.partialAcks++;
  const left = congestion.cwndBytes - news.ackedBytes + (news.ackedBytes >= mss ? mss : 0);
  congestion.cwndBytes = Math.max(left, mss);
  tcb.owed.retransmission = causeOf(ctx, 'partial-ack-retransmit');
}

/** No loss is known: open, or disorder while something came out of order; ECE begins a reduction of its own (RFC 3168 section 6.1.2). */
function tryToOpen(tcb: Tcb, news: AckNews, ctx: TcpContext): void {
  if (news.congested && tcb.recovery.phase !== 'reducing') {
    enterReducing(tcb, ctx);
    return;
  }
  if (tcb.recovery.phase !== 'reducing') keepOpen(tcb);
}

/** Open, or disorder while duplicates or losses are known. */
export function keepOpen(tcb: Tcb): void {
  const queue = tcb.retransmissionQueue;
  const { recovery } = tcb;
  const disorder = recovery.dupAcks + queue.sackedSegments + queue.lostSegments + queue.resentSegments > 0;
  recovery.phase = disorder ? 'disorder' : 'open';
}

/** The network marked a segment instead of losing it: the window falls as after a loss, once per round trip (RFC 3168 section 6.1.2). */
export function enterReducing(tcb: Tcb, ctx: TcpContext): void {
  // "the TCP sender halves the congestion window": the window, whatever this ACK has taken off FlightSize.
  beginReduction(tcb, ctx, tcb.congestion.cwndBytes);
  tcb.recovery.undoFrom = null;
  tcb.recovery.phase = 'reducing';
  note(tcb, ctx, 'ecn-reduces');
}

/** Fast retransmit and fast recovery begin (RFC 5681 section 3.2). */
export function enterRecovery(tcb: Tcb, ctx: TcpContext): void {
  const { recovery, congestion } = tcb;
  rememberForUndo(tcb);
  recovery.partialAcks = 0;
  if (recovery.phase !== 'reducing') {
    beginReduction(tcb, ctx);
    recovery.firstResendTs = null;
  }
  recovery.phase = 'recovery';
  recovery.highRxt = tcb.snd.una;
  note(tcb, ctx, stepRule(tcb, 'recovery-begins'));
  if (tcb.config.prr) return;
  // Step 3: the segments that the duplicate ACKs stand for have left the network.
  if (inflates(tcb) && tcb.config.congestionControl !== 'off') {
    congestion.cwndBytes = congestion.ssthreshBytes + recovery.dupAcks * fullSegmentBytes(tcb);
  }
  tcb.owed.retransmission = causeOf(ctx, stepRule(tcb, 'fast-retransmit'));
}
