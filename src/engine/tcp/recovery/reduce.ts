import type { RuleId } from '../../rules';
import { growWindow } from '../congestion';
import type { TcpContext } from '../context';
import { fullSegmentBytes, timestampAt } from '../options';
import { entryAt, outstandingSegments, replaceEntry } from '../retransmissionQueue';
import type { Tcb } from '../tcb';
import { note } from '../trace';
import { congestionView, controlOf } from './control';
import { growthRule } from './ruleAtWork';
import type { AckNews } from './scoreboard';
import { windowInUse } from './sending';
import { inflates, pipeBytes, weight } from './state';

/** A loss, or a mark of congestion: ssthresh falls, once for all that is on its way now (RFC 5681 section 3.1). `flightBytes` is what counts as FlightSize; null for what is on its way. */
export function lowerThreshold(tcb: Tcb, ctx: TcpContext, flightBytes: number | null = null): void {
  const control = controlOf(tcb);
  const { congestion, recovery } = tcb;
  if (control === null) return;
  recovery.undoSsthreshBytes = congestion.ssthreshBytes;
  recovery.undoCwndBytes = congestion.cwndBytes;
  const view = congestionView(tcb, ctx);
  congestion.ssthreshBytes = control.threshold(congestion, flightBytes === null ? view : { ...view, flightBytes });
  congestion.creditBytes = 0;
}

/** Begins to bring cwnd down to ssthresh: bit by bit (RFC 9937), or at once. `flightBytes` is as in `lowerThreshold`. */
export function beginReduction(tcb: Tcb, ctx: TcpContext, flightBytes: number | null = null): void {
  const { congestion, recovery, config } = tcb;
  recovery.priorCwndBytes = congestion.cwndBytes;
  recovery.deliveredBytes = 0;
  recovery.outBytes = 0;
  recovery.tlpEnd = null;
  recovery.recover = tcb.snd.nxt;
  lowerThreshold(tcb, ctx, flightBytes);
  if (config.congestionControl !== 'off' && !config.prr) congestion.cwndBytes = congestion.ssthreshBytes;
  if (tcb.ecn.active) tcb.ecn.mustTell = true;
}

/** The end of a reduction: cwnd is ssthresh, unless the reduction was taken back. */
export function endReduction(tcb: Tcb): void {
  const { congestion, recovery } = tcb;
  if (congestion.ssthreshBytes === Number.POSITIVE_INFINITY) return;
  if (recovery.phase !== 'reducing' && recovery.undoFrom === null) return;
  if (!inflates(tcb) || recovery.phase === 'reducing') {
    congestion.cwndBytes = congestion.ssthreshBytes;
    return;
  }
  // RFC 6582 section 3.2, step 3, full acknowledgment, option 1: no burst when little is on its way.
  const mss = fullSegmentBytes(tcb);
  congestion.cwndBytes = Math.min(congestion.ssthreshBytes, Math.max(pipeBytes(tcb), mss) + mss);
}

/** RFC 9937 section 6: as much may leave as was delivered, in proportion, until ssthresh; below it, slow start fills up. */
export function reduceProportionally(tcb: Tcb, delivered: number, newlyLost: boolean, advanced: boolean): void {
  const { congestion, recovery, config } = tcb;
  if (!config.prr || delivered <= 0 || recovery.priorCwndBytes === 0) return;
  const mss = fullSegmentBytes(tcb);
  const pipe = pipeBytes(tcb);
  recovery.deliveredBytes += delivered;
  const roomBytes = congestion.ssthreshBytes - pipe;
  let sendBytes: number;
  if (roomBytes < 0) {
    const share = (congestion.ssthreshBytes * recovery.deliveredBytes) / recovery.priorCwndBytes;
    sendBytes = (config.countsSegments ? Math.ceil(share / mss) * mss : Math.ceil(share)) - recovery.outBytes;
  } else {
    sendBytes = Math.max(recovery.deliveredBytes - recovery.outBytes, delivered);
    if (advanced && !newlyLost) sendBytes += mss;
    sendBytes = Math.min(roomBytes, sendBytes);
  }
  // The first retransmission is never held back.
  sendBytes = Math.max(sendBytes, recovery.outBytes > 0 ? 0 : mss);
  congestion.cwndBytes = pipe + sendBytes;
}

