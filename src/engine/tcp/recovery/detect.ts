import type { TcpContext } from '../context';
import { fullSegmentBytes } from '../options';
import { judgedSegments, lastSacked, noteJudged } from '../queueMarks';
import { entryAt, front, outstandingSegments, replaceEntry } from '../retransmissionQueue';
import type { Tcb } from '../tcb';
import { startTimer, stopTimer, timerRuns } from '../timers';
import { note } from '../trace';
import { wentAsGap } from './gaps';

/** RACK.reo_wnd is this share of the least RTT (RFC 8985 section 6.2, step 4). */
const REORDERING_SHARE = 1 / 4;

/** Looks for lost segments in the way that the connection has: by time, by SACKs above, or by duplicate ACKs. */
export function detectLosses(tcb: Tcb, advanced: boolean, ctx: TcpContext): void {
  if (!tcb.options.sack) detectByDuplicates(tcb, advanced, ctx);
  else if (tcb.config.rack) detectByTime(tcb, ctx);
  else detectBySacks(tcb, ctx);
}

/** Takes the segment at `index` to be lost; one that was sent again already is to be sent once more. */
export function markLost(tcb: Tcb, index: number): boolean {
  const queue = tcb.retransmissionQueue;
  const sent = entryAt(queue, index);
  if (sent === null || sent.sacked || (sent.lost && !sent.resent)) return false;
  replaceEntry(queue, index, { ...sent, lost: true, resent: false });
  return true;
}

/** Three duplicate ACKs, or an ACK of only a part during recovery, show that the oldest segment is lost (RFC 5681 section 3.2, RFC 6582 section 3.2). */
function detectByDuplicates(tcb: Tcb, advanced: boolean, ctx: TcpContext): void {
  const { recovery } = tcb;
  const inRecovery = recovery.phase === 'recovery';
  const before = recovery.phase === 'open' || recovery.phase === 'disorder' || recovery.phase === 'reducing';
  if (!(before && recovery.dupAcks >= recovery.dupThresh) && !(inRecovery && advanced)) return;
  if (front(tcb.retransmissionQueue)?.lost === true) return;
  if (markLost(tcb, 0)) note(tcb, ctx, inRecovery ? 'partial-ack-loss' : 'duplicates-loss');
}

/** IsLost(): DupThresh segments, or more than DupThresh - 1 full ones, were SACKed above it (RFC 6675 section 4). */
function detectBySacks(tcb: Tcb, ctx: TcpContext): void {
  const queue = tcb.retransmissionQueue;
  const { dupThresh } = tcb.recovery;
  if (queue.sackedSegments === 0) return;
  const mostBytes = (dupThresh - 1) * fullSegmentBytes(tcb);
  let segments = 0;
  let bytes = 0;
  let last = lastSacked(queue);
  for (; last >= 0 && segments < dupThresh && bytes <= mostBytes; last--) {
    const sent = entryAt(queue, last);
    if (sent?.sacked !== true) continue;
    segments++;
    bytes += sent.lengthBytes;
  }
  let any = false;
  for (let i = last; i >= judgedSegments(queue); i--) {
    const sent = entryAt(queue, i);
    if (sent?.lost !== false) continue;
    if (wentAsGap(tcb, sent)) replaceEntry(queue, i, { ...sent, lost: true });
    else any = markLost(tcb, i) || any;
  }
  noteJudged(queue, last + 1);
  if (any) note(tcb, ctx, 'sack-loss');
}

/** RACK_detect_loss_and_arm_timer() (RFC 8985 section 6.2, step 5). */
function detectByTime(tcb: Tcb, ctx: TcpContext): void {
  if (!tcb.recovery.rackAdvanced) return;
  tcb.recovery.rackAdvanced = false;
  const timeoutUs = markOutdated(tcb, ctx);
  if (timeoutUs > 0) {
    giveUpProbe(tcb, ctx);
    startTimer(tcb, 'reordering', timeoutUs + tcb.config.rackTimerSlackUs, ctx, 'reordering-wait');
  } else stopTimer(tcb, 'reordering', ctx, 'reordering-done');
}

/** Losses are looked for by time now, so the tail is not probed: the retransmission timer counts from when the oldest segment left. */
function giveUpProbe(tcb: Tcb, ctx: TcpContext): void {
  const oldest = front(tcb.retransmissionQueue);
  if (oldest === null || !timerRuns(tcb, 'loss-probe')) return;
  stopTimer(tcb, 'loss-probe', ctx, 'tail-probe-stop');
  startTimer(tcb, 'retransmission', Math.max(1, oldest.sentAtUs + tcb.rto.rtoUs - ctx.nowUs), ctx, 'rto-start');
}

/** Marks what was sent long enough before something that has arrived; returns how long to wait for the rest, 0 for nothing. */
export function markOutdated(tcb: Tcb, ctx: TcpContext): number {
  const queue = tcb.retransmissionQueue;
  const { recovery } = tcb;
  if (queue.sackedSegments + queue.lostSegments + queue.resentSegments === 0) return 0;
  const count = outstandingSegments(queue);
  const windowUs = recovery.rackRttUs + reorderingWindowUs(tcb);
  let waitUs = 0;
  let any = false;
  for (let i = 0; i < count; i++) {
    const sent = entryAt(queue, i);
    if (sent === null || sent.sacked || (sent.lost && !sent.resent)) continue;
    if (sent.order > recovery.rackOrder) continue;
    const remainingUs = windowUs - (ctx.nowUs - sent.sentAtUs);
    if (remainingUs <= 0) any = markLost(tcb, i) || any;
    else waitUs = Math.max(waitUs, remainingUs);
  }
  if (any) note(tcb, ctx, 'rack-loss');
  return waitUs;
}

/** RACK.reo_wnd: how much later than others a segment may arrive without being lost (RFC 8985 section 6.2, step 4). */
function reorderingWindowUs(tcb: Tcb): number {
  const { recovery, retransmissionQueue, rto } = tcb;
  if (!recovery.reordering) {
    if (recovery.phase === 'recovery' || recovery.phase === 'loss') return 0;
    if (retransmissionQueue.sackedSegments >= recovery.dupThresh) return 0;
  }
  const shareUs = Math.floor(recovery.minRttUs * REORDERING_SHARE) * recovery.reorderingSteps;
  return Math.min(shareUs, rto.srttUs ?? shareUs);
}
