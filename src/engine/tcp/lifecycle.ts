import type { CallError } from '../calls';
import type { SegmentId } from '../events';
import type { IcmpError } from '../icmp';
import type { RuleId } from '../rules';
import type { Endpoint, Segment } from '../segment';
import type { Seq } from '../seq';
import { seqAdd } from '../seq';
import { freshAckPacing } from './ackPacing';
import { freshCongestion, initialWindowBytes } from './congestion';
import { startRound } from './congestion/hystart';
import type { TcpContext } from './context';
import { causeOf } from './context';
import { freshEcn, takeEcnSetup } from './ecn';
import { chooseIss } from './isn';
import { freshOptions, fullSegmentBytes, takeSynOptions, timestampAt } from './options';
import { freshPath } from './path';
import { createReassemblyQueue } from './reassembly';
import { flushReceiveBuffer, resetReceiveBuffer } from './receiveBuffer';
import { startMemory, startWindow } from './receiveMemory';
import { freshRecovery } from './recovery/state';
import { flushRetransmissionQueue } from './retransmissionQueue';
import { resetRto, stopTiming } from './rto';
import { flushSendQueue } from './sendQueue';
import type { Tcb } from './tcb';
import { freshCounters, freshReceiveVariables, freshSendVariables } from './tcb';
import { stopTimers } from './timers';
import { completeCall, discard, enterState, signalUser } from './trace';
import { startUserTimer } from './userTimer';
import { largestWindow, unsentBytes } from './windows';

/** Makes a fresh TCB in the place of the old one (RFC 9293 section 3.10.1, CLOSED). */
export function freshTcb(tcb: Tcb): void {
  forgetSequenceNumbers(tcb);
  flushQueues(tcb);
  resetReceiveBuffer(tcb.receiveBuffer);
  Object.assign(tcb.counters, freshCounters());
  tcb.remote = null;
  tcb.listenRemote = null;
}

/**
 * Goes on listening in the place of `before`, which has just become a connection: the preferences of the application and
 * the ISN clock of the host go on (RFC 9293 section 3.9.1.1, MUST-41). Nothing is said of it: to whoever comes it is the
 * same passive OPEN.
 */
export function listenLike(tcb: Tcb, before: Tcb): void {
  Object.assign(tcb.preferences, before.preferences);
  freshTcb(tcb);
  shareIsnClock(tcb, before);
  tcb.origin = 'passive';
  tcb.state = 'LISTEN';
}

/** Lets a connection choose its ISN by the clock of another of the same host, where the host has an `isn`. */
export function shareIsnClock(tcb: Tcb, other: Tcb): void {
  if (tcb.config.isn === null || other.isnOrigin === null) return;
  tcb.isnOrigin = other.isnOrigin;
  tcb.snd.max = other.isnOrigin.iss;
}

/** Drops a SYN that there is no room for; the other side will send it again. */
export function refuseSyn(tcb: Tcb, id: SegmentId, ctx: TcpContext, rule: RuleId): void {
  ctx.trigger = { kind: 'segment', segment: id };
  discard(tcb, id, ctx, rule);
}

/** Chooses ISS and sets SND.UNA to ISS, SND.NXT to ISS+1 (RFC 9293 sections 3.10.1 and 3.10.7.2). */
export function startSequence(tcb: Tcb, ctx: TcpContext): void {
  startSequenceAt(tcb, chooseIss(tcb, ctx));
}

/** Sets ISS, SND.UNA to ISS and SND.NXT to ISS+1. */
export function startSequenceAt(tcb: Tcb, iss: Seq): void {
  const next = seqAdd(iss, 1);
  tcb.iss = iss;
  tcb.snd.una = iss;
  tcb.snd.smallEnd = iss;
  tcb.snd.leaving = iss;
  tcb.snd.nxt = next;
  tcb.snd.max = next;
  tcb.snd.up = iss;
  tcb.snd.wl2 = iss;
  tcb.sendQueue.baseSeq = next;
}

/** Issues a SYN and enters SYN-SENT: an active OPEN (RFC 9293 section 3.10.1), or a SEND in LISTEN (3.10.2). */
export function startActive(tcb: Tcb, remote: Endpoint, ctx: TcpContext, rule: RuleId): void {
  tcb.remote = remote;
  tcb.origin = 'active';
  startSequence(tcb, ctx);
  startWindow(tcb);
  tcb.owed.syn = causeOf(ctx, rule);
  enterState(tcb, 'SYN-SENT', ctx, rule);
  startUserTimer(tcb, ctx);
}

/** Takes in IRS, RCV.NXT, the options and the window of the remote SYN. */
export function takeSyn(tcb: Tcb, segment: Segment, nowUs: number): void {
  tcb.irs = segment.seq;
  tcb.rcv.nxt = seqAdd(segment.seq, 1);
  tcb.rcv.up = tcb.rcv.nxt;
  tcb.rcv.adv = tcb.rcv.nxt;
  takeSynOptions(tcb, segment, nowUs);
  takeEcnSetup(tcb, segment);
  tcb.snd.wnd = segment.wnd;
  tcb.snd.maxWnd = Math.max(tcb.snd.maxWnd, segment.wnd);
  tcb.snd.wl1 = segment.seq;
}

