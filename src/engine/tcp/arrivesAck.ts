import { octetsLength } from '../octets';
import type { Segment } from '../segment';
import { FLAG } from '../segment';
import { seqDiff, seqGeq, seqGt, seqLeq, seqLt, seqMax } from '../seq';
import type { Arrival } from './arrival';
import type { TcpContext } from './context';
import { deleteTcb, startTransfer } from './lifecycle';
import { scaledWindow } from './options';
import { probeAnswered } from './persist';
import { recover } from './recovery/acks';
import type { AckNews } from './recovery/scoreboard';
import { freshNews, takeAcknowledged, takeSackBlocks } from './recovery/scoreboard';
import { runsOnInRecovery } from './recovery/state';
import { watchFlight } from './recovery/tailLossProbe';
import { dropAndChallenge, replyReset } from './replies';
import { flushRetransmissionQueue, front, nothingOutstanding, removeAcknowledged } from './retransmissionQueue';
import { ackTimed, reinitializeAfterSyn } from './rto';
import { acknowledge } from './sendQueue';
import type { Tcb } from './tcb';
import { stopTimer } from './timers';
import { takeTimestampSample } from './timestamps';
import { boundFinWait2, enterTimeWait } from './timeWait';
import { completeCall, discard, enterState, note } from './trace';
import { announceUrgent } from './urgent';
import { advanceUserTimer } from './userTimer';

/** Fifth, check the ACK field. True to go on with the sixth check. */
export function checkAck(tcb: Tcb, arrival: Arrival, ctx: TcpContext): boolean {
  if ((arrival.flags & FLAG.ACK) === 0) {
    discard(tcb, arrival.id, ctx, 'no-ack-dropped');
    return false;
  }
  if (tcb.state === 'SYN-RECEIVED') return ackSynReceived(tcb, arrival, ctx);
  if (!ackInRange(tcb, arrival, ctx)) return false;
  ackEstablished(tcb, arrival, ctx);
  switch (tcb.state) {
    case 'FIN-WAIT-1':
      ackFinWait1(tcb, ctx);
      return true;
    case 'CLOSING':
      ackClosing(tcb, ctx);
      return true;
    case 'LAST-ACK':
      return ackLastAck(tcb, ctx);
    default:
      return true;
  }
}

/** SYN-RECEIVED: SND.UNA < SEG.ACK =< SND.NXT completes the handshake; anything else is reset (RFC 9293 section 3.5.2, group 2). */
function ackSynReceived(tcb: Tcb, arrival: Arrival, ctx: TcpContext): boolean {
  const { segment } = arrival;
  if (!seqGt(segment.ack, tcb.snd.una) || !seqLeq(segment.ack, tcb.snd.nxt)) {
    discard(tcb, arrival.id, ctx, 'syn-received-bad-ack');
    replyReset(tcb, segment, ctx, 'syn-received-bad-ack');
    return false;
  }
  enterState(tcb, 'ESTABLISHED', ctx, 'syn-received-established');
  tcb.snd.wnd = scaledWindow(tcb, segment);
  tcb.snd.maxWnd = Math.max(tcb.snd.maxWnd, tcb.snd.wnd);
  tcb.snd.wl1 = segment.seq;
  tcb.snd.wl2 = segment.ack;
  advanceUna(tcb, segment, ctx);
  startTransfer(tcb, segment, ctx.nowUs);
  // Urgent data that came with the SYN is only now announced: the sixth check has no SYN-RECEIVED.
  if (seqGt(tcb.rcv.up, tcb.rcv.nxt)) announceUrgent(tcb, ctx);
  if (tcb.owed.fin !== null) enterState(tcb, 'FIN-WAIT-1', ctx, 'close-queued');
  return true;
}

/** The check of RFC 5961 section 5 (MAY-12): SND.UNA - MAX.SND.WND =< SEG.ACK =< SND.NXT. */
function ackInRange(tcb: Tcb, arrival: Arrival, ctx: TcpContext): boolean {
  const { ack } = arrival.segment;
  const { snd } = tcb;
  // After a window probe SND.NXT can stand before what was sent: SND.MAX is what has been sent.
  if (seqGt(ack, snd.max)) {
    dropAndChallenge(tcb, arrival.segment, arrival.id, ctx, 'ack-not-yet-sent');
    return false;
  }
  if (seqDiff(snd.una, ack) > oldestAckBytes(tcb)) {
    dropAndChallenge(tcb, arrival.segment, arrival.id, ctx, 'ack-too-old');
    return false;
  }
  return true;
}

