import type { Seq } from '../seq';
import { seqAdd, seqDiff, seqGeq, seqGt, seqMax } from '../seq';
import type { TcpContext } from './context';
import type { Tcb } from './tcb';
import { signalUser } from './trace';

/** The number of the next octet that the application will read; a FIN that has arrived is none. */
function nextToRead({ rcv, receiveBuffer }: Tcb): Seq {
  const end = rcv.fin !== null && seqGt(rcv.nxt, rcv.fin) ? rcv.fin : rcv.nxt;
  return seqAdd(end, -receiveBuffer.bytes);
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

/** RCV.UP stays at the end of urgent data that is not read; without any it goes along with RCV.NXT, so that it is never too old to compare. */
export function followUrgent({ rcv }: Tcb): void {
  if (rcv.urgentEnd === null) rcv.up = seqMax(rcv.up, rcv.nxt);
}

/** The application has read: it is told when it is past the urgent data (RFC 9293 section 3.8.5, MUST-33). */
export function leaveUrgent(tcb: Tcb, ctx: TcpContext): void {
  const { urgentEnd } = tcb.rcv;
  if (urgentEnd === null || !seqGeq(nextToRead(tcb), urgentEnd)) return;
  tcb.rcv.urgentEnd = null;
  followUrgent(tcb);
  signalUser(tcb, 'end of urgent data', ctx, 'urgent-read');
}

/** How many octets the application has still to read up to the end of the urgent data; 0 when there is none (MUST-33). */
export function urgentUnreadBytes(tcb: Tcb): number {
  const { urgentEnd } = tcb.rcv;
  return urgentEnd === null ? 0 : Math.max(0, seqDiff(urgentEnd, nextToRead(tcb)));
}
