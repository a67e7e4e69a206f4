import type { Seq } from '../seq';
import { seqAdd, seqDiff, seqGt, seqMax } from '../seq';
import type { TcpState } from '../states';
import { readingOpens, readingRule } from './ackPacing';
import type { TcpContext } from './context';
import { causeOf } from './context';
import { effectiveSendMss, fullSegmentBytes } from './options';
import { releaseRead } from './receiveMemory';
import { congestionRoom } from './recovery/state';
import { nothingOutstanding } from './retransmissionQueue';
import { queueEnd } from './sendQueue';
import type { Tcb } from './tcb';

/** Fs and Fr, the fractions of silly window avoidance (RFC 9293 sections 3.8.6.2.1 and 3.8.6.2.2). */
const SENDER_FRACTION = 1 / 2;
const RECEIVER_FRACTION = 1 / 2;

/** The largest window that the 16-bit field can tell, as it is shifted (RFC 7323 section 2.2). */
function maxWindow(tcb: Tcb): number {
  return 0xffff << tcb.options.rcvShift;
}

/** U = SND.UNA + SND.WND - SND.NXT, in bytes; negative after the remote TCP shrank its window (RFC 9293 section 3.8.6, MUST-34). */
export function usableWindow(tcb: Tcb): number {
  return seqDiff(seqAdd(tcb.snd.una, tcb.snd.wnd), tcb.snd.nxt);
}

/** D: the octets that are queued and lie at or after SND.NXT. */
export function unsentBytes(tcb: Tcb): number {
  return tcb.iss === null ? 0 : Math.max(0, seqDiff(queueEnd(tcb.sendQueue), tcb.snd.nxt));
}

/**
 * How many octets the next data segment may carry now; 0 when data has to wait. The rules (1) to (3) of
 * RFC 9293 section 3.8.6.2.1 (MUST-38), and the congestion window (MUST-19); every SEND counts as pushed (MUST-60). Rule (4) is the persist timer.
 */
export function sendableBytes(tcb: Tcb): number {
  const queued = unsentBytes(tcb);
  if (queued === 0) return 0;
  const usable = usableWindow(tcb);
  if (usable <= 0) return 0;
  const mss = effectiveSendMss(tcb);
  const leaving = leavingBytes(tcb);
  if (leaving > 0) return Math.min(leaving, mss, usable);
  const most = Math.min(queued, usable);
  // A segment that does not fit cwnd as a whole waits: it is not cut (RFC 5681 section 3.1).
  if (congestionRoom(tcb) < (tcb.config.countsSegments ? fullSegmentBytes(tcb) : Math.min(most, mss))) return 0;
  if (most >= mss) return mss;
  if (tcb.preferences.nagle && nagleHolds(tcb)) return 0;
  return queued <= usable || most >= SENDER_FRACTION * tcb.snd.maxWnd ? most : 0;
}

/** Nagle: a small segment waits while something is unacknowledged; with Minshall's change, while a small segment is. */
export function nagleHolds(tcb: Tcb): boolean {
  if (nothingOutstanding(tcb.retransmissionQueue)) return false;
  if (tcb.owed.fin !== null && tcb.config.closeOverridesNagle) return false;
  return !tcb.config.nagleSmallOnly || seqGt(tcb.snd.smallEnd, tcb.snd.una);
}

/** How many octets leave as they would have left during the calls that queued them; 0 or less for none. */
export function leavingBytes(tcb: Tcb): number {
  return tcb.config.sendsDuringCalls ? seqDiff(tcb.snd.leaving, tcb.snd.nxt) : 0;
}

/** How far the data that is queued leaves now, where each call sends before it returns. */
export function leavingNow(tcb: Tcb): Seq {
  const { snd } = tcb;
  const from = seqMax(snd.leaving, snd.nxt);
  if (!maySendData(tcb)) return from;
  const mss = effectiveSendMss(tcb);
  const goneBytes = seqDiff(from, snd.nxt);
  const goneSegments = Math.ceil(goneBytes / mss);
  const unit = tcb.config.countsSegments ? fullSegmentBytes(tcb) : mss;
  const room = Math.floor(congestionRoom(tcb) / unit) - goneSegments;
  const open = Math.min(unsentBytes(tcb), usableWindow(tcb)) - goneBytes;
  const full = Math.max(0, Math.min(Math.floor(open / mss), room));
  const rest = open - full * mss;
  const tail = rest > 0 && rest < mss && full < room && open + goneBytes === unsentBytes(tcb);
  const closes = tcb.owed.fin !== null && tcb.config.closeOverridesNagle;
  const held =
    tcb.preferences.nagle &&
    !closes &&
    (goneBytes % mss !== 0 || seqGt(snd.smallEnd, snd.una) || !tcb.config.nagleSmallOnly);
  return seqAdd(from, full * mss + (tail && !held ? rest : 0));
}