/** How far below SND.UNA an ACK may lie: MAX.SND.WND, and for some hosts no further than what was ever acknowledged. */
function oldestAckBytes(tcb: Tcb): number {
  const { maxWnd } = tcb.snd;
  if (!tcb.config.rejectsAcksBelowIss) return maxWnd;
  return Math.min(maxWnd, tcb.sendQueue.headPosition + (finAcked(tcb) ? 1 : 0));
}

/** ESTABLISHED, and the part that every later state shares with it. */
function ackEstablished(tcb: Tcb, arrival: Arrival, ctx: TcpContext): void {
  const { segment } = arrival;
  const { snd } = tcb;
  tcb.rto.attempts = snd.wnd === 0 || segment.wnd === 0 ? 0 : tcb.rto.attempts;
  const news = tellsNews(tcb, segment) ? freshNews(tcb, segment, congested(tcb, segment)) : null;
  if (seqGt(segment.ack, snd.una)) {
    advanceUna(tcb, segment, ctx, news);
    note(tcb, ctx, 'ack-advances');
  } else {
    const duplicate = isDuplicate(tcb, arrival, ctx);
    if (news !== null) news.duplicate = duplicate;
  }
  const { sack } = segment.options;
  if (news !== null && sack !== undefined && tcb.options.sack) takeSackBlocks(tcb, sack, segment.ack, news, ctx);
  if (seqGeq(segment.ack, snd.una)) updateSendWindow(tcb, arrival, ctx);
  probeAnswered(tcb, ctx);
  if (news === null) return;
  recover(tcb, news, ctx);
  if (news.advanced) watchAgain(tcb, ctx);
}

/** Whether this ACK can tell of what is on its way. While a window is probed, all that is on its way is the probe. */
function tellsNews(tcb: Tcb, segment: Segment): boolean {
  if (tcb.rto.probes > 0) return false;
  // With nothing on its way a DSACK can still take a reduction back.
  return (
    !nothingOutstanding(tcb.retransmissionQueue) ||
    (tcb.recovery.undoFrom !== null && segment.options.sack !== undefined)
  );
}

/** ECE on a connection with ECN (RFC 3168 section 6.1.2). */
function congested(tcb: Tcb, segment: Segment): boolean {
  return tcb.ecn.active && (segment.flags & FLAG.ECE) !== 0;
}

/** RFC 6298 sections 5.2 and 5.3. */
function watchAgain(tcb: Tcb, ctx: TcpContext): void {
  if (nothingOutstanding(tcb.retransmissionQueue) || tcb.rto.probes > 0 || runsOnInRecovery(tcb)) return;
  watchFlight(tcb, ctx);
}

/** A duplicate ACK as RFC 5681 section 2 defines it: data outstanding, nothing carried, the same SEG.ACK and window. */
function isDuplicate(tcb: Tcb, arrival: Arrival, ctx: TcpContext): boolean {
  if (octetsLength(arrival.payload) > 0) return false;
  const { segment } = arrival;
  if (
    (segment.flags & (FLAG.SYN | FLAG.FIN)) !== 0 ||
    segment.ack !== tcb.snd.una ||
    scaledWindow(tcb, segment) !== tcb.snd.wnd
  )
    return false;
  if (nothingOutstanding(tcb.retransmissionQueue)) return false;
  tcb.counters.duplicateAcksReceived++;
  note(tcb, ctx, 'ack-duplicate');
  return true;
}

/** SND.UNA <- SEG.ACK, and everything that depends on it: queues, RTT, timers, calls that wait. SEG.ACK lies in (SND.UNA, SND.MAX]. */
export function advanceUna(tcb: Tcb, segment: Segment, ctx: TcpContext, news: AckNews | null = null): void {
  const { ack } = segment;
  const { snd, rto, config } = tcb;
  const synAcked = snd.una === tcb.iss;
  tcb.softError = null;
  snd.una = ack;
  snd.nxt = seqMax(snd.nxt, ack);
  snd.up = seqMax(snd.up, ack);
  if (news === null) removeAcknowledged(tcb.retransmissionQueue, ack);
  else {
    news.advanced = true;
    takeAcknowledged(tcb, news, ctx);
  }
  acknowledge(tcb.sendQueue, ack);
  if (!ackTimed(rto, ack, ctx.nowUs, config)) takeTimestampSample(tcb, segment, ctx);
  rto.attempts = 0;
  if (synAcked) reinitializeAfterSyn(rto, config);
  if (nothingOutstanding(tcb.retransmissionQueue)) allAcknowledged(tcb, ctx);
  completeSends(tcb, ctx);
  advanceUserTimer(tcb, ctx);
}

