import { assertNever } from '../assertNever';
import type { Cause } from '../events';
import type { Octets } from '../octets';
import { NO_OCTETS, octetsLength } from '../octets';
import type { RuleId } from '../rules';
import type { Segment } from '../segment';
import { FLAG } from '../segment';
import type { Seq } from '../seq';
import { seq, seqAdd, seqDiff, seqGt, seqLt, seqMax } from '../seq';
import { paceAckSent, paceDataSent } from './ackPacing';
import type { TcpContext } from './context';
import { ecnField, ecnFlags, ecnSynFlags } from './ecn';
import { effectiveSendMss, fullSegmentBytes, segmentOptions, synOptions } from './options';
import { forgetOldPath, pieces, textBytes } from './pathMtu';
import { oldestLost } from './queueMarks';
import { offerWindow } from './receiveMemory';
import { nextGap, noteHighRxt } from './recovery/gaps';
import { noteResent } from './recovery/reduce';
import { resendRule } from './recovery/ruleAtWork';
import { beforeNewData, newDataSent } from './recovery/sending';
import { congestionRoom, runsOnInRecovery, weight } from './recovery/state';
import { probeTimeoutUs, watchFlight } from './recovery/tailLossProbe';
import type { SentSegment } from './retransmissionQueue';
import {
  entryAt,
  joinEntries,
  nothingOutstanding,
  outstandingSegments,
  pushSent,
  replaceEntries,
  replaceEntry,
} from './retransmissionQueue';
import { startTiming, stopTiming } from './rto';
import { stretch } from './sendQueue';
import type { Tcb } from './tcb';
import { isSet, startTimer, stopTimer } from './timers';
import { enterState } from './trace';
import { finMayGo, leavingBytes, maySendData, sendableBytes, unsentBytes, usableWindow } from './windows';

/** One segment that TCP puts on the wire, and why. */
export interface Emission {
  readonly segment: Segment;
  readonly cause: Cause;
  /** True when its octets (or SYN, FIN) were sent before. */
  readonly retransmission: boolean;
}

/** What is to be sent next. */
export type OutputKind =
  | 'none'
  | 'reply'
  | 'retransmission'
  | 'syn'
  | 'probe'
  | 'tail-probe'
  | 'resend'
  | 'gap'
  | 'data'
  | 'fin'
  | 'ack';

const ZERO = seq(0);

/** A segment that has just left for the first time. */
const FRESH = { transmissions: 1, sacked: false, lost: false, resent: false } as const;

/** What TCP has to send next: the first that applies, from resets to a bare ACK, which anything before it carries along. */
export function nextOutput(tcb: Tcb): OutputKind {
  const { owed } = tcb;
  if (owed.replies.length > 0) return 'reply';
  if (owed.retransmission !== null) return 'retransmission';
  if (owed.syn !== null) return 'syn';
  if (owed.probe !== null) return 'probe';
  if (owed.ack !== null && tcb.pace.alone) return 'ack';
  if (owed.tailProbe !== null) return 'tail-probe';
  if (nextResend(tcb) >= 0) return 'resend';
  if (maySendData(tcb)) {
    if (sendableBytes(tcb) > 0) return 'data';
    if (finMayGo(tcb)) return 'fin';
  }
  if (nextGap(tcb) >= 0) return 'gap';
  return owed.ack === null ? 'none' : 'ack';
}

