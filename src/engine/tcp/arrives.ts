import type { SegmentId } from '../events';
import type { Endpoint, Segment } from '../segment';
import { FLAG } from '../segment';
import { afterSyn } from './arrival';
import { arrivesSynchronized } from './arrivesSynchronized';
import { arrivesSynSent } from './arrivesSynSent';
import { queueForLater } from './arrivesText';
import type { TcpContext } from './context';
import { causeOf } from './context';
import { startSequence, takeSyn } from './lifecycle';
import { startWindow } from './receiveMemory';
import { replyReset } from './replies';
import type { Tcb } from './tcb';
import { discard, enterState } from './trace';

/** SEGMENT ARRIVES (RFC 9293 section 3.10.7): its four parts. */
export function arrives(tcb: Tcb, segment: Segment, id: SegmentId, ctx: TcpContext): void {
  if (!isForThis(tcb, segment)) {
    arrivesClosed(tcb, segment, id, ctx);
    return;
  }
  switch (tcb.state) {
    case 'CLOSED':
      arrivesClosed(tcb, segment, id, ctx);
      return;
    case 'LISTEN':
      arrivesListen(tcb, segment, id, ctx);
      return;
    case 'SYN-SENT':
      arrivesSynSent(tcb, segment, id, ctx);
      return;
    default:
      arrivesSynchronized(tcb, segment, id, ctx);
  }
}

function isForThis(tcb: Tcb, segment: Segment): boolean {
  if (!sameSocket(tcb.local, segment.destination)) return false;
  return tcb.remote === null || sameSocket(tcb.remote, segment.source);
}

function sameSocket(a: Endpoint, b: Endpoint): boolean {
  return a.port === b.port && a.address === b.address;
}

/** 3.10.7.1 CLOSED STATE: "An incoming segment not containing a RST causes a RST to be sent in response." */
function arrivesClosed(tcb: Tcb, segment: Segment, id: SegmentId, ctx: TcpContext): void {
  if ((segment.flags & FLAG.RST) !== 0) {
    discard(tcb, id, ctx, 'closed-ignores-reset');
    return;
  }
  discard(tcb, id, ctx, 'closed-answers-reset');
  replyReset(tcb, segment, ctx, 'closed-answers-reset');
}

/** 3.10.7.2 LISTEN STATE. */
function arrivesListen(tcb: Tcb, segment: Segment, id: SegmentId, ctx: TcpContext): void {
  // First, check for a RST.
  if ((segment.flags & FLAG.RST) !== 0) {
    discard(tcb, id, ctx, 'listen-ignores-reset');
    return;
  }
  // Second, check for an ACK.
  if ((segment.flags & FLAG.ACK) !== 0) {
    discard(tcb, id, ctx, 'listen-ack-reset');
    replyReset(tcb, segment, ctx, 'listen-ack-reset');
    return;
  }
  // Third, check for a SYN. No segment carries a security level or compartment, so none can mismatch (RFC 9293 appendix A.1).
  if ((segment.flags & FLAG.SYN) !== 0) {
    listenSyn(tcb, segment, id, ctx);
    return;
  }
  // Fourth, other data or control.
  discard(tcb, id, ctx, 'listen-drops-other');
}

function listenSyn(tcb: Tcb, segment: Segment, id: SegmentId, ctx: TcpContext): void {
  tcb.remote = segment.source;
  startSequence(tcb, ctx);
  takeSyn(tcb, segment, ctx.nowUs);
  startWindow(tcb);
  tcb.owed.syn = causeOf(ctx, 'listen-syn');
  enterState(tcb, 'SYN-RECEIVED', ctx, 'listen-syn');
  queueForLater(tcb, afterSyn(tcb, segment, id), ctx);
}