/** RFC 6298 section 5.2: "When all outstanding data has been acknowledged, turn off the retransmission timer." */
function allAcknowledged(tcb: Tcb, ctx: TcpContext): void {
  tcb.owed.retransmission = null;
  stopTimer(tcb, 'retransmission', ctx, 'rto-all-acknowledged');
  stopTimer(tcb, 'loss-probe', ctx, 'rto-all-acknowledged');
  stopTimer(tcb, 'reordering', ctx, 'rto-all-acknowledged');
}

/** SENDs that waited for room in the send buffer are finished once there is. */
function completeSends(tcb: Tcb, ctx: TcpContext): void {
  const queue = tcb.sendQueue;
  if (queue.waiting.length === 0) return;
  const first = queue.waiting[0];
  if (first !== undefined && first.untilPosition <= queue.headPosition) completeReady(tcb, ctx);
}

function completeReady(tcb: Tcb, ctx: TcpContext): void {
  const queue = tcb.sendQueue;
  for (const waiting of queue.waiting) {
    if (waiting.untilPosition > queue.headPosition) break;
    completeCall(tcb, 'send', { ok: true }, waiting.line, ctx, 'send-completed');
  }
  queue.waiting = queue.waiting.filter((waiting) => waiting.untilPosition > queue.headPosition);
}

/**
 * "The check here prevents using old segments to update the window." What acknowledges more than the last update did is not
 * old, even if it is an old segment that goes again: were its window not taken, the right edge would move by what it
 * acknowledges, beyond the one that the remote TCP has told.
 */
function updateSendWindow(tcb: Tcb, arrival: Arrival, ctx: TcpContext): void {
  const { segment, seq } = arrival;
  const { snd } = tcb;
  const newer = seqLt(snd.wl1, seq) || (snd.wl1 === seq && seqLeq(snd.wl2, segment.ack));
  if (!newer && !seqGt(segment.ack, snd.wl2)) return;
  const wnd = scaledWindow(tcb, segment);
  const changed = snd.wnd !== wnd;
  snd.wnd = wnd;
  snd.maxWnd = Math.max(snd.maxWnd, wnd);
  snd.wl1 = seqMax(snd.wl1, seq);
  snd.wl2 = segment.ack;
  if (changed) note(tcb, ctx, 'window-updated');
  if (tcb.rto.probes > 0 && snd.wnd > 0) endProbing(tcb);
}

/**
 * The window is open again: an octet that went as a probe and was not taken is sent anew as the beginning of a full
 * segment ("may repackage segments on the retransmission queue", RFC 9293 section 3.8.6).
 */
function endProbing(tcb: Tcb): void {
  tcb.rto.probes = 0;
  if (front(tcb.retransmissionQueue) === null) return;
  flushRetransmissionQueue(tcb.retransmissionQueue);
  tcb.snd.nxt = tcb.snd.una;
  tcb.snd.leaving = tcb.snd.una;
}

/** Our FIN has been acknowledged. */
function finAcked(tcb: Tcb): boolean {
  return tcb.snd.fin !== null && seqGt(tcb.snd.una, tcb.snd.fin);
}

/** FIN-WAIT-1: "if the FIN segment is now acknowledged, then enter FIN-WAIT-2"; there the CLOSE is answered "ok". */
function ackFinWait1(tcb: Tcb, ctx: TcpContext): void {
  if (!finAcked(tcb)) return;
  enterState(tcb, 'FIN-WAIT-2', ctx, 'fin-wait-2');
  boundFinWait2(tcb, ctx);
  completeCall(tcb, 'close', { ok: true }, null, ctx, 'close-acknowledged');
}

/** CLOSING: "if the ACK acknowledges our FIN, then enter the TIME-WAIT state". */
function ackClosing(tcb: Tcb, ctx: TcpContext): void {
  if (finAcked(tcb)) enterTimeWait(tcb, ctx, 'closing-time-wait');
}

/** LAST-ACK: "If our FIN is now acknowledged, delete the TCB, enter the CLOSED state, and return." */
function ackLastAck(tcb: Tcb, ctx: TcpContext): boolean {
  if (!finAcked(tcb)) return true;
  deleteTcb(tcb, 'connection closing', ctx, 'last-ack-closed');
  return false;
}
