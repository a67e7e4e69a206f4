import type { SegmentId } from '../events';
import type { Segment } from '../segment';
import { FLAG, segLen } from '../segment';
import { inWindow, seqAdd, seqLt, seqMin } from '../seq';
import { startQuickAcks } from './ackPacing';
import type { Arrival } from './arrival';
import { afterSyn, isNext, trimToWindow, whole, withoutText } from './arrival';
import { checkAck } from './arrivesAck';
import { arrivesBriefly } from './arrivesBriefly';
import { processFin, processText, processUrgent } from './arrivesText';
import type { TcpContext } from './context';
import { causeOf } from './context';
import { takeEcn } from './ecn';
import { deleteTcb, returnToListen } from './lifecycle';
import { reopen, reopens } from './reopen';
import { dropAndChallenge, oweAck, replyReset } from './replies';
import { noteDuplicate } from './selectiveAcks';
import type { Tcb } from './tcb';
import { startTimer } from './timers';
import { updateRecent, withTimestamp } from './timestamps';
import { discard, signalUser } from './trace';

/** 3.10.7.4 Other States: the eight checks in their order; one that ends the processing returns null or false. */
export function arrivesSynchronized(tcb: Tcb, segment: Segment, id: SegmentId, ctx: TcpContext): void {
  if (tcb.state === 'TIME-WAIT' && reopens(tcb, segment)) {
    reopen(tcb, segment, id, ctx);
    return;
  }
  if (arrivesBriefly(tcb, segment, id, ctx)) return;
  if (tcb.config.needsAckFirst && !isRequest(tcb) && (segment.flags & (FLAG.ACK | FLAG.SYN | FLAG.RST)) === 0) {
    discard(tcb, id, ctx, 'no-ack-dropped');
    return;
  }
  if (!withTimestamp(tcb, segment, id, ctx)) return;
  const arrival = checkSequence(tcb, segment, id, ctx);
  if (arrival === null) return;
  updateRecent(tcb, segment, ctx);
  if (!checkReset(tcb, arrival, ctx)) return;
  // Third, check security: no segment carries a level or compartment, so none can mismatch (RFC 9293 appendix A.1).
  if (!checkSyn(tcb, arrival, ctx)) return;
  if (!checkAck(tcb, arrival, ctx)) return;
  takeEcn(tcb, segment, ctx);
  processUrgent(tcb, arrival, ctx);
  processText(tcb, arrival, ctx);
  processFin(tcb, arrival, ctx);
}

/** A passive OPEN whose handshake is not over. */
function isRequest(tcb: Tcb): boolean {
  return tcb.state === 'SYN-RECEIVED' && tcb.origin === 'passive';
}

/** First, check sequence number: the four cases of table 6, and what is new and inside the window. */
function checkSequence(tcb: Tcb, segment: Segment, id: SegmentId, ctx: TcpContext): Arrival | null {
  if (isNext(tcb, segment)) return whole(segment, id);
  if (isHandshakeCopy(tcb, segment)) return handshakeCopy(tcb, segment, id, ctx);
  return acceptable(tcb, segment) ? trimToWindow(tcb, segment, id) : unacceptable(tcb, segment, id, ctx);
}

/** "If an incoming segment is not acceptable, an acknowledgment should be sent in reply (unless the RST bit is set [...])." */
function unacceptable(tcb: Tcb, segment: Segment, id: SegmentId, ctx: TcpContext): Arrival | null {
  if ((segment.flags & FLAG.RST) !== 0) {
    discard(tcb, id, ctx, 'reset-outside-window');
    return null;
  }
  // "If the RCV.WND is zero, [...] special allowance should be made to accept valid ACKs, URGs, and RSTs" (MUST-66).
  if (tcb.rcv.wnd === 0 && segment.seq === tcb.rcv.nxt) {
    oweAck(tcb, ctx, 'closed-window-ack');
    return withoutText(segment, id);
  }
  if (segLen(segment) > 0 && seqLt(segment.seq, tcb.rcv.nxt)) startQuickAcks(tcb, tcb.config.quickAcks);
  const owed = dropAndChallenge(tcb, segment, id, ctx, 'unacceptable-ack');
  if (owed && (segment.flags & FLAG.SYN) === 0)
    noteDuplicate(tcb, segment.seq, seqMin(seqAdd(segment.seq, segLen(segment)), tcb.rcv.nxt));
  if (tcb.state === 'TIME-WAIT') restartTimeWait(tcb, segment, ctx);
  return null;
}

/** Table 6. A RST counts by its own number alone, whatever text it carries (SHLD-2). */
function acceptable(tcb: Tcb, segment: Segment): boolean {
  const { nxt, wnd } = tcb.rcv;
  if ((segment.flags & FLAG.RST) !== 0) return inWindow(segment.seq, nxt, wnd === 0 ? 2 : wnd);
  const lengthBytes = segLen(segment);
  if (lengthBytes === 0) return inWindow(segment.seq, nxt, emptySegmentSpan(wnd));
  return wnd > 0 && (inWindow(segment.seq, nxt, wnd) || inWindow(seqAdd(segment.seq, lengthBytes - 1), nxt, wnd));
}