/** Sends one segment, of the kind that `nextOutput` says; null when there is nothing to send. */
export function output(tcb: Tcb, kind: OutputKind, ctx: TcpContext): Emission | null {
  switch (kind) {
    case 'data':
      forgetOldPath(tcb, ctx);
      beforeNewData(tcb, ctx);
      return sendData(tcb, sendableBytes(tcb), 'send-data', ctx);
    case 'ack':
      return sendAck(tcb, ctx);
    case 'none':
      return null;
    case 'reply':
      return sendReply(tcb);
    case 'retransmission':
      return sendOwedAgain(tcb, ctx);
    case 'tail-probe':
      return sendTailProbe(tcb, ctx);
    case 'resend':
      return sendAgain(tcb, nextResend(tcb), { rule: resendRule(tcb), line: null, trigger: ctx.trigger }, ctx);
    case 'gap':
      return sendAgain(tcb, nextGap(tcb), { rule: 'sack-resend-gap', line: null, trigger: ctx.trigger }, ctx);
    case 'syn':
      return sendSyn(tcb, ctx);
    case 'probe':
      return sendProbe(tcb, ctx);
    case 'fin':
      return sendFin(tcb, ctx);
    default:
      return assertNever(kind);
  }
}

function sendReply(tcb: Tcb): Emission | null {
  const reply = tcb.owed.replies.shift();
  return reply === undefined ? null : { ...reply, retransmission: false };
}

/** <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>. */
function sendAck(tcb: Tcb, ctx: TcpContext): Emission | null {
  const cause = tcb.owed.ack;
  if (cause === null) return null;
  adopt(ctx, cause);
  return { segment: build(tcb, ctx, tcb.snd.nxt, FLAG.ACK, NO_OCTETS), cause, retransmission: false };
}

/** <SEQ=ISS><CTL=SYN>, or <SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK> once the remote SYN is known. */
function sendSyn(tcb: Tcb, ctx: TcpContext): Emission | null {
  const cause = tcb.owed.syn;
  if (cause === null || tcb.iss === null) return null;
  adopt(ctx, cause);
  tcb.owed.syn = null;
  const flags = tcb.irs === null ? FLAG.SYN : FLAG.SYN | FLAG.ACK;
  const sent: SentSegment = {
    ...FRESH,
    seq: tcb.iss,
    lengthBytes: 1,
    flags,
    sentAtUs: ctx.nowUs,
    order: tcb.counters.segmentsSent,
    line: cause.line,
  };
  if (nothingOutstanding(tcb.retransmissionQueue)) {
    pushSent(tcb.retransmissionQueue, sent);
    startTiming(tcb.rto, seqAdd(tcb.iss, 1), ctx.nowUs);
  } else {
    // Simultaneous open: our SYN went before, so the ACK could be for either (Karn, RFC 6298 section 3).
    replaceEntry(tcb.retransmissionQueue, 0, sent);
    stopTiming(tcb.rto);
  }
  ensureRetransmissionTimer(tcb, ctx);
  return { segment: build(tcb, ctx, tcb.iss, flags, NO_OCTETS), cause, retransmission: false };
}

/** The oldest segment again: the retransmission timer, a duplicate SYN or fast retransmit asks for it, whatever cwnd says. */
function sendOwedAgain(tcb: Tcb, ctx: TcpContext): Emission | null {
  const cause = tcb.owed.retransmission;
  tcb.owed.retransmission = null;
  return cause === null ? null : sendAgain(tcb, 0, cause, ctx);
}

/** The index of the next lost segment that cwnd lets go again; -1 for none. */
function nextResend(tcb: Tcb): number {
  const queue = tcb.retransmissionQueue;
  return queue.lostSegments === 0 || tcb.recovery.newDataFirst ? -1 : nextLost(tcb);
}

function nextLost(tcb: Tcb): number {
  const index = oldestLost(tcb.retransmissionQueue);
  const sent = index < 0 ? null : entryAt(tcb.retransmissionQueue, index);
  return sent !== null && congestionRoom(tcb) >= weight(tcb, 1, sent.lengthBytes) ? index : -1;
}

/** Whether the segment at `index` has room for the one after it. A SYN goes by itself. */
function mayJoin(tcb: Tcb, index: number): boolean {
  const sent = entryAt(tcb.retransmissionQueue, index);
  return sent !== null && (sent.flags & FLAG.SYN) === 0 && sent.lengthBytes < effectiveSendMss(tcb);
}

