import type { RuleId } from '../rules';
import { ackDelayUs, acksAtOnce, acksDrained, joinGapAck, pacesAcks, readingOpens } from './ackPacing';
import type { TcpContext } from './context';
import { WAKING_US } from './receiveMemory';
import { oweAck } from './replies';
import type { Tcb } from './tcb';
import { isSet, startTimer } from './timers';

/**
 * Owes the ACK of octets that arrived in order (RCV.NXT has moved): at once, or with delayed ACKs when two full segments have
 * come or the delay is over (RFC 9293 section 3.8.6.3, SHLD-18 and SHLD-19).
 */
export function acknowledgeData(tcb: Tcb, gapFilled: boolean, ctx: TcpContext, rule: RuleId): void {
  const { delayedAckUs } = tcb.preferences;
  if (delayedAckUs === null || gapFilled) oweAck(tcb, ctx, rule);
  else if (pacesAcks(tcb)) acknowledgeAtPace(tcb, ctx);
  else if (tcb.rcv.unackedBytes >= 2 * tcb.config.mssBytes) oweAck(tcb, ctx, 'ack-second-segment');
  else delayAck(tcb, delayedAckUs, ctx);
}

function acknowledgeAtPace(tcb: Tcb, ctx: TcpContext): void {
  if (!acksAtOnce(tcb)) delayPacedAck(tcb, ctx);
  else if (tcb.rcv.unackedBytes > tcb.pace.fullBytes) oweAck(tcb, ctx, 'ack-second-segment');
  else oweAck(tcb, ctx, 'ack-quick');
}

/** An ACK whose delay is nearly over, as the present pace has it, leaves now (Linux: tcp_send_delayed_ack). */
function delayPacedAck(tcb: Tcb, ctx: TcpContext): void {
  if (tcb.pace.forReader) return;
  const delayUs = ackDelayUs(tcb);
  const atUs = tcb.timers['delayed-ack'];
  if (atUs <= ctx.nowUs + delayUs / 4) oweAck(tcb, ctx, 'ack-delay-nearly-over');
  else delayAck(tcb, delayUs, ctx, ctx.nowUs + delayUs < atUs);
}

/** Owes the ACK of a segment above a gap: at once (RFC 5681 section 4.2), or joined with others of its kind. */
export function acknowledgeHeld(tcb: Tcb, ctx: TcpContext): void {
  const waitUs = joinGapAck(tcb);
  if (waitUs === null) oweAck(tcb, ctx, 'text-out-of-order');
  else if (tcb.pace.joined === 1) delayAck(tcb, waitUs, ctx, ctx.nowUs + waitUs < tcb.timers['delayed-ack']);
}

function delayAck(tcb: Tcb, delayUs: number, ctx: TcpContext, sooner = false): void {
  if (sooner || !isSet(tcb.timers['delayed-ack'])) startTimer(tcb, 'delayed-ack', delayUs, ctx, 'delayed-ack-start');
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

/** The application has read as data came; once it has run, the remote TCP should hear of a window that this has opened. */
export function announceOpened(tcb: Tcb, ctx: TcpContext): void {
  if (tcb.owed.ack !== null || !readingOpens(tcb)) return;
  if (tcb.timers['delayed-ack'] <= ctx.nowUs + WAKING_US) return;
  tcb.pace.forReader = true;
  delayAck(tcb, WAKING_US, ctx, true);
}