/**
 * How many numbers from RCV.NXT on a segment without text may have. Table 6 ends at the window's edge, but there stands
 * SND.NXT of a remote TCP that has filled the window, or one octet beyond when it has probed a closed one: two sides in
 * that state would reject each other's ACKs for ever, and answer each with another (RFC 9293 appendix A.2). So "special
 * allowance" is made for these.
 */
function emptySegmentSpan(wndBytes: number): number {
  return Math.max(wndBytes, 1) + 1;
}

/** In SYN-RECEIVED, the SYN that was taken in has come once more. */
function isHandshakeCopy(tcb: Tcb, segment: Segment): boolean {
  return (
    tcb.state === 'SYN-RECEIVED' && segment.seq === tcb.irs && (segment.flags & (FLAG.SYN | FLAG.RST)) === FLAG.SYN
  );
}

/**
 * With an ACK it is the SYN-ACK of a simultaneous open (RFC 9293 section 3.5, figure 8): the old SYN is trimmed off, and
 * the ACK is processed. Without one the remote TCP has not heard our SYN-ACK: the acknowledgment that table 6 asks for
 * is the SYN-ACK itself, which is at the front of the retransmission queue.
 */
function handshakeCopy(tcb: Tcb, segment: Segment, id: SegmentId, ctx: TcpContext): Arrival | null {
  if ((segment.flags & FLAG.ACK) !== 0) {
    noteDuplicate(tcb, segment.seq, tcb.rcv.nxt);
    oweAck(tcb, ctx, 'duplicate-syn-ack');
    return afterSyn(tcb, segment, id);
  }
  discard(tcb, id, ctx, 'duplicate-syn');
  if (tcb.owed.syn !== null) return null;
  tcb.owed.retransmission = causeOf(ctx, 'duplicate-syn');
  startTimer(tcb, 'retransmission', tcb.rto.rtoUs, ctx, 'rto-start');
  return null;
}

/** Fifth check, TIME-WAIT: "The only thing that can arrive in this state is a retransmission of the remote FIN." It is never inside the window. */
function restartTimeWait(tcb: Tcb, segment: Segment, ctx: TcpContext): void {
  const isFin = (segment.flags & FLAG.FIN) !== 0 && seqAdd(segment.seq, segLen(segment)) === tcb.rcv.nxt;
  if (isFin) startTimer(tcb, 'time-wait', 2 * tcb.config.mslUs, ctx, 'time-wait-restart');
}

/** Second, check the RST bit, with the three checks of RFC 5961 section 3. */
function checkReset(tcb: Tcb, arrival: Arrival, ctx: TcpContext): boolean {
  if ((arrival.segment.flags & FLAG.RST) === 0) return true;
  takeReset(tcb, arrival, ctx);
  return false;
}

function takeReset(tcb: Tcb, { segment, id }: Arrival, ctx: TcpContext): void {
  if (tcb.state === 'TIME-WAIT' && tcb.config.timeWaitIgnoresReset) {
    discard(tcb, id, ctx, 'time-wait-ignores-reset');
    return;
  }
  if (segment.seq === tcb.rcv.nxt) {
    resetConnection(tcb, ctx);
    return;
  }
  dropAndChallenge(tcb, segment, id, ctx, 'reset-challenge-ack');
}

/** What an exact RST does in each state. */
function resetConnection(tcb: Tcb, ctx: TcpContext): void {
  switch (tcb.state) {
    case 'SYN-RECEIVED':
      resetSynReceived(tcb, ctx);
      return;
    case 'CLOSING':
    case 'LAST-ACK':
    case 'TIME-WAIT':
      deleteTcb(tcb, 'connection reset', ctx, 'reset-closing');
      return;
    default:
      signalUser(tcb, 'connection reset', ctx, 'reset-connection');
      deleteTcb(tcb, 'connection reset', ctx, 'reset-connection');
  }
}

function resetSynReceived(tcb: Tcb, ctx: TcpContext): void {
  if (tcb.origin === 'passive') {
    returnToListen(tcb, ctx, 'reset-to-listen');
    return;
  }
  signalUser(tcb, 'connection refused', ctx, 'reset-refused');
  deleteTcb(tcb, 'connection refused', ctx, 'reset-refused');
}

/** Fourth, check the SYN bit, with the challenge ACK of RFC 5961 section 4. */
function checkSyn(tcb: Tcb, arrival: Arrival, ctx: TcpContext): boolean {
  if ((arrival.flags & FLAG.SYN) === 0) return true;
  refuseSyn(tcb, arrival, ctx);
  return false;
}

/** A SYN inside the window of a connection that has had its SYN. */
function refuseSyn(tcb: Tcb, arrival: Arrival, ctx: TcpContext): void {
  if (tcb.state === 'SYN-RECEIVED' && tcb.origin === 'passive') {
    discard(tcb, arrival.id, ctx, 'syn-to-listen');
    if (tcb.config.resetsNewSyn) replyReset(tcb, arrival.segment, ctx, 'syn-to-listen');
    returnToListen(tcb, ctx, 'syn-to-listen');
    return;
  }
  dropAndChallenge(tcb, arrival.segment, arrival.id, ctx, 'syn-challenge-ack');
}