/** The segment at `index` of the retransmission queue again, without what has been acknowledged of it. */
function sendAgain(tcb: Tcb, index: number, cause: Cause, ctx: TcpContext): Emission | null {
  const queue = tcb.retransmissionQueue;
  if (tcb.config.resendsTogether && mayJoin(tcb, index)) joinEntries(queue, index, effectiveSendMss(tcb));
  const sent = entryAt(queue, index);
  if (sent === null) return null;
  // A path that has become narrower has no room for what was sent before, nor for SACK blocks beside a full segment.
  const mss = tcb.path.loweredAtUs === null ? fullSegmentBytes(tcb) : effectiveSendMss(tcb);
  if (textBytes(sent) > mss) {
    replaceEntries(queue, index, 1, pieces(tcb, sent, mss));
    return sendAgain(tcb, index, cause, ctx);
  }
  adopt(ctx, cause);
  stopTiming(tcb.rto);
  replaceEntry(queue, index, {
    ...sent,
    sentAtUs: ctx.nowUs,
    order: tcb.counters.segmentsSent,
    transmissions: sent.transmissions + 1,
    resent: true,
  });
  tcb.counters.retransmissions++;
  noteResent(tcb, ctx.nowUs, sent.lengthBytes);
  noteHighRxt(tcb, sent);
  if (index === 0 && tcb.recovery.phase === 'recovery' && !runsOnInRecovery(tcb)) {
    stopTimer(tcb, 'loss-probe', ctx, 'tail-probe-stop');
    startTimer(tcb, 'retransmission', tcb.rto.rtoUs, ctx, 'rto-start');
  } else ensureRetransmissionTimer(tcb, ctx);
  if ((sent.flags & FLAG.SYN) !== 0) {
    return { segment: build(tcb, ctx, sent.seq, sent.flags, NO_OCTETS), cause, retransmission: true };
  }
  const fin = sent.flags & FLAG.FIN;
  const from = seqMax(sent.seq, tcb.snd.una);
  const lengthBytes = seqDiff(seqAdd(sent.seq, sent.lengthBytes), from) - (fin === 0 ? 0 : 1);
  const { octets, push } = stretch(tcb.sendQueue, from, lengthBytes);
  const flags = FLAG.ACK | fin | (push ? FLAG.PSH : 0);
  return { segment: build(tcb, ctx, from, flags, octets), cause, retransmission: true };
}

/** TLP_send_probe(): new data if the window lets it, whatever cwnd says, else the last segment again (RFC 8985 section 7.3). */
function sendTailProbe(tcb: Tcb, ctx: TcpContext): Emission | null {
  const cause = tcb.owed.tailProbe;
  tcb.owed.tailProbe = null;
  if (cause === null) return null;
  const newBytes = Math.min(unsentBytes(tcb), usableWindow(tcb), effectiveSendMss(tcb));
  tcb.recovery.tlpResent = !maySendData(tcb) || newBytes <= 0;
  const last = outstandingSegments(tcb.retransmissionQueue) - 1;
  // The probe begins its own episode: the data that it carries starts no other.
  tcb.recovery.tlpEnd = tcb.snd.nxt;
  const emission = tcb.recovery.tlpResent ? sendAgain(tcb, last, cause, ctx) : sendData(tcb, newBytes, cause.rule, ctx);
  tcb.recovery.tlpEnd = tcb.snd.nxt;
  return emission;
}

/** What the persist timer asks for: a window probe of one octet (or the FIN), or what silly window avoidance held back. */
function sendProbe(tcb: Tcb, ctx: TcpContext): Emission | null {
  const cause = tcb.owed.probe;
  if (cause === null) return null;
  adopt(ctx, cause);
  tcb.owed.probe = null;
  if (cause.rule === 'window-probe') tcb.counters.probesSent++;
  if (!nothingOutstanding(tcb.retransmissionQueue)) {
    return sendAgain(tcb, 0, cause, ctx);
  }
  if (unsentBytes(tcb) === 0) return sendFin(tcb, ctx, cause);
  const lengthBytes = Math.max(1, Math.min(unsentBytes(tcb), usableWindow(tcb), effectiveSendMss(tcb)));
  return sendData(tcb, lengthBytes, cause.rule, ctx);
}

