import type { TcpContext } from './context';
import { nothingOutstanding } from './retransmissionQueue';
import type { Tcb } from './tcb';
import { isSet, startTimer, stopTimer, timerRuns } from './timers';
import { unsentBytes } from './windows';

/** Starts the user timeout for data (or a SYN, a FIN) that now waits for its acknowledgment (RFC 9293 section 3.9.1.1), unless it runs. */
export function startUserTimer(tcb: Tcb, ctx: TcpContext): void {
  if (tcb.config.userTimeoutSinceResend && tcb.state !== 'SYN-SENT') return;
  watchUser(tcb, ctx);
}

/** What waits has had to be sent again, or asked about: from here on the user timeout counts where it does not from the SEND. */
export function userWaits(tcb: Tcb, ctx: TcpContext): void {
  if (tcb.config.userTimeoutSinceResend) watchUser(tcb, ctx);
}

function watchUser(tcb: Tcb, ctx: TcpContext): void {
  const { userTimeoutUs } = tcb.preferences;
  const openUs = tcb.state === 'SYN-SENT' ? tcb.config.openTimeoutUs : null;
  if (timerRuns(tcb, 'user')) return;
  if (openUs !== null && openUs <= (userTimeoutUs ?? openUs)) startTimer(tcb, 'user', openUs, ctx, 'open-timer-start');
  else if (userTimeoutUs !== null) startTimer(tcb, 'user', userTimeoutUs, ctx, 'user-timer-start');
}

/** Something was acknowledged: the timeout starts again for what is left, or stops when nothing is. */
export function advanceUserTimer(tcb: Tcb, ctx: TcpContext): void {
  if (isSet(tcb.timers.user)) restartUserTimer(tcb, ctx);
}

function restartUserTimer(tcb: Tcb, ctx: TcpContext): void {
  const done = nothingOutstanding(tcb.retransmissionQueue) && unsentBytes(tcb) === 0 && tcb.owed.fin === null;
  const { userTimeoutUs } = tcb.preferences;
  if (done || userTimeoutUs === null || tcb.config.userTimeoutSinceResend)
    stopTimer(tcb, 'user', ctx, 'user-timer-stop');
  else startTimer(tcb, 'user', userTimeoutUs, ctx, 'user-timer-start');
}
