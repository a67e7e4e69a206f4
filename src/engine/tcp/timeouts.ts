import type { TimerName } from '../events';
import { FLAG } from '../segment';
import { seqAdd } from '../seq';
import { paceDelayOver, readingRule } from './ackPacing';
import type { TcpContext } from './context';
import { causeOf } from './context';
import { dataRetries, synTriedEnough, triedEnough } from './giveUp';
import { keepAliveTimeout } from './keepAlive';
import { deleteTcb, returnToListen, timeoutError } from './lifecycle';
import { fullSegmentBytes } from './options';
import { enterRecovery } from './recovery/acks';
import { markOutdated } from './recovery/detect';
import { enterLoss } from './recovery/loss';
import { reduceProportionally } from './recovery/reduce';
import { pipeBytes } from './recovery/state';
import { oweAck, replyEmpty } from './replies';
import { front } from './retransmissionQueue';
import { backOff, stopTiming } from './rto';
import type { Tcb } from './tcb';
import { clearExpired, startTimer } from './timers';
import { reportError, signalUser } from './trace';
import { userWaits } from './userTimer';
import { unsentBytes, usableWindow } from './windows';

/** R1: how many retransmissions of a segment are a sign of trouble (RFC 9293 section 3.8.3, SHLD-10). */
const R1 = 3;

/** What the end of each timer does. */
const TIMEOUTS: Readonly<Record<TimerName, (tcb: Tcb, ctx: TcpContext) => void>> = {
  user: userTimeout,
  retransmission: retransmissionTimeout,
  'time-wait': timeWaitTimeout,
  persist: persistTimeout,
  'delayed-ack': delayedAckTimeout,
  'loss-probe': lossProbeTimeout,
  reordering: reorderingTimeout,
  'keep-alive': keepAliveTimeout,
};

/** A timer expires (RFC 9293 section 3.10.8). */
export function timeout(tcb: Tcb, timer: TimerName, ctx: TcpContext): void {
  TIMEOUTS[timer](tcb, ctx);
}

/** USER TIMEOUT: "flush all queues, signal the user, delete the TCB, enter the CLOSED state". */
function userTimeout(tcb: Tcb, ctx: TcpContext): void {
  const rule = tcb.timerStarts.user.rule === 'open-timer-start' ? 'open-timeout' : 'user-timeout';
  clearExpired(tcb, 'user', ctx, rule);
  const error = timeoutError(tcb);
  signalUser(tcb, error, ctx, rule);
  deleteTcb(tcb, error, ctx, rule);
}

/** RETRANSMISSION TIMEOUT, with RFC 6298 sections 5.4 to 5.7 and R2 of RFC 9293 section 3.8.3. */
function retransmissionTimeout(tcb: Tcb, ctx: TcpContext): void {
  const sent = front(tcb.retransmissionQueue);
  if (sent === null) throw new Error('the retransmission timer ran with nothing outstanding');
  const isSyn = (sent.flags & FLAG.SYN) !== 0;
  const rule = isSyn ? 'syn-timeout' : 'retransmission-timeout';
  clearExpired(tcb, 'retransmission', ctx, rule);
  if (isSyn ? synTriedEnough(tcb, ctx.nowUs) : triedEnough(tcb, ctx.nowUs)) {
    giveUp(tcb, ctx);
    return;
  }
  if (tcb.rto.attempts === 0) tcb.rto.waitsSinceUs = isSyn ? ctx.nowUs - tcb.rto.rtoUs : ctx.nowUs;
  if (!isSyn) enterLoss(tcb, ctx);
  tcb.rto.attempts++;
  tcb.rto.synTimedOut ||= isSyn;
  stopTiming(tcb.rto);
  const isLinear = isSyn && tcb.state === 'SYN-SENT' && tcb.rto.attempts <= tcb.config.synLinearTimeouts;
  if (!isLinear) backOff(tcb.rto, tcb.config);
  if (!isSyn) userWaits(tcb, ctx);
  tcb.owed.retransmission = causeOf(ctx, rule);
  if (tcb.rto.attempts === R1) reportError(tcb, 'delivery problem', ctx, 'r1-reached');
  startTimer(tcb, 'retransmission', tcb.rto.rtoUs, ctx, isLinear ? 'syn-linear-timeout' : 'rto-back-off');
}

