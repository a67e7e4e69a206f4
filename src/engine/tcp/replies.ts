import type { Cause, SegmentId } from '../events';
import type { Octets } from '../octets';
import { NO_OCTETS, octetsLength } from '../octets';
import type { RuleId } from '../rules';
import type { Segment } from '../segment';
import { FLAG, NO_OPTIONS, segLen } from '../segment';
import type { Seq } from '../seq';
import { seq, seqAdd } from '../seq';
import type { TcpContext } from './context';
import { causeOf } from './context';
import { segmentOptions } from './options';
import { offerWindow } from './receiveMemory';
import type { Tcb } from './tcb';
import { stopTimer } from './timers';
import { discard, note } from './trace';

/**
 * Queues the reset that answers `segment` (RFC 9293 section 3.5.2): <SEQ=SEG.ACK><CTL=RST> when the segment has an
 * ACK, else <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>.
 */
export function replyReset(tcb: Tcb, segment: Segment, ctx: TcpContext, rule: RuleId): void {
  const hasAck = (segment.flags & FLAG.ACK) !== 0;
  tcb.owed.replies.push({
    segment: {
      source: segment.destination,
      destination: segment.source,
      seq: hasAck ? segment.ack : seq(0),
      ack: hasAck ? seq(0) : seqAdd(segment.seq, segLen(segment)),
      flags: hasAck ? FLAG.RST : FLAG.RST | FLAG.ACK,
      wnd: 0,
      up: 0,
      options: NO_OPTIONS,
      payload: NO_OCTETS,
      ecn: 0,
    },
    cause: causeOf(ctx, rule),
  });
}

/** Queues <SEQ=SND.NXT><CTL=RST>, which ends the connection at the other side too (RFC 9293 section 3.10.5). */
export function sendReset(tcb: Tcb, ctx: TcpContext, rule: RuleId): void {
  if (tcb.remote === null) return;
  replyDueAck(tcb, ctx);
  const acks = tcb.config.abortAcknowledges;
  tcb.owed.replies.push({
    segment: {
      source: tcb.local,
      destination: tcb.remote,
      seq: tcb.snd.nxt,
      ack: acks ? tcb.rcv.nxt : seq(0),
      flags: acks ? FLAG.RST | FLAG.ACK : FLAG.RST,
      wnd: 0,
      up: 0,
      options: segmentOptions(tcb, ctx.nowUs, false),
      payload: NO_OCTETS,
      ecn: 0,
    },
    cause: causeOf(ctx, rule),
  });
}

/** An ACK that was due before the application acted leaves before what the application's call sends. */
function replyDueAck(tcb: Tcb, ctx: TcpContext): void {
  const cause = tcb.owed.ack;
  if (cause === null || !tcb.pace.alone) return;
  tcb.owed.ack = null;
  replyEmpty(tcb, tcb.snd.nxt, cause, ctx);
}

/** An ACK that stands for several segments above a gap leaves before it would tell of another. */
export function sendJoinedAck(tcb: Tcb, ctx: TcpContext): void {
  tcb.pace.joined = 0;
  stopTimer(tcb, 'delayed-ack', ctx, 'delayed-ack-stop');
  replyEmpty(tcb, tcb.snd.nxt, causeOf(ctx, 'text-out-of-order'), ctx);
}

/** Queues <SEQ=from><ACK=RCV.NXT><CTL=ACK> without data: with a number below SND.UNA it asks for an answer (RFC 9293 section 3.8.4). */
export function replyEmpty(tcb: Tcb, from: Seq, cause: Cause, ctx: TcpContext): void {
  replyWith(tcb, from, NO_OCTETS, cause, ctx);
}

/** The same with octets that the remote TCP has already, or that mean nothing. */
export function replyWith(tcb: Tcb, from: Seq, payload: Octets, cause: Cause, ctx: TcpContext): void {
  if (tcb.remote === null) return;
  if (tcb.config.receiveMemory !== null) offerWindow(tcb);
  tcb.owed.replies.push({
    segment: {
      source: tcb.local,
      destination: tcb.remote,
      seq: from,
      ack: tcb.rcv.nxt,
      flags: FLAG.ACK,
      wnd: Math.min(tcb.rcv.wnd >>> tcb.options.rcvShift, 0xffff),
      up: 0,
      options: segmentOptions(tcb, ctx.nowUs, true),
      payload,
      ecn: 0,
    },
    cause,
  });
}

