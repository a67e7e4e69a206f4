import type { Seq } from '../seq';
import { seqAdd, seqDiff, seqGeq, seqGt } from '../seq';
import type { TcpContext } from './context';
import type { Tcb } from './tcb';
import { signalUser } from './trace';

/** The number of the next octet that the application will read. */
function nextToRead(tcb: Tcb): Seq {
  return seqAdd(tcb.rcv.nxt, -tcb.receiveBuffer.bytes);
}

/**
 * RCV.UP has moved ahead: the application is told when that is ahead of what it has read, also when urgent data waits
 * already (RFC 9293 section 3.8.5, MUST-32).
 */
export function announceUrgent(tcb: Tcb, ctx: TcpContext): void {
  if (!seqGt(tcb.rcv.up, nextToRead(tcb))) return;
  tcb.rcv.urgentEnd = tcb.rcv.up;
  signalUser(tcb, 'urgent data', ctx, 'urgent-signal');
}

/** The application has read: it is told when it is past the urgent data (RFC 9293 section 3.8.5, MUST-33). */
export function leaveUrgent(tcb: Tcb, ctx: TcpContext): void {
  const { urgentEnd } = tcb.rcv;
  if (urgentEnd === null || !seqGeq(nextToRead(tcb), urgentEnd)) return;
  tcb.rcv.urgentEnd = null;
  signalUser(tcb, 'end of urgent data', ctx, 'urgent-read');
}

/** How many octets the application has still to read up to the end of the urgent data; 0 when there is none (MUST-33). */
export function urgentUnreadBytes(tcb: Tcb): number {
  const { urgentEnd } = tcb.rcv;
  return urgentEnd === null ? 0 : Math.max(0, seqDiff(urgentEnd, nextToRead(tcb)));
}