/** R2 is reached: the connection is closed, or an embryonic one returns to LISTEN as after a reset. */
function giveUp(tcb: Tcb, ctx: TcpContext): void {
  if (tcb.state === 'SYN-RECEIVED' && tcb.origin === 'passive') {
    returnToListen(tcb, ctx, 'give-up-listen');
    return;
  }
  const error = timeoutError(tcb);
  signalUser(tcb, error, ctx, 'give-up');
  deleteTcb(tcb, error, ctx, 'give-up');
}

/** TIME-WAIT TIMEOUT: "delete the TCB, enter the CLOSED state"; the same timer bounds FIN-WAIT-2. */
function timeWaitTimeout(tcb: Tcb, ctx: TcpContext): void {
  const rule = tcb.state === 'FIN-WAIT-2' ? 'fin-wait-2-over' : 'time-wait-timeout';
  clearExpired(tcb, 'time-wait', ctx, rule);
  deleteTcb(tcb, 'connection closing', ctx, rule);
}

/** The window has been closed for long enough: probe it (RFC 9293 section 3.8.6.1), or override silly window avoidance. */
function persistTimeout(tcb: Tcb, ctx: TcpContext): void {
  const closed = usableWindow(tcb) < 1;
  const rule = closed ? 'window-probe' : 'silly-window-override';
  clearExpired(tcb, 'persist', ctx, rule);
  if (closed) {
    // Only a remote TCP that no longer answers is given up; answers keep the connection open (MUST-37).
    if (tcb.rto.attempts >= dataRetries(tcb)) {
      giveUp(tcb, ctx);
      return;
    }
    tcb.rto.attempts++;
    userWaits(tcb, ctx);
    const asks = tcb.config.probeForm === 'below-una';
    // A FIN that serves as the probe stays under the retransmission timer afterwards.
    if (asks || unsentBytes(tcb) > 0 || front(tcb.retransmissionQueue) !== null) tcb.rto.probes++;
    if (asks) {
      tcb.counters.probesSent++;
      replyEmpty(tcb, seqAdd(tcb.snd.una, -1), causeOf(ctx, rule), ctx);
      return;
    }
  }
  tcb.owed.probe = causeOf(ctx, rule);
}

function delayedAckTimeout(tcb: Tcb, ctx: TcpContext): void {
  const rule = tcb.pace.forReader ? readingRule(tcb) : 'delayed-ack-timeout';
  clearExpired(tcb, 'delayed-ack', ctx, rule);
  paceDelayOver(tcb);
  oweAck(tcb, ctx, rule);
}

/** Nothing was heard for about two round trips: new data, or the last segment again, brings an ACK that tells (RFC 8985 section 7.3). */
function lossProbeTimeout(tcb: Tcb, ctx: TcpContext): void {
  clearExpired(tcb, 'loss-probe', ctx, 'tail-probe');
  tcb.owed.tailProbe = causeOf(ctx, 'tail-probe');
  startTimer(tcb, 'retransmission', tcb.rto.rtoUs, ctx, 'rto-start');
}

/** What was overtaken has had its time (RFC 8985 section 6.3). */
function reorderingTimeout(tcb: Tcb, ctx: TcpContext): void {
  clearExpired(tcb, 'reordering', ctx, 'reordering-timeout');
  const before = pipeBytes(tcb);
  markOutdated(tcb, ctx);
  if (pipeBytes(tcb) === before) return;
  if (tcb.recovery.phase !== 'recovery') enterRecovery(tcb, ctx);
  reduceProportionally(tcb, fullSegmentBytes(tcb), false, false);
}
