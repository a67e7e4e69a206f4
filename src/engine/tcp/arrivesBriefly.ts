import type { SegmentId } from '../events';
import { octetsLength } from '../octets';
import type { RuleId } from '../rules';
import type { Segment } from '../segment';
import { FLAG, segLen } from '../segment';
import type { Seq } from '../seq';
import { seqAdd, seqGeq, seqGt, seqLt } from '../seq';
import type { TcpContext } from './context';
import { deleteTcb } from './lifecycle';
import { dropAndChallenge, oweAck, oweChallengeAck, replyReset } from './replies';
import type { Tcb } from './tcb';
import { startTimer } from './timers';
import { timestampIsOld, updateRecent } from './timestamps';
import { enterTimeWait } from './timeWait';
import { discard, note } from './trace';

/**
 * Some TCPs keep no whole connection where little is needed (HostConfig `briefRecords`): before a passive handshake is over,
 * in TIME-WAIT, and in FIN-WAIT-2 once the application has closed the whole socket. What they keep looks at less than
 * RFC 9293 section 3.10.7.4 asks for, and in another order (Linux: tcp_check_req, tcp_timewait_state_process).
 */

/** A segment of such a connection: true when it has been dealt with, false to go on with the eight checks. */
export function arrivesBriefly(tcb: Tcb, segment: Segment, id: SegmentId, ctx: TcpContext): boolean {
  if (!tcb.config.briefRecords) return false;
  switch (tcb.state) {
    case 'SYN-RECEIVED':
      return tcb.origin === 'passive' && checkRequest(tcb, segment, id, ctx);
    case 'FIN-WAIT-2':
      if (!tcb.rcv.closed) return false;
      finWait2(tcb, segment, id, ctx);
      return true;
    case 'TIME-WAIT':
      timeWait(tcb, segment, id, ctx);
      return true;
    default:
      return false;
  }
}

/** Before the handshake is over: the ACK is looked at before the numbers. */
function checkRequest(tcb: Tcb, segment: Segment, id: SegmentId, ctx: TcpContext): boolean {
  const { flags } = segment;
  const isReset = (flags & FLAG.RST) !== 0;
  if (segment.seq === tcb.irs && (flags & (FLAG.SYN | FLAG.ACK | FLAG.RST)) === FLAG.SYN)
    return isLimited(tcb, id, ctx);
  if ((flags & FLAG.ACK) === 0 || segment.ack === tcb.snd.nxt) return false;
  discard(tcb, id, ctx, 'syn-received-bad-ack');
  if (!isReset) replyReset(tcb, segment, ctx, 'syn-received-bad-ack');
  return true;
}

/** The SYN has come once more: it is answered again, but not in a stream (RFC 5961 section 7). */
function isLimited(tcb: Tcb, id: SegmentId, ctx: TcpContext): boolean {
  const soon = ctx.nowUs - tcb.challengedAtUs < tcb.config.invalidAckIntervalUs;
  if (!soon) tcb.challengedAtUs = ctx.nowUs;
  else discard(tcb, id, ctx, 'challenge-limit');
  return soon;
}

/** FIN-WAIT-2 without an application: only the remote FIN is waited for. */
function finWait2(tcb: Tcb, segment: Segment, id: SegmentId, ctx: TcpContext): void {
  const { flags } = segment;
  const end = endOf(segment);
  if (timestampIsOld(tcb, segment) || !meetsWindow(tcb, segment)) {
    dropAndChallenge(tcb, segment, id, ctx, 'unacceptable-ack');
    return;
  }
  if ((flags & FLAG.RST) !== 0) {
    deleteTcb(tcb, 'connection reset', ctx, 'reset-closing');
    return;
  }
  if ((flags & FLAG.SYN) !== 0 && !seqLt(segment.seq, tcb.rcv.nxt)) {
    resetAll(tcb, segment, id, ctx, 'syn-to-brief');
    return;
  }
  if ((flags & FLAG.ACK) === 0 || !seqGt(end, tcb.rcv.nxt) || end === segment.seq) {
    discard(tcb, id, ctx, 'brief-ignores');
    return;
  }
  if ((flags & FLAG.FIN) === 0 || end !== seqAdd(tcb.rcv.nxt, 1)) {
    resetAll(tcb, segment, id, ctx, 'text-after-close');
    return;
  }
  updateRecent(tcb, segment, ctx);
  tcb.rcv.nxt = end;
  oweAck(tcb, ctx, 'fin-acknowledged');
  enterTimeWait(tcb, ctx, 'fin-time-wait');
}

/** TIME-WAIT: what is not just an ACK or a RST at RCV.NXT is answered, and all but a RST or a SYN begins the wait anew. */
function timeWait(tcb: Tcb, segment: Segment, id: SegmentId, ctx: TcpContext): void {
  const { flags } = segment;
  const isReset = (flags & FLAG.RST) !== 0;
  const isOld = timestampIsOld(tcb, segment);
  if (!isOld && segment.seq === tcb.rcv.nxt && (isReset || segLen(segment) === 0)) {
    if (isReset) resetTimeWait(tcb, id, ctx);
    else {
      waitAnew(tcb, ctx);
      updateRecent(tcb, segment, ctx);
      discard(tcb, id, ctx, 'brief-ignores');
    }
    return;
  }
  if (isReset) {
    discard(tcb, id, ctx, 'reset-outside-window');
    return;
  }
  if (octetsLength(segment.payload) > 0) note(tcb, ctx, 'text-after-fin');
  if (isOld || (flags & FLAG.ACK) !== 0) waitAnew(tcb, ctx);
  const isFin = (flags & FLAG.FIN) !== 0 && endOf(segment) === tcb.rcv.nxt;
  if (isFin) {
    discard(tcb, id, ctx, 'time-wait-restart');
    oweChallengeAck(tcb, segment, ctx, 'time-wait-restart');
  } else dropAndChallenge(tcb, segment, id, ctx, 'unacceptable-ack');
}

function waitAnew(tcb: Tcb, ctx: TcpContext): void {
  startTimer(tcb, 'time-wait', 2 * tcb.config.mslUs, ctx, 'time-wait-restart');
}

function resetTimeWait(tcb: Tcb, id: SegmentId, ctx: TcpContext): void {
  if (tcb.config.timeWaitIgnoresReset) discard(tcb, id, ctx, 'time-wait-ignores-reset');
  else deleteTcb(tcb, 'connection reset', ctx, 'reset-closing');
}

function resetAll(tcb: Tcb, segment: Segment, id: SegmentId, ctx: TcpContext, rule: RuleId): void {
  discard(tcb, id, ctx, rule);
  replyReset(tcb, segment, ctx, rule);
  deleteTcb(tcb, 'connection reset', ctx, rule);
}

function endOf(segment: Segment): Seq {
  return seqAdd(segment.seq, segLen(segment));
}

/** Whether some of the segment lies in the window; an empty one may stand at its end (Linux: tcp_in_window). */
function meetsWindow(tcb: Tcb, segment: Segment): boolean {
  const { nxt, wnd } = tcb.rcv;
  const right = seqAdd(nxt, wnd);
  const end = endOf(segment);
  if (segment.seq === nxt) return true;
  if (seqGt(end, nxt) && seqLt(segment.seq, right)) return true;
  return segment.seq === right && end === right && seqGeq(right, nxt);
}
