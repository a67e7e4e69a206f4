import { seqAdd } from '../seq';
import type { TcpState } from '../states';
import type { TcpContext } from './context';
import { causeOf } from './context';
import { deleteTcb } from './lifecycle';
import { replyEmpty, sendReset } from './replies';
import { nothingOutstanding } from './retransmissionQueue';
import type { Tcb } from './tcb';
import { clearExpired, startTimer, timerRuns } from './timers';
import { signalUser } from './trace';
import { unsentBytes } from './windows';

/** The states in which an idle connection may be probed. */
const PROBED: readonly TcpState[] = ['ESTABLISHED', 'CLOSE-WAIT', 'FIN-WAIT-1', 'FIN-WAIT-2', 'CLOSING', 'LAST-ACK'];

/** A segment of the connection has arrived: it is alive, and idle from now on. */
export function heardFrom(tcb: Tcb, ctx: TcpContext): void {
  const { keepAliveUs } = tcb.config;
  if (keepAliveUs === null || !PROBED.includes(tcb.state)) return;
  tcb.keepAlive.heardAtUs = ctx.nowUs;
  tcb.keepAlive.probes = 0;
  // A timer that runs already finds out at its end that something was heard.
  if (!timerRuns(tcb, 'keep-alive')) startTimer(tcb, 'keep-alive', keepAliveUs, ctx, 'keep-alive-start');
}

/** The connection may have been idle for long enough to ask whether the other side is still there. */
export function keepAliveTimeout(tcb: Tcb, ctx: TcpContext): void {
  const { keepAliveUs, keepAliveIntervalUs, keepAliveProbes } = tcb.config;
  clearExpired(tcb, 'keep-alive', ctx, 'keep-alive-timeout');
  if (keepAliveUs === null) return;
  // "No data or acknowledgment packets have been received [...] within an interval" (MUST-26): what is outstanding asks by itself.
  const busy = !nothingOutstanding(tcb.retransmissionQueue) || unsentBytes(tcb) > 0;
  const idleUs = busy ? 0 : ctx.nowUs - tcb.keepAlive.heardAtUs;
  if (tcb.keepAlive.probes === 0 && idleUs < keepAliveUs) {
    startTimer(tcb, 'keep-alive', keepAliveUs - idleUs, ctx, 'keep-alive-start');
    return;
  }
  if (tcb.keepAlive.probes >= keepAliveProbes) {
    sendReset(tcb, ctx, 'keep-alive-over');
    signalUser(tcb, 'connection aborted due to user timeout', ctx, 'keep-alive-over');
    deleteTcb(tcb, 'connection aborted due to user timeout', ctx, 'keep-alive-over');
    return;
  }
  tcb.keepAlive.probes++;
  tcb.counters.probesSent++;
  replyEmpty(tcb, seqAdd(tcb.snd.nxt, -1), causeOf(ctx, 'keep-alive-timeout'), ctx);
  startTimer(tcb, 'keep-alive', keepAliveIntervalUs, ctx, 'keep-alive-start');
}
