import type { IcmpMessage } from '../icmp';
import { FLAG } from '../segment';
import { seqAdd, seqDiff, seqMax } from '../seq';
import { datagramBytes } from '../wire';
import type { TcpContext } from './context';
import { fullSegmentBytes } from './options';
import { setPathMtu } from './path';
import { watchFlight } from './recovery/tailLossProbe';
import type { SentSegment } from './retransmissionQueue';
import { entryAt, outstandingSegments, replaceEntries } from './retransmissionQueue';
import type { Tcb } from './tcb';
import { note } from './trace';

/** The least MTU that every IPv6 link has: a path never has less (RFC 8201 section 4). */
const IPV6_LEAST_MTU = 1280;

/** After so long the path may have become wider, and is tried anew (RFC 1191 section 6.3, RFC 8201 section 4). */
const LIFETIME_US = 600_000_000;

/** MTUs of usual links: what a path may have when a router does not tell (RFC 1191 section 7.1, table 7-1). */
const PLATEAUS: readonly number[] = [32_000, 17_914, 8_166, 4_352, 2_002, 1_492, 1_006, 508, 296, 68];

/**
 * A router says that the path takes no datagram of the quoted one's size: Eff.snd.MSS falls, and what is on its way and too
 * large is cut anew and sent again. This is no sign of congestion, so cwnd stays: in bytes, or in segments (RFC 1191 section 6.5, RFC 8201 section 5.4).
 */
export function takeTooBig(tcb: Tcb, message: IcmpMessage, ctx: TcpContext): void {
  const told = message.mtuBytes > 0 ? message.mtuBytes : nextPlateau(datagramBytes(message.quoted));
  const { path } = tcb;
  if (path.isIpv6 && told < IPV6_LEAST_MTU) {
    note(tcb, ctx, 'icmp-mtu-impossible');
    return;
  }
  const mtuBytes = Math.max(told, path.isIpv6 ? IPV6_LEAST_MTU : tcb.config.leastPathMtuBytes);
  if (mtuBytes >= path.mtuBytes) {
    note(tcb, ctx, 'icmp-mtu-not-lower');
    return;
  }
  const before = fullSegmentBytes(tcb);
  setPathMtu(path, mtuBytes, ctx.nowUs);
  note(tcb, ctx, message.mtuBytes > 0 ? 'path-mtu-lowered' : 'path-mtu-guessed');
  if (tcb.config.countsSegments) keepSegmentCount(tcb, before, fullSegmentBytes(tcb), ctx);
  resendTooLarge(tcb, ctx);
}

function nextPlateau(sizeBytes: number): number {
  return PLATEAUS.find((plateau) => plateau < sizeBytes) ?? 68;
}

/** New data may try whether the path has become wider. */
export function forgetOldPath(tcb: Tcb, ctx: TcpContext): void {
  const { loweredAtUs } = tcb.path;
  if (loweredAtUs !== null && ctx.nowUs - loweredAtUs >= LIFETIME_US) tryWiderPath(tcb, ctx);
}

function tryWiderPath(tcb: Tcb, ctx: TcpContext): void {
  const { path } = tcb;
  const before = fullSegmentBytes(tcb);
  setPathMtu(path, path.interfaceBytes, null);
  note(tcb, ctx, 'path-mtu-forgotten');
  if (tcb.config.countsSegments) keepSegmentCount(tcb, before, fullSegmentBytes(tcb), ctx);
}

/** A window that counts segments holds as many of the new size as of the old one. */
function keepSegmentCount(tcb: Tcb, beforeBytes: number, afterBytes: number, ctx: TcpContext): void {
  const { congestion, recovery } = tcb;
  const share = afterBytes / beforeBytes;
  const scaled = (bytes: number): number =>
    bytes === Number.POSITIVE_INFINITY ? bytes : Math.round((bytes * share) / afterBytes) * afterBytes;
  congestion.cwndBytes = scaled(congestion.cwndBytes);
  congestion.ssthreshBytes = scaled(congestion.ssthreshBytes);
  congestion.mostOutBytes = scaled(congestion.mostOutBytes);
  congestion.usedBytes = scaled(congestion.usedBytes);
  for (const key of ['creditBytes', 'wMaxBytes', 'epochBytes', 'estimateBytes'] as const) congestion[key] *= share;
  for (const key of ['priorCwndBytes', 'deliveredBytes', 'outBytes', 'undoCwndBytes', 'undoSsthreshBytes'] as const) {
    recovery[key] = scaled(recovery[key]);
  }
  note(tcb, ctx, 'window-keeps-segments');
}

