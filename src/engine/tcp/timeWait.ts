import type { RuleId } from '../rules';
import type { TcpContext } from './context';
import type { Tcb } from './tcb';
import { startTimer, stopTimers } from './timers';
import { enterState } from './trace';

/** Enters TIME-WAIT: "start the time-wait timer, turn off the other timers" (RFC 9293 section 3.10.7.4, eighth; MUST-13). */
export function enterTimeWait(tcb: Tcb, ctx: TcpContext, rule: RuleId): void {
  enterState(tcb, 'TIME-WAIT', ctx, rule);
  stopTimers(tcb, ctx, rule, 'time-wait');
  startTimer(tcb, 'time-wait', 2 * tcb.config.mslUs, ctx, 'time-wait-start');
}

/** Nobody reads any more, so FIN-WAIT-2 does not last for ever (RFC 9293 section 3.6.1 leaves the bound to the TCP). */
export function boundFinWait2(tcb: Tcb, ctx: TcpContext): void {
  const { finWait2Us } = tcb.config;
  if (tcb.state !== 'FIN-WAIT-2' || !tcb.rcv.closed || finWait2Us === null) return;
  startTimer(tcb, 'time-wait', finWait2Us, ctx, 'fin-wait-2-bound');
}