/** Data at SND.NXT, and our FIN with it when it is the last and the window has room. */
function sendData(tcb: Tcb, lengthBytes: number, rule: RuleId, ctx: TcpContext): Emission {
  const from = tcb.snd.nxt;
  const again = seqLt(from, tcb.snd.max);
  const { octets, push, line } = stretch(tcb.sendQueue, from, lengthBytes);
  const cause: Cause = { rule: again ? 'resend-after-probe' : rule, line, trigger: ctx.trigger };
  adopt(ctx, cause);
  const fin = tcb.owed.fin !== null && finFits(tcb, lengthBytes) ? tcb.owed.fin : null;
  const flags = FLAG.ACK | (push ? FLAG.PSH : 0) | (fin === null ? 0 : FLAG.FIN);
  const segment = build(tcb, ctx, from, flags, octets);
  if (lengthBytes < fullSegmentBytes(tcb)) tcb.snd.smallEnd = seqAdd(from, lengthBytes);
  advance(tcb, from, lengthBytes + (fin === null ? 0 : 1), flags, ctx);
  if (fin !== null) finSent(tcb, fin, ctx);
  return { segment, cause, retransmission: again };
}

/** Whether the FIN goes with a segment of so many octets: it is the last, and the window has room. */
function finFits(tcb: Tcb, lengthBytes: number): boolean {
  return lengthBytes === unsentBytes(tcb) && usableWindow(tcb) > lengthBytes && leavingBytes(tcb) <= 0;
}

/** <SEQ=SND.NXT><ACK=RCV.NXT><CTL=FIN,ACK>. `probe` is why it goes although the window is closed; null when it is not. */
function sendFin(tcb: Tcb, ctx: TcpContext, probe: Cause | null = null): Emission | null {
  const { fin } = tcb.owed;
  if (fin === null) return null;
  const cause = probe === null ? fin : { ...probe, line: fin.line };
  adopt(ctx, cause);
  tcb.rto.probes = 0;
  const from = tcb.snd.nxt;
  const flags = FLAG.FIN | FLAG.ACK;
  const segment = build(tcb, ctx, from, flags, NO_OCTETS);
  advance(tcb, from, 1, flags, ctx);
  finSent(tcb, cause, ctx);
  return { segment, cause, retransmission: false };
}

/** Notes that our FIN left; after CLOSE-WAIT that is the step to LAST-ACK (RFC 9293 section 3.10.4). */
function finSent(tcb: Tcb, cause: Cause, ctx: TcpContext): void {
  tcb.owed.fin = null;
  tcb.snd.fin = seqAdd(tcb.snd.nxt, -1);
  if (tcb.state !== 'CLOSE-WAIT') return;
  adopt(ctx, cause);
  enterState(tcb, 'LAST-ACK', ctx, 'fin-sent-last-ack');
}

/** Moves SND.NXT over what was sent, and keeps it for retransmission. */
function advance(tcb: Tcb, from: Seq, lengthBytes: number, flags: number, ctx: TcpContext): void {
  const next = seqAdd(from, lengthBytes);
  const fresh = !seqLt(from, tcb.snd.max);
  const transmissions = fresh ? 1 : 2;
  if (!fresh) tcb.counters.retransmissions++;
  tcb.snd.nxt = next;
  tcb.snd.max = seqMax(tcb.snd.max, next);
  if (tcb.config.sendsDuringCalls) tcb.snd.leaving = seqMax(tcb.snd.leaving, next);
  const sent: SentSegment = {
    seq: from,
    lengthBytes,
    flags,
    sentAtUs: ctx.nowUs,
    order: tcb.counters.segmentsSent,
    transmissions,
    line: ctx.line,
    sacked: false,
    lost: false,
    resent: false,
  };
  pushSent(tcb.retransmissionQueue, sent);
  if (tcb.rto.probes > 0) return;
  if (fresh) startTiming(tcb.rto, next, ctx.nowUs);
  newDataSent(tcb, lengthBytes - ((flags & FLAG.FIN) === 0 ? 0 : 1), ctx);
  if (tcb.config.tailLossProbe && probeTimeoutUs(tcb) !== null) watchFlight(tcb, ctx);
  else ensureRetransmissionTimer(tcb, ctx);
}