/** Cuts what is too large for the path into segments that are not, and lets them go again as cwnd has room. */
function resendTooLarge(tcb: Tcb, ctx: TcpContext): void {
  const { recovery } = tcb;
  if (!cutQueue(tcb)) return;
  if (recovery.phase === 'recovery' && tcb.congestion.ssthreshBytes < tcb.congestion.cwndBytes) {
    tcb.congestion.cwndBytes = tcb.congestion.ssthreshBytes;
    note(tcb, ctx, 'recovery-cut-short');
  }
  // What the routers threw away says nothing of congestion: no ACK that tells of it may shrink the window.
  recovery.phase = 'loss';
  recovery.narrowed = true;
  recovery.recover = tcb.snd.nxt;
  recovery.dupAcks = 0;
  recovery.undoFrom = null;
  recovery.firstResendTs = null;
  recovery.frto = false;
  recovery.newDataFirst = false;
  recovery.tlpEnd = null;
  watchFlight(tcb, ctx);
}

/** Cuts what is too large and has not arrived into segments of the new size; true when there was some. Neighbours are cut as one. */
function cutQueue(tcb: Tcb): boolean {
  const mss = fullSegmentBytes(tcb);
  const queue = tcb.retransmissionQueue;
  let any = false;
  for (let i = 0; i < outstandingSegments(queue); i++) {
    const first = entryAt(queue, i);
    if (first === null || !isTooLarge(first, mss)) continue;
    let whole: SentSegment = { ...first, lost: true, resent: false };
    let count = 1;
    for (let next = entryAt(queue, i + 1); next !== null && isTooLarge(next, mss); next = entryAt(queue, i + count)) {
      const { transmissions } = whole;
      const lengthBytes = whole.lengthBytes + next.lengthBytes;
      whole = { ...whole, lengthBytes, flags: next.flags, transmissions: Math.max(transmissions, next.transmissions) };
      count++;
    }
    const parts = pieces(tcb, whole, mss);
    replaceEntries(queue, i, count, parts);
    i += parts.length - 1;
    any = true;
  }
  return any;
}

function isTooLarge(sent: SentSegment, mss: number): boolean {
  return !sent.sacked && textBytes(sent) > mss;
}

/** Octets of payload of a segment that was sent. */
export function textBytes(sent: SentSegment): number {
  return sent.lengthBytes - ((sent.flags & FLAG.FIN) === 0 ? 0 : 1) - ((sent.flags & FLAG.SYN) === 0 ? 0 : 1);
}

/** A segment as several of at most `mss` octets, the FIN on the last. */
export function pieces(tcb: Tcb, sent: SentSegment, mss: number): SentSegment[] {
  const found: SentSegment[] = [];
  const end = seqAdd(sent.seq, sent.lengthBytes);
  const fin = sent.flags & FLAG.FIN;
  const textEnd = seqAdd(end, fin === 0 ? 0 : -1);
  for (let from = seqMax(sent.seq, tcb.snd.una); seqDiff(textEnd, from) > 0; ) {
    const lengthBytes = Math.min(mss, seqDiff(textEnd, from));
    const to = seqAdd(from, lengthBytes);
    const last = to === textEnd;
    found.push({
      ...sent,
      seq: from,
      lengthBytes: lengthBytes + (last && fin !== 0 ? 1 : 0),
      flags: last ? sent.flags : sent.flags & ~(FLAG.FIN | FLAG.PSH),
    });
    from = to;
  }
  return found;
}
