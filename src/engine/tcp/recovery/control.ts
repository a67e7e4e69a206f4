import type { CongestionControl, CongestionView } from '../congestion';
import { congestionControl } from '../congestion';
import { watchSlowStart } from '../congestion/hystart';
import type { TcpContext } from '../context';
import { fullSegmentBytes } from '../options';
import { outstandingSegments } from '../retransmissionQueue';
import type { Tcb } from '../tcb';
import { note } from '../trace';
import { weight } from './state';

/** The connection as a congestion control sees it. */
export function congestionView(tcb: Tcb, ctx: TcpContext): CongestionView {
  const queue = tcb.retransmissionQueue;
  return {
    mssBytes: fullSegmentBytes(tcb),
    wholeSegments: tcb.config.countsSegments,
    slowStartBytes: slowStartBytes(tcb),
    flightBytes: weight(tcb, outstandingSegments(queue), queue.bytes),
    nowUs: ctx.nowUs,
    srttUs: tcb.rto.srttUs ?? 0,
    tickUs: tcb.config.cubicTickUs ?? 1,
  };
}

/** L in bytes. "During the slow start after a timeout" it is one segment for all that have a bound (RFC 3465 section 2.3). */
function slowStartBytes(tcb: Tcb): number {
  const { slowStartSegments } = tcb.config;
  if (slowStartSegments === null) return Number.POSITIVE_INFINITY;
  return fullSegmentBytes(tcb) * (tcb.recovery.phase === 'loss' ? 1 : slowStartSegments);
}

/** The host's congestion control; null for none. */
export function controlOf(tcb: Tcb): CongestionControl | null {
  return congestionControl(tcb.config.congestionControl, tcb.config.cubicTickUs !== null);
}

/** An ACK came that tells a round trip: what the control and HyStart make of it (Linux: cubictcp_acked). */
export function takeRoundTrip(tcb: Tcb, rttUs: number, ctx: TcpContext): void {
  const { congestion, config } = tcb;
  controlOf(tcb)?.measured?.(congestion, rttUs, congestionView(tcb, ctx));
  if (config.hystart && config.congestionControl === 'cubic') watchDelays(tcb, rttUs, ctx);
}

/** Whether slow start has gone on for long enough, as the round trips have it. */
function watchDelays(tcb: Tcb, rttUs: number, ctx: TcpContext): void {
  const { congestion, snd } = tcb;
  const mssBytes = fullSegmentBytes(tcb);
  const before = congestion.ssthreshBytes;
  watchSlowStart(congestion, { nowUs: ctx.nowUs, rttUs, una: snd.una, nxt: snd.nxt, mssBytes });
  if (congestion.ssthreshBytes !== before) note(tcb, ctx, 'hystart-ends');
}