/** RFC 6298 section 5.1. While the window is being probed the persist timer does this work. */
function ensureRetransmissionTimer(tcb: Tcb, ctx: TcpContext): void {
  if (tcb.rto.probes > 0 || isSet(tcb.timers.retransmission) || isSet(tcb.timers['loss-probe'])) return;
  startTimer(tcb, 'retransmission', tcb.rto.rtoUs, ctx, 'rto-start');
}

/** Events that come with a segment carry the segment's own cause. */
function adopt(ctx: TcpContext, cause: Cause): void {
  ctx.line = cause.line;
  ctx.trigger = cause.trigger;
}

/** Makes a segment; with ACK it carries RCV.NXT and RCV.WND, and no ACK is owed any more (RFC 9293 section 3.10.7.4, MUST-58). */
function build(tcb: Tcb, ctx: TcpContext, from: Seq, flags: number, payload: Octets): Segment {
  const { snd, rcv, remote } = tcb;
  if (remote === null) throw new Error('a segment needs a remote socket');
  const acks = (flags & FLAG.ACK) !== 0;
  const isSyn = (flags & FLAG.SYN) !== 0;
  const options = isSyn ? synOptions(tcb, ctx.nowUs) : segmentOptions(tcb, ctx.nowUs, acks);
  if (acks && !isSyn && !tcb.pace.alone && tcb.config.receiveMemory !== null) offerWindow(tcb);
  // The window of a SYN is never scaled (RFC 7323 section 2.2).
  const wnd = Math.min(isSyn ? rcv.wnd : rcv.wnd >>> tcb.options.rcvShift, 0xffff);
  if (acks) acknowledgmentLeaves(tcb, ctx, isSyn ? wnd : wnd << tcb.options.rcvShift);
  if (octetsLength(payload) > 0) paceDataSent(tcb, ctx.nowUs);
  // The pointer counts from SEG.SEQ to the octet after the urgent data (RFC 9293 section 3.8.5, MUST-62).
  const urgent = !isSyn && seqGt(snd.up, from);
  const isNewData = !isSyn && octetsLength(payload) > 0 && from === snd.nxt && from === snd.max;
  const ecnBits = isSyn ? ecnSynFlags(tcb) : ecnFlags(tcb, isNewData);
  return {
    source: tcb.local,
    destination: remote,
    seq: from,
    ack: acks ? rcv.nxt : ZERO,
    flags: flags | ecnBits | (urgent ? FLAG.URG : 0),
    wnd,
    up: urgent ? Math.min(seqDiff(snd.up, from), 0xffff) : 0,
    options,
    payload,
    ecn: ecnField(tcb, isNewData),
  };
}

/** The remote TCP is told RCV.NXT and a window of `toldBytes`. */
function acknowledgmentLeaves(tcb: Tcb, ctx: TcpContext, toldBytes: number): void {
  paceAckSent(tcb);
  tcb.owed.ack = null;
  if (isSet(tcb.timers['delayed-ack'])) stopTimer(tcb, 'delayed-ack', ctx, 'delayed-ack-stop');
  tcb.rcv.adv = seqAdd(tcb.rcv.nxt, toldBytes);
  tcb.rcv.dsack = null;
  tcb.options.lastAckSent = tcb.rcv.nxt;
  tcb.rcv.unackedBytes = 0;
}