/** Lets cwnd grow by what this ACK acknowledged, if the window was in use (RFC 5681 section 3.1, RFC 7661 section 1). */
export function grow(tcb: Tcb, news: AckNews, delivered: number, ctx: TcpContext): void {
  const control = controlOf(tcb);
  const { congestion } = tcb;
  if (control === null || congestion.cwndBytes === Number.POSITIVE_INFINITY) return;
  // Where segments overtake each other SACKs are as good as ACKs (Linux: tcp_may_raise_cwnd).
  const reordered = tcb.options.sack && tcb.recovery.dupThresh > (tcb.config.dupThresh ?? 0);
  if (news.ackedSegments === 0 && !(reordered && news.sackedSegments > 0)) return;
  const slowStart = congestion.cwndBytes < congestion.ssthreshBytes;
  if (!windowInUse(tcb)) return;
  const before = congestion.cwndBytes;
  growWindow(control, congestion, delivered, congestionView(tcb, ctx));
  if (congestion.cwndBytes !== before) note(tcb, ctx, growthRule(tcb, slowStart));
}

/** From here on a false alarm can be taken back. A tail loss probe on its way may still bring a DSACK of its own. */
export function rememberForUndo(tcb: Tcb): void {
  const { recovery, retransmissionQueue: queue } = tcb;
  recovery.undoFrom = tcb.snd.una;
  const probes = queue.resentSegments === 0 && recovery.tlpEnd !== null && recovery.tlpResent ? 1 : 0;
  recovery.undoResent = queue.resentSegments + probes || -1;
}

/** Whether DSACK or timestamps show that all retransmissions of this phase were needless (RFC 3708, RFC 3522). */
export function mayUndo(tcb: Tcb, news: AckNews): boolean {
  const { recovery } = tcb;
  if (!tcb.config.undo || recovery.undoFrom === null) return false;
  return recovery.undoResent === 0 || wasDelayed(tcb, news);
}

/** The Eifel detection: the ACK echoes a timestamp from before the first retransmission (RFC 3522 section 3.2). */
export function wasDelayed(tcb: Tcb, news: AckNews): boolean {
  const { firstResendTs } = tcb.recovery;
  return firstResendTs !== null && news.tsecr !== null && news.tsecr !== 0 && ((news.tsecr - firstResendTs) | 0) < 0;
}

/** Takes the reduction back: windows are what they were (RFC 4015 section 3); `rule`: what has shown that it was needless. */
export function undoReduction(tcb: Tcb, forgetLosses: boolean, ctx: TcpContext, rule: RuleId): void {
  const { congestion, recovery, retransmissionQueue: queue } = tcb;
  if (forgetLosses) {
    for (let i = 0; i < outstandingSegments(queue); i++) {
      const sent = entryAt(queue, i);
      if (sent?.lost === true) replaceEntry(queue, i, { ...sent, lost: false });
    }
  }
  congestion.cwndBytes = Math.max(congestion.cwndBytes, recovery.undoCwndBytes);
  congestion.ssthreshBytes = Math.max(congestion.ssthreshBytes, recovery.undoSsthreshBytes);
  recovery.undoFrom = null;
  note(tcb, ctx, rule);
}

/** Notes the time of the first retransmission of a phase. */
export function noteResent(tcb: Tcb, nowUs: number, bytes: number): void {
  const { recovery } = tcb;
  recovery.firstResendTs ??= timestampAt(nowUs);
  recovery.undoResent = Math.max(0, recovery.undoResent) + 1;
  recovery.outBytes += weight(tcb, 1, bytes);
}
