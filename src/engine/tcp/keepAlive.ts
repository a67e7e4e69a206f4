import { NO_OCTETS, octetsFromText } from '../octets';
import { seqAdd } from '../seq';
import type { TcpState } from '../states';
import type { TcpContext } from './context';
import { causeOf } from './context';
import { deleteTcb, timeoutError } from './lifecycle';
import { replyWith, sendReset } from './replies';
import { nothingOutstanding } from './retransmissionQueue';
import type { Tcb } from './tcb';
import { clearExpired, startTimer, stopTimer, timerRuns } from './timers';
import { signalUser } from './trace';
import { unsentBytes } from './windows';

/** The states in which an idle connection may be probed. */
const PROBED: readonly TcpState[] = ['ESTABLISHED', 'CLOSE-WAIT', 'FIN-WAIT-1', 'FIN-WAIT-2', 'CLOSING', 'LAST-ACK'];

/** The octet that a keep-alive may carry (MAY-6). */
const GARBAGE = octetsFromText('\0');

/** A segment of the connection has arrived: it is alive, and idle from now on. */
export function heardFrom(tcb: Tcb, ctx: TcpContext): void {
  const { keepAliveUs } = tcb.preferences;
  tcb.keepAlive.heardAtUs = ctx.nowUs;
  tcb.keepAlive.heardBy = ctx.trigger;
  tcb.keepAlive.heardLine = ctx.line;
  tcb.keepAlive.probes = 0;
  if (keepAliveUs !== null) watchIdle(tcb, keepAliveUs, ctx);
}

function watchIdle(tcb: Tcb, keepAliveUs: number, ctx: TcpContext): void {
  // A timer that runs already finds out at its end that something was heard.
  if (timerRuns(tcb, 'keep-alive') || !PROBED.includes(tcb.state)) return;
  startTimer(tcb, 'keep-alive', keepAliveUs, ctx, 'keep-alive-start');
}

/** The timer does the work of one that was started as something was heard last: that is why it runs. */
function countFromHeard({ keepAlive, timerStarts }: Tcb): void {
  const { heardAtUs, heardBy, heardLine } = keepAlive;
  if (heardBy === null) return;
  const start = timerStarts['keep-alive'];
  start.atUs = heardAtUs;
  start.trigger = heardBy;
  start.line = heardLine;
}

/** The application changes the idle time, or switches keep-alives on or off (MUST-24); what has been idle so far counts. */
export function setKeepAlive(tcb: Tcb, keepAliveUs: number | null, ctx: TcpContext): void {
  tcb.preferences.keepAliveUs = keepAliveUs;
  tcb.keepAlive.probes = 0;
  if (keepAliveUs === null || !PROBED.includes(tcb.state)) {
    stopTimer(tcb, 'keep-alive', ctx, 'keep-alive-off');
    return;
  }
  const idleUs = ctx.nowUs - tcb.keepAlive.heardAtUs;
  startTimer(tcb, 'keep-alive', Math.max(0, keepAliveUs - idleUs), ctx, 'keep-alive-start');
}

/** The connection may have been idle for long enough to ask whether the other side is still there. */
export function keepAliveTimeout(tcb: Tcb, ctx: TcpContext): void {
  const { keepAliveIntervalUs, keepAliveProbes, keepAliveOctet } = tcb.config;
  const { keepAliveUs } = tcb.preferences;
  if (keepAliveUs === null) {
    clearExpired(tcb, 'keep-alive', ctx, 'keep-alive-off');
    return;
  }
  // "No data or acknowledgment packets have been received [...] within an interval" (MUST-26): what is outstanding asks by itself.
  const busy = !nothingOutstanding(tcb.retransmissionQueue) || unsentBytes(tcb) > 0;
  const idleUs = busy ? 0 : ctx.nowUs - tcb.keepAlive.heardAtUs;
  if (tcb.keepAlive.probes === 0 && idleUs < keepAliveUs) {
    clearExpired(tcb, 'keep-alive', ctx, 'keep-alive-heard');
    startTimer(tcb, 'keep-alive', keepAliveUs - idleUs, ctx, 'keep-alive-start');
    if (!busy) countFromHeard(tcb);
    return;
  }
  const isOver = tcb.keepAlive.probes >= keepAliveProbes;
  clearExpired(tcb, 'keep-alive', ctx, isOver ? 'keep-alive-over' : 'keep-alive-timeout');
  if (isOver) {
    sendReset(tcb, ctx, 'keep-alive-over');
    const error = timeoutError(tcb);
    signalUser(tcb, error, ctx, 'keep-alive-over');
    deleteTcb(tcb, error, ctx, 'keep-alive-over');
    return;
  }
  tcb.keepAlive.probes++;
  tcb.counters.probesSent++;
  const payload = keepAliveOctet ? GARBAGE : NO_OCTETS;
  replyWith(tcb, seqAdd(tcb.snd.nxt, -1), payload, causeOf(ctx, 'keep-alive-timeout'), ctx);
  startTimer(tcb, 'keep-alive', keepAliveIntervalUs, ctx, 'keep-alive-start');
}
