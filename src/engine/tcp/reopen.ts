import type { SegmentId } from '../events';
import type { Segment } from '../segment';
import { FLAG } from '../segment';
import { seqGt } from '../seq';
import { afterSyn } from './arrival';
import { queueForLater } from './arrivesText';
import type { TcpContext } from './context';
import { causeOf } from './context';
import { freshTcb, startSequence, takeSyn } from './lifecycle';
import { startWindow } from './receiveMemory';
import type { Tcb } from './tcb';
import { stopTimers } from './timers';
import { enterState } from './trace';
import { windowsBeginAnew } from './windowTrace';

/**
 * Whether a SYN that arrives in TIME-WAIT is surely newer than the old connection: by its sequence number, or by its
 * timestamp (RFC 9293 section 3.6.1, MAY-2; RFC 6191 section 2).
 */
export function reopens(tcb: Tcb, segment: Segment): boolean {
  if (!tcb.config.timeWaitReuse || (segment.flags & (FLAG.SYN | FLAG.ACK | FLAG.RST)) !== FLAG.SYN) return false;
  const { tsRecent, timestamps } = tcb.options;
  const { ts } = segment.options;
  if (timestamps && ts !== undefined && tsRecent !== null && ts[0] !== tsRecent) return ((ts[0] - tsRecent) | 0) > 0;
  return seqGt(segment.seq, tcb.rcv.nxt);
}

/** The new connection takes the place of the old one, with an ISN beyond all that the old one used (isn.ts). */
export function reopen(tcb: Tcb, segment: Segment, id: SegmentId, ctx: TcpContext): void {
  const { remote } = tcb;
  stopTimers(tcb, ctx, 'time-wait-reopen');
  freshTcb(tcb);
  tcb.origin = 'passive';
  tcb.remote = remote;
  startSequence(tcb, ctx);
  takeSyn(tcb, segment, ctx.nowUs);
  startWindow(tcb);
  windowsBeginAnew(tcb, ctx, 'time-wait-reopen');
  tcb.owed.syn = causeOf(ctx, 'time-wait-reopen');
  enterState(tcb, 'SYN-RECEIVED', ctx, 'time-wait-reopen');
  queueForLater(tcb, afterSyn(tcb, segment, id), ctx);
}
