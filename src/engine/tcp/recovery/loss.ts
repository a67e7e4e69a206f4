import type { RuleId } from '../../rules';
import { seqAdd, seqGeq, seqGt, seqLeq, seqLt } from '../../seq';
import { freshHystart, startRound } from '../congestion/hystart';
import type { TcpContext } from '../context';
import { fullSegmentBytes } from '../options';
import { entryAt, front, outstandingSegments, replaceEntry } from '../retransmissionQueue';
import { queueEnd } from '../sendQueue';
import type { Tcb } from '../tcb';
import { note } from '../trace';
import { controlOf } from './control';
import { markLost } from './detect';
import { lowerThreshold, mayUndo, rememberForUndo, undoReduction } from './reduce';
import { stepRule, undoRule } from './ruleAtWork';
import type { AckNews } from './scoreboard';
import { pipeBytes } from './state';

/** The retransmission timer expired: what is on its way is taken to be lost, and slow start begins anew (RFC 5681 section 3.1, RFC 6582 section 4). */
export function enterLoss(tcb: Tcb, ctx: TcpContext): void {
  const { recovery, congestion } = tcb;
  const { phase } = recovery;
  const newRecovery = phase !== 'recovery' && phase !== 'loss';
  markAllLost(tcb, ctx);
  if (newRecovery || seqLeq(recovery.recover, tcb.snd.una) || isFirstTimeout(tcb)) {
    lowerThreshold(tcb, ctx);
    rememberForUndo(tcb);
    recovery.firstResendTs = null;
  }
  if (tcb.config.congestionControl !== 'off') congestion.cwndBytes = pipeBytes(tcb) + fullSegmentBytes(tcb);
  congestion.creditBytes = 0;
  controlOf(tcb)?.timedOut?.(congestion);
  Object.assign(congestion.hystart, freshHystart());
  startRound(congestion.hystart, ctx.nowUs, tcb.snd.nxt);
  recovery.phase = 'loss';
  recovery.narrowed = false;
  recovery.recover = tcb.snd.nxt;
  recovery.tlpEnd = null;
  recovery.frto = tcb.config.frto && (newRecovery || tcb.rto.attempts > 0);
  if (tcb.ecn.active) tcb.ecn.mustTell = true;
  if (phase !== 'loss') note(tcb, ctx, 'timeout-slow-start');
}

/** RFC 5681 section 3.1: "when the given segment has not yet been resent by way of the retransmission timer". */
function isFirstTimeout({ rto, recovery, config }: Tcb): boolean {
  return rto.attempts === 0 && (recovery.phase === 'loss' || !config.timeoutSparesRecovery);
}

/** Everything but what was SACKed, and with RACK what was sent only just now (RFC 8985 section 6.3). */
function markAllLost(tcb: Tcb, ctx: TcpContext): void {
  const queue = tcb.retransmissionQueue;
  const { recovery } = tcb;
  recovery.dupAcks = 0;
  // A receiver that takes back what it SACKed is not believed any more (RFC 2018 section 8).
  const reneged = front(queue)?.sacked === true;
  const recent = tcb.config.rack && tcb.options.sack && recovery.rackRttUs > 0;
  for (let i = 0; i < outstandingSegments(queue); i++) {
    const sent = entryAt(queue, i);
    if (sent === null) continue;
    if (reneged && sent.sacked) replaceEntry(queue, i, { ...sent, sacked: false });
    else if (recent && i > 0 && ctx.nowUs - sent.sentAtUs < recovery.rackRttUs) continue;
    markLost(tcb, i);
  }
}

/** An ACK after a timeout, with F-RTO (RFC 5682 sections 2.1 and 3.1); returns what it tells to have been delivered. */
export function recoverFromTimeout(
  tcb: Tcb,
  news: AckNews,
  ctx: TcpContext,
  addDuplicate: (tcb: Tcb) => number,
): number {
  const { recovery, snd } = tcb;
  const recovered = seqGeq(snd.una, recovery.recover);
  if (news.advanced && mayUndo(tcb, news)) {
    undoLoss(tcb, ctx, undoRule(tcb));
    return 0;
  }
  if (recovery.frto && judgeTimeout(tcb, news, recovered, ctx)) return 0;
  if (recovered) {
    if (mayUndo(tcb, news)) undoReduction(tcb, false, ctx, undoRule(tcb));
    recovery.dupAcks = 0;
    recovery.phase = 'open';
    recovery.frto = false;
    recovery.firstResendTs = null;
    note(tcb, ctx, recovery.narrowed ? 'narrowed-recovered' : 'timeout-recovered');
    return 0;
  }
  if (tcb.options.sack) return 0;
  if (seqGt(snd.nxt, recovery.recover) && news.duplicate) return addDuplicate(tcb);
  if (news.advanced) recovery.dupAcks = 0;
  return 0;
}

/** F-RTO's steps 2 and 3. True when nothing more is to be done for this ACK. */
function judgeTimeout(tcb: Tcb, news: AckNews, recovered: boolean, ctx: TcpContext): boolean {
  const { recovery, snd } = tcb;
  // Step 3b: something arrived that was sent only once, so it was not lost and the timeout came too early.
  if (news.originalArrived) {
    note(tcb, ctx, stepRule(tcb, 'frto-spurious'));
    undoLoss(tcb, ctx, stepRule(tcb, 'frto-undone'));
    return true;
  }
  if (seqGt(snd.nxt, recovery.recover)) {
    if (news.sackedSegments > 0 || news.duplicate) recovery.frto = false;
  } else if (news.advanced && !recovered) {
    recovery.recover = snd.nxt;
    const windowEnd = seqAdd(snd.una, snd.wnd);
    if (seqLt(snd.nxt, queueEnd(tcb.sendQueue)) && seqGt(windowEnd, snd.nxt)) {
      recovery.newDataFirst = true;
      note(tcb, ctx, stepRule(tcb, 'frto-new-data'));
      return true;
    }
    recovery.frto = false;
  }
  return false;
}

function undoLoss(tcb: Tcb, ctx: TcpContext, rule: RuleId): void {
  undoReduction(tcb, true, ctx, rule);
  tcb.recovery.frto = false;
  tcb.recovery.phase = 'open';
}
