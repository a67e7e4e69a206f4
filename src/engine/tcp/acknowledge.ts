import type { RuleId } from '../rules';
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
  else if (tcb.rcv.unackedBytes >= 2 * tcb.config.mssBytes) oweAck(tcb, ctx, 'ack-second-segment');
  else if (!timerRuns(tcb, 'delayed-ack')) startTimer(tcb, 'delayed-ack', delayedAckUs, ctx, 'delayed-ack-start');
}
