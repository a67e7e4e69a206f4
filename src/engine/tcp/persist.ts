import type { TcpContext } from './context';
import { nothingOutstanding } from './retransmissionQueue';
import { persistUs } from './rto';
import type { Tcb } from './tcb';
import { isSet, startTimer, stopTimer, timerRuns } from './timers';
import { finMayGo, maySendData, sendableBytes, unsentBytes, usableWindow } from './windows';

/** The longest override timeout of silly window avoidance, in microseconds: 0.1 to 1.0 seconds (RFC 9293 section 3.8.6.2.1). */
const OVERRIDE_US = 1_000_000;

/**
 * Keeps the persist timer right after every event: it runs exactly while something waits to be sent, nothing is on its way
 * whose ACK could open the window (a window probe does not count), and the window or silly window avoidance forbids to
 * send (RFC 9293 section 3.8.6.1; section 3.8.6.2.1 rule (4)).
 */
export function updatePersist(tcb: Tcb, ctx: TcpContext): void {
  if (isStuck(tcb)) keepProbing(tcb, ctx);
  else if (isSet(tcb.timers.persist)) stopTimer(tcb, 'persist', ctx, 'persist-stop');
}

function keepProbing(tcb: Tcb, ctx: TcpContext): void {
  const longestUs = usableWindow(tcb) > 0 ? OVERRIDE_US : Number.POSITIVE_INFINITY;
  if (timerRuns(tcb, 'persist') && tcb.timers.persist <= ctx.nowUs + longestUs) return;
  const waitUs = Math.min(longestUs, persistUs(tcb.rto, tcb.config));
  startTimer(tcb, 'persist', waitUs, ctx, 'persist-start');
}

/** The answer to a probe that asks without data: from here on the next interval counts, as long as the window stays closed. */
export function probeAnswered(tcb: Tcb, ctx: TcpContext): void {
  if (tcb.config.probeForm !== 'below-una' || tcb.rto.probes === 0 || !timerRuns(tcb, 'persist')) return;
  startTimer(tcb, 'persist', persistUs(tcb.rto, tcb.config), ctx, 'persist-start');
}

function isStuck(tcb: Tcb): boolean {
  if (!maySendData(tcb) || tcb.owed.probe !== null) return false;
  const { probes } = tcb.rto;
  const idle = nothingOutstanding(tcb.retransmissionQueue);
  if (!idle) return probes > 0;
  const waits = unsentBytes(tcb) > 0 || tcb.owed.fin !== null;
  return waits && sendableBytes(tcb) === 0 && !finMayGo(tcb);
}
