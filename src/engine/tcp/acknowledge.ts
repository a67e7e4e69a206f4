import type { RuleId } from '../rules';
import { ackDelayUs, acksAtOnce, acksDrained, pacesAcks } from './ackPacing';
import type { TcpContext } from './context';
import { oweAck } from './replies';
import type { Tcb } from './tcb';
import { startTimer, timerRuns } from './timers';

/**
 * Owes the ACK of `lengthBytes` octets that arrived in order: at once, or with delayed ACKs when two full segments have
 * come or the delay is over (RFC 9293 section 3.8.6.3, SHLD-18 and SHLD-19).
 */
export function acknowledgeData(
  tcb: Tcb,
  lengthBytes: number,
  gapFilled: boolean,
  ctx: TcpContext,
  rule: RuleId,
): void {
  const { delayedAckUs } = tcb.preferences;
  tcb.rcv.unackedBytes += lengthBytes;
  if (delayedAckUs === null || gapFilled) oweAck(tcb, ctx, rule);
  else if (pacesAcks(tcb)) acknowledgeAtPace(tcb, ctx);
  else if (tcb.rcv.unackedBytes >= 2 * tcb.config.mssBytes) oweAck(tcb, ctx, 'ack-second-segment');
  else delayAck(tcb, delayedAckUs, ctx);
}

function acknowledgeAtPace(tcb: Tcb, ctx: TcpContext): void {
  if (!acksAtOnce(tcb)) delayAck(tcb, ackDelayUs(tcb), ctx);
  else if (tcb.rcv.unackedBytes > tcb.pace.fullBytes) oweAck(tcb, ctx, 'ack-second-segment');
  else oweAck(tcb, ctx, 'ack-quick');
}

function delayAck(tcb: Tcb, delayUs: number, ctx: TcpContext): void {
  if (!timerRuns(tcb, 'delayed-ack')) startTimer(tcb, 'delayed-ack', delayUs, ctx, 'delayed-ack-start');
}

/** The least delay that a timer of such a TCP can have: it counts in ticks. */
const TICK_US = 3_000;

/**
 * Owes the ACK of the remote FIN. Where ACKs are paced, one that opens CLOSE-WAIT may wait for the application to close as
 * well; the ACKs of the other FINs answer a close and leave at once.
 */
export function acknowledgeFin(tcb: Tcb, ctx: TcpContext): void {
  if (!pacesAcks(tcb) || tcb.state !== 'ESTABLISHED') {
    oweAck(tcb, ctx, 'fin-acknowledged');
    return;
  }
  tcb.pace.dialogue = true;
  if (tcb.owed.ack !== null) return;
  delayAck(tcb, Math.max(ackDelayUs(tcb), TICK_US), ctx);
}

/** The application has read: an ACK that was held back for it may leave. */
export function acknowledgeRead(tcb: Tcb, ctx: TcpContext): void {
  if (acksDrained(tcb)) oweAck(tcb, ctx, 'ack-drained');
}