/** Owes <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>, at once; it rides on whatever goes out first (MUST-58). */
export function oweAck(tcb: Tcb, ctx: TcpContext, rule: RuleId): void {
  tcb.owed.ack = causeOf(ctx, rule);
  // A TCP that paces its ACKs sends one that is due before the application runs.
  if (tcb.config.delayedAckMaxUs === null) return;
  tcb.pace.alone = true;
  // So its window is what there is before anything is read.
  if (tcb.config.receiveMemory !== null) offerWindow(tcb);
}

/**
 * Owes the ACK that answers a segment which can not be right, unless one left a moment ago: two TCPs that disagree, or a
 * forger, would get an endless stream (RFC 5961 section 7). A segment with text always gets its ACK. Returns whether it is owed.
 */
export function oweChallengeAck(tcb: Tcb, segment: Segment, ctx: TcpContext, rule: RuleId): boolean {
  const answers = answersNow(tcb, segment, ctx);
  if (answers) oweAck(tcb, ctx, rule);
  else note(tcb, ctx, 'challenge-limit');
  return answers;
}

/** What is said of a segment that can not be right where the ACK that should answer it is held back. */
const UNANSWERED = {
  'unacceptable-ack': 'unacceptable-unanswered',
  'timestamp-old': 'timestamp-old-unanswered',
  'reset-challenge-ack': 'reset-unanswered',
  'syn-challenge-ack': 'syn-unanswered',
  'ack-not-yet-sent': 'ack-not-yet-sent-unanswered',
  'ack-too-old': 'ack-too-old-unanswered',
} as const satisfies Partial<Record<RuleId, RuleId>>;

/** Drops a segment that can not be right, and owes the ACK that answers it as `oweChallengeAck` does. Returns whether it is owed. */
export function dropAndChallenge(
  tcb: Tcb,
  segment: Segment,
  id: SegmentId,
  ctx: TcpContext,
  rule: keyof typeof UNANSWERED,
): boolean {
  const answers = answersNow(tcb, segment, ctx);
  discard(tcb, id, ctx, answers ? rule : UNANSWERED[rule]);
  if (answers) oweAck(tcb, ctx, rule);
  else note(tcb, ctx, 'challenge-limit');
  return answers;
}

/** Counts the answer to a segment that can not be right, and remembers how long the next ones are held back if this one is. */
function answersNow(tcb: Tcb, segment: Segment, ctx: TcpContext): boolean {
  const { invalidAckIntervalUs } = tcb.config;
  const isSyn = (segment.flags & FLAG.SYN) !== 0;
  const exempt = octetsLength(segment.payload) > 0 && !isSyn;
  // What takes a sequence number is not part of an endless stream (Linux: tcp_oow_rate_limited).
  if ((isSyn || segLen(segment) === 0) && invalidAckIntervalUs > 0) {
    if (ctx.nowUs - tcb.challengedAtUs < invalidAckIntervalUs) {
      tcb.challenges.heldUntilUs = tcb.challengedAtUs + invalidAckIntervalUs;
      return false;
    }
    tcb.challengedAtUs = ctx.nowUs;
  }
  if (!exempt && !withinChallengeLimit(tcb, ctx)) {
    tcb.challenges.heldUntilUs = tcb.challenges.sinceUs + 1_000_000;
    return false;
  }
  return true;
}

/** Counts this challenge ACK; false when the second has had as many as it may (RFC 5961 section 7). */
function withinChallengeLimit(tcb: Tcb, ctx: TcpContext): boolean {
  const { challengeAcksPerSecond } = tcb.config;
  if (challengeAcksPerSecond === null) return true;
  const { challenges } = tcb;
  if (ctx.nowUs - challenges.sinceUs >= 1_000_000) {
    challenges.sinceUs = ctx.nowUs;
    challenges.count = 0;
  }
  challenges.count++;
  return challenges.count <= challengeAcksPerSecond;
}
