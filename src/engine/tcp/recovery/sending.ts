import { seqGeq } from '../../seq';
import { initialWindowBytes } from '../congestion';
import type { TcpContext } from '../context';
import { fullSegmentBytes } from '../options';
import { nothingOutstanding, outstandingSegments } from '../retransmissionQueue';
import type { Tcb } from '../tcb';
import { note } from '../trace';
import { congestionView, controlOf } from './control';
import { pipeBytes, weight } from './state';

/** After an idle time of more than RTO the window starts again (RFC 5681 section 4.1; RFC 2861 section 3 halves it for each RTO). */
export function beforeNewData(tcb: Tcb, ctx: TcpContext): void {
  const { sentAtUs } = tcb.congestion;
  if (sentAtUs !== null && nothingOutstanding(tcb.retransmissionQueue)) resume(tcb, ctx.nowUs - sentAtUs, ctx);
}

function resume(tcb: Tcb, idleUs: number, ctx: TcpContext): void {
  const { congestion, config, rto } = tcb;
  controlOf(tcb)?.resumes?.(congestion, idleUs, congestionView(tcb, ctx));
  if (config.idleRestart === 'off') return;
  if (idleUs <= rto.rtoUs || congestion.cwndBytes === Number.POSITIVE_INFINITY) return;
  const mss = fullSegmentBytes(tcb);
  const initial = initialWindowBytes(config.initialWindowSegments, mss, config.countsSegments);
  const restart = Math.min(initial, congestion.cwndBytes);
  const before = congestion.cwndBytes;
  if (config.idleRestart === 'halving') {
    rememberWindow(tcb, mss);
    for (let leftUs = idleUs - rto.rtoUs; leftUs > 0 && congestion.cwndBytes > restart; leftUs -= rto.rtoUs) {
      congestion.cwndBytes = Math.floor(congestion.cwndBytes / mss / 2) * mss;
    }
  } else {
    congestion.cwndBytes = restart;
  }
  congestion.cwndBytes = Math.max(congestion.cwndBytes, restart);
  congestion.limited = false;
  if (congestion.cwndBytes !== before) note(tcb, ctx, 'idle-restart');
}

/** New data has left: notes whether the window is full, and how full it was in this round. */
export function newDataSent(tcb: Tcb, lengthBytes: number, ctx: TcpContext): void {
  const { congestion, retransmissionQueue: queue, recovery } = tcb;
  if (lengthBytes > 0) congestion.sentAtUs = ctx.nowUs;
  recovery.outBytes += weight(tcb, 1, lengthBytes);
  if (congestion.cwndBytes === Number.POSITIVE_INFINITY) return;
  const mss = fullSegmentBytes(tcb);
  const outBytes = weight(tcb, outstandingSegments(queue), queue.bytes);
  const limited = pipeBytes(tcb) + (tcb.config.countsSegments ? 0 : mss - 1) >= congestion.cwndBytes;
  const newRound = seqGeq(tcb.snd.una, congestion.roundEnd);
  if (newRound || limited || (!congestion.limited && outBytes > congestion.mostOutBytes)) {
    congestion.limited = limited;
    congestion.mostOutBytes = outBytes;
    congestion.roundEnd = tcb.snd.nxt;
  }
  if (tcb.config.idleRestart === 'halving') validateWindow(tcb, outBytes, ctx);
}

/** Whether cwnd is what holds data back; in slow start, whether at least half of it was used. */
export function windowInUse(tcb: Tcb): boolean {
  const { cwndBytes, ssthreshBytes, limited, mostOutBytes } = tcb.congestion;
  return limited || (cwndBytes < ssthreshBytes && cwndBytes < 2 * mostOutBytes);
}

/** A window that was not used for an RTO falls half-way to what was used (RFC 2861 section 3.2). */
function validateWindow(tcb: Tcb, outBytes: number, ctx: TcpContext): void {
  const { congestion, config, rto } = tcb;
  if (windowInUse(tcb)) {
    congestion.usedBytes = 0;
    congestion.fullAtUs = ctx.nowUs;
    return;
  }
  congestion.usedBytes = Math.max(congestion.usedBytes, outBytes);
  if (ctx.nowUs - congestion.fullAtUs < rto.rtoUs) return;
  congestion.fullAtUs = ctx.nowUs;
  if (tcb.recovery.phase !== 'open') return;
  const mss = fullSegmentBytes(tcb);
  const initial = initialWindowBytes(config.initialWindowSegments, mss, config.countsSegments);
  const used = Math.max(congestion.usedBytes, initial);
  congestion.usedBytes = 0;
  if (used >= congestion.cwndBytes) return;
  rememberWindow(tcb, mss);
  congestion.cwndBytes = Math.floor((congestion.cwndBytes + used) / mss / 2) * mss;
  note(tcb, ctx, 'window-unused');
}

/** What the window had been stays known as the threshold (RFC 2861 section 3.2: three quarters of it). */
function rememberWindow(tcb: Tcb, mss: number): void {
  const { congestion } = tcb;
  const segments = congestion.cwndBytes / mss;
  const known = (Math.floor(segments / 2) + Math.floor(segments / 4)) * mss;
  congestion.ssthreshBytes = Math.max(congestion.ssthreshBytes, known);
}