/** The FIN may go: the application closed, all octets were sent, and the window has room for one number more. */
export function finMayGo(tcb: Tcb): boolean {
  return tcb.owed.fin !== null && unsentBytes(tcb) === 0 && usableWindow(tcb) >= 1;
}

/** The window when nothing waits to be read, in bytes. */
export function largestWindow(tcb: Tcb): number {
  const { windowClampBytes } = tcb.config;
  const buffer = Math.min(tcb.preferences.rcvbufBytes, maxWindow(tcb));
  return windowClampBytes === null ? buffer : Math.min(buffer, windowClampBytes);
}

/**
 * Opens RCV.WND to the free buffer once that is worth while (RFC 9293 section 3.8.6.2.2, MUST-39): the right edge
 * RCV.NXT+RCV.WND stays where it is until it can move by min(Fr * RCV.BUFF, Eff.snd.MSS). A scaled window is told in steps:
 * what is left below one step is nothing to the remote TCP (RFC 7323 section 2.4).
 */
export function openReceiveWindow(tcb: Tcb): void {
  // Where memory is counted the window is chosen as an ACK leaves (receiveMemory.ts).
  if (tcb.config.receiveMemory === null) openTo(tcb, largestWindow(tcb), effectiveSendMss(tcb));
}

function openTo(tcb: Tcb, buffer: number, mss: number): void {
  const free = Math.min(buffer, tcb.preferences.rcvbufBytes - tcb.receiveBuffer.bytes);
  const { rcvShift } = tcb.options;
  const toldBytes = (tcb.rcv.wnd >>> rcvShift) << rcvShift;
  const step = Math.min(RECEIVER_FRACTION * buffer, mss);
  if (free - toldBytes >= step && free > tcb.rcv.wnd) tcb.rcv.wnd = free;
}

/**
 * After the application has read: opens the window, and owes an ACK that tells the remote TCP when the news matters: the
 * edge it was told has moved by two segments or half the buffer, or left it no room for a whole segment.
 */
export function windowUpdate(tcb: Tcb, ctx: TcpContext): void {
  if (tcb.config.receiveMemory === null) bufferUpdate(tcb, ctx);
  else memoryUpdate(tcb, ctx);
}

/** Where memory is counted the window is chosen as an ACK leaves; reading gives memory back. */
function memoryUpdate(tcb: Tcb, ctx: TcpContext): void {
  releaseRead(tcb, ctx.nowUs);
  if (mayReceiveData(tcb.state) && readingOpens(tcb)) tcb.owed.ack ??= causeOf(ctx, readingRule(tcb));
}

function bufferUpdate(tcb: Tcb, ctx: TcpContext): void {
  const buffer = largestWindow(tcb);
  const mss = effectiveSendMss(tcb);
  openTo(tcb, buffer, mss);
  const edge = seqAdd(tcb.rcv.nxt, tcb.rcv.wnd);
  if (!seqGt(edge, tcb.rcv.adv) || !mayReceiveData(tcb.state)) return;
  const step = Math.min(RECEIVER_FRACTION * buffer, 2 * mss);
  const toldBytes = seqDiff(tcb.rcv.adv, tcb.rcv.nxt);
  if (seqDiff(edge, tcb.rcv.adv) >= step || toldBytes < Math.min(mss, RECEIVER_FRACTION * buffer)) {
    // Reading has opened the window by what has come since the last ACK.
    const isSecond = tcb.rcv.unackedBytes >= 2 * mss;
    tcb.owed.ack ??= causeOf(ctx, isSecond ? 'ack-second-segment' : 'window-update');
  }
}

/** The states in which the remote TCP may still send text: no FIN of it has been taken in. */
export function mayReceiveData(state: TcpState): boolean {
  return state === 'ESTABLISHED' || state === 'FIN-WAIT-1' || state === 'FIN-WAIT-2';
}

/** The states in which data and a FIN may leave for the first time: from ESTABLISHED on, until our FIN has been sent. */
export function maySendData(tcb: Tcb): boolean {
  switch (tcb.state) {
    case 'ESTABLISHED':
    case 'CLOSE-WAIT':
      return true;
    case 'FIN-WAIT-1':
    case 'CLOSING':
      return tcb.owed.fin !== null;
    default:
      return false;
  }
}
