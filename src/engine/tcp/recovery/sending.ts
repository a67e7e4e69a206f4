import { seqGeq } from '../../seq';
import { initialWindowBytes } from '../congestion';
import type { TcpContext } from '../context';
import { fullSegmentBytes } from '../options';
import { nothingOutstanding, outstandingSegments } from '../retransmissionQueue';
import type { Tcb } from '../tcb';
import { note } from '../trace';
import { pipeBytes, weight } from './state';

/** After an idle time of more than RTO the window starts again (RFC 5681 section 4.1; RFC 2861 section 3 halves it for each RTO). */
export function beforeNewData(tcb: Tcb, ctx: TcpContext): void {
  const { congestion, config, rto } = tcb;
  const { sentAtUs } = congestion;
  if (config.idleRestart === 'off' || sentAtUs === null || !nothingOutstanding(tcb.retransmissionQueue)) return;
  const idleUs = ctx.nowUs - sentAtUs;
  if (idleUs <= rto.rtoUs || congestion.cwndBytes === Number.POSITIVE_INFINITY) return;
  const mss = fullSegmentBytes(tcb);
  const initial = initialWindowBytes(config.initialWindowSegments, mss, config.countsSegments);
  const restart = Math.min(initial, congestion.cwndBytes);
  const before = congestion.cwndBytes;
  if (config.idleRestart === 'halving') {
    // What the window had been stays known as the threshold.
    const known = Math.floor((congestion.cwndBytes * 3) / 4 / mss) * mss;
    if (congestion.ssthreshBytes !== Number.POSITIVE_INFINITY)
      congestion.ssthreshBytes = Math.max(congestion.ssthreshBytes, known);
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
  congestion.sentAtUs = ctx.nowUs;
  recovery.outBytes += weight(tcb, 1, lengthBytes);
  if (congestion.cwndBytes === Number.POSITIVE_INFINITY) return;
  const mss = fullSegmentBytes(tcb);
  const outBytes = weight(tcb, outstandingSegments(queue), queue.bytes);
  const limited = pipeBytes(tcb) + (tcb.config.countsSegments ? 0 : mss - 1) >= congestion.cwndBytes;
  const newRound = seqGeq(tcb.snd.una, congestion.roundEnd);
  if (!newRound && !limited && (congestion.limited || outBytes <= congestion.mostOutBytes)) return;
  congestion.limited = limited;
  congestion.mostOutBytes = outBytes;
  congestion.roundEnd = tcb.snd.nxt;
}
