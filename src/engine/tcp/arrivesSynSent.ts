import type { SegmentId } from '../events';
import type { Segment } from '../segment';
import { FLAG } from '../segment';
import type { Seq } from '../seq';
import { seqGt, seqLeq } from '../seq';
import type { Arrival } from './arrival';
import { afterSyn } from './arrival';
import { advanceUna } from './arrivesAck';
import { processFin, processText, processUrgent, queueForLater } from './arrivesText';
import type { TcpContext } from './context';
import { causeOf } from './context';
import { deleteTcb, startTransfer, takeSyn } from './lifecycle';
import { oweAck, replyReset } from './replies';
import type { Tcb } from './tcb';
import { startTimer } from './timers';
import { discard, enterState, signalUser } from './trace';

/** 3.10.7.3 SYN-SENT STATE. */
export function arrivesSynSent(tcb: Tcb, segment: Segment, id: SegmentId, ctx: TcpContext): void {
  if (!checkAck(tcb, segment, id, ctx)) return;
  if (!checkReset(tcb, segment, id, ctx)) return;
  // Third, check the security: no segment carries a level or compartment, so none can mismatch (RFC 9293 appendix A.1).
  if ((segment.flags & FLAG.SYN) !== 0) {
    checkSyn(tcb, segment, id, ctx);
    return;
  }
  // Fifth, if neither of the SYN or RST bits is set, then drop the segment and return.
  discard(tcb, id, ctx, 'syn-sent-drops-other');
}

/** First, check the ACK bit. */
function checkAck(tcb: Tcb, segment: Segment, id: SegmentId, ctx: TcpContext): boolean {
  if ((segment.flags & FLAG.ACK) === 0 || ackAcceptable(tcb, segment.ack)) return true;
  if ((segment.flags & FLAG.RST) !== 0) discard(tcb, id, ctx, 'syn-sent-reset-bad-ack');
  else {
    discard(tcb, id, ctx, 'syn-sent-bad-ack');
    replyReset(tcb, segment, ctx, 'syn-sent-bad-ack');
  }
  const { synAfterBadAckUs } = tcb.config;
  // The other side may hold an old connection, which our reset has ended: the next SYN can come soon.
  if (synAfterBadAckUs !== null && tcb.rto.attempts === 0)
    startTimer(tcb, 'retransmission', synAfterBadAckUs, ctx, 'rto-start');
  return false;
}

/** SND.UNA < SEG.ACK =< SND.NXT. */
function ackAcceptable(tcb: Tcb, ack: Seq): boolean {
  return seqGt(ack, tcb.snd.una) && seqLeq(ack, tcb.snd.nxt);
}

/** Second, check the RST bit. There is no RCV.NXT yet that its sequence number could match (RFC 5961 section 3). */
function checkReset(tcb: Tcb, segment: Segment, id: SegmentId, ctx: TcpContext): boolean {
  if ((segment.flags & FLAG.RST) === 0) return true;
  if ((segment.flags & FLAG.ACK) === 0) {
    discard(tcb, id, ctx, 'syn-sent-reset-no-ack');
    return false;
  }
  signalUser(tcb, 'connection reset', ctx, 'syn-sent-reset');
  deleteTcb(tcb, 'connection reset', ctx, 'syn-sent-reset');
  return false;
}

/** Fourth, check the SYN bit. */
function checkSyn(tcb: Tcb, segment: Segment, id: SegmentId, ctx: TcpContext): void {
  takeSyn(tcb, segment, ctx.nowUs);
  const rest = afterSyn(tcb, segment, id);
  if ((segment.flags & FLAG.ACK) === 0) {
    tcb.owed.syn = causeOf(ctx, 'syn-sent-simultaneous');
    enterState(tcb, 'SYN-RECEIVED', ctx, 'syn-sent-simultaneous');
    queueForLater(tcb, rest, ctx);
    return;
  }
  tcb.snd.wl2 = segment.ack;
  advanceUna(tcb, segment, ctx);
  startTransfer(tcb, segment, ctx.nowUs);
  enterState(tcb, 'ESTABLISHED', ctx, 'syn-sent-established');
  oweAck(tcb, ctx, 'syn-sent-established');
  continueAtSixth(tcb, rest, ctx);
}

/** "If there are other controls or text in the segment, then continue processing at the sixth step". */
function continueAtSixth(tcb: Tcb, arrival: Arrival, ctx: TcpContext): void {
  processUrgent(tcb, arrival, ctx);
  processText(tcb, arrival, ctx);
  processFin(tcb, arrival, ctx);
}