/** The connection is ESTABLISHED: the receive window, and the initial congestion window, which is one segment when SYNs were lost (RFC 5681 section 3.1). */
export function startTransfer(tcb: Tcb, segment: Segment, nowUs: number): void {
  startMemory(tcb, nowUs);
  tcb.pace.receivedAtUs = nowUs;
  const { config, counters } = tcb;
  if (config.congestionControl === 'off') return;
  const mss = fullSegmentBytes(tcb);
  const lossy = counters.retransmissions >= config.synLossesForSmallWindow && !answersFirstSyn(tcb, segment);
  const initial = initialWindowBytes(config.initialWindowSegments, mss, config.countsSegments);
  tcb.congestion.cwndBytes = lossy ? mss : initial;
  tcb.recovery.recover = tcb.snd.una;
  startRound(tcb.congestion.hystart, nowUs, tcb.snd.nxt);
}

/** The answer echoes the timestamp of our first SYN: that one was not lost, only the answer was late (RFC 3522; Linux: tcp_try_undo_spurious_syn). */
function answersFirstSyn(tcb: Tcb, { options }: Segment): boolean {
  if (!tcb.config.undo || !tcb.options.timestamps || options.ts === undefined) return false;
  return options.ts[1] === timestampAt(tcb.rto.waitsSinceUs);
}

/** Returns a connection that was opened passively from SYN-RECEIVED to LISTEN (RFC 9293 sections 3.5.3, 3.10.7.4, MUST-11). */
export function returnToListen(tcb: Tcb, ctx: TcpContext, rule: RuleId): void {
  stopTimers(tcb, ctx, rule);
  // RECEIVEs that wait stay with the passive OPEN; data for the peer that is gone does not.
  const waiting = tcb.receives;
  const closeWaits = tcb.owed.fin;
  failWaitingSends(tcb, 'connection reset', ctx, rule);
  // "The user need not be informed", unless what it has already handed over is lost (RFC 9293 section 3.10.7.4, second check).
  if (unsentBytes(tcb) > 0) signalUser(tcb, 'connection reset', ctx, rule);
  forgetSequenceNumbers(tcb);
  flushQueues(tcb);
  tcb.receives = waiting;
  tcb.remote = tcb.listenRemote;
  tcb.origin = 'passive';
  enterState(tcb, 'LISTEN', ctx, rule);
  if (closeWaits === null) return;
  // The CLOSE that waited for ESTABLISHED (RFC 9293 section 3.10.4, SYN-RECEIVED) finds the connection in LISTEN.
  completeCall(tcb, 'close', { ok: true }, closeWaits.line, ctx, 'close-listen');
  deleteTcb(tcb, 'connection closing', ctx, 'close-listen');
}

/**
 * Deletes the TCB and enters CLOSED: queues are flushed and calls that wait get `error`. Resets that are
 * owed still go out; the variables keep their last values for the eye.
 */
export function deleteTcb(tcb: Tcb, error: CallError, ctx: TcpContext, rule: RuleId): void {
  stopTimers(tcb, ctx, rule);
  failWaitingReceives(tcb, error, ctx, rule);
  failWaitingSends(tcb, error, ctx, rule);
  flushQueues(tcb);
  enterState(tcb, 'CLOSED', ctx, rule);
  tcb.origin = null;
}

/** What the application is told when nobody answered: what a soft ICMP error said of it, if one came (RFC 5927 section 2.2). */
export function timeoutError(tcb: Tcb): IcmpError | 'connection aborted due to user timeout' {
  return tcb.softError ?? 'connection aborted due to user timeout';
}

/** Returns `error` to every RECEIVE that waits. */
export function failWaitingReceives(tcb: Tcb, error: CallError, ctx: TcpContext, rule: RuleId): void {
  for (const waiting of tcb.receives) completeCall(tcb, 'receive', { ok: false, error }, waiting.line, ctx, rule);
  tcb.receives = [];
}

function failWaitingSends(tcb: Tcb, error: CallError, ctx: TcpContext, rule: RuleId): void {
  for (const waiting of tcb.sendQueue.waiting) completeCall(tcb, 'send', { ok: false, error }, waiting.line, ctx, rule);
  tcb.sendQueue.waiting = [];
}

function flushQueues(tcb: Tcb): void {
  flushSendQueue(tcb.sendQueue);
  flushRetransmissionQueue(tcb.retransmissionQueue);
  flushReceiveBuffer(tcb.receiveBuffer);
  tcb.reassembly = createReassemblyQueue();
  tcb.receives = [];
  stopTiming(tcb.rto);
  const { owed } = tcb;
  owed.syn = null;
  owed.retransmission = null;
  owed.tailProbe = null;
  owed.probe = null;
  owed.fin = null;
  owed.ack = null;
}

function forgetSequenceNumbers(tcb: Tcb): void {
  const lastMax = tcb.snd.max;
  tcb.iss = null;
  tcb.irs = null;
  Object.assign(tcb.snd, freshSendVariables());
  // The ISN of the next connection has to lie beyond what this one used (isn.ts).
  tcb.snd.max = lastMax;
  Object.assign(tcb.options, freshOptions());
  Object.assign(tcb.pace, freshAckPacing());
  Object.assign(tcb.congestion, freshCongestion());
  Object.assign(tcb.recovery, freshRecovery(tcb.config.dupThresh));
  Object.assign(tcb.ecn, freshEcn());
  Object.assign(tcb.path, freshPath(tcb.config));
  tcb.softError = null;
  Object.assign(tcb.rcv, freshReceiveVariables(largestWindow(tcb)));
  resetRto(tcb.rto, tcb.config);
}
