import type { RuleId } from '../rules';
import type { Seq } from '../seq';
import {
  growForGap,
  growThreshold,
  measureByWindow,
  measureShare,
  offeredBytes,
  windowDoubled,
  windowKeepsUp,
} from './receiveMemory';
import type { Tcb } from './tcb';
import { isSet, timerRuns } from './timers';

/**
 * When ACKs are held back, where the delay follows the pace of the segments (HostConfig `delayedAckMaxUs`): RFC 9293
 * section 3.8.6.3 leaves to a TCP which ACKs it delays. Segments at the start are acknowledged one by one, since the
 * remote TCP is in slow start; later ones wait, longer when the application answers what it reads.
 */
export interface AckPacing {
  /** How many ACKs leave at once yet. */
  quick: number;
  /** The application answers what it reads, so that ACKs can ride on its data. */
  dialogue: boolean;
  /** The present delay in microseconds; 0 before the first data. */
  delayUs: number;
  /** When data arrived last. */
  receivedAtUs: number;
  /** Small or pushed segments since the last ACK: none, one, or more. */
  pushed: 0 | 1 | 2;
  /** What the remote TCP takes for a full segment, in bytes: the largest that came, or a smaller one that came twice running. */
  fullBytes: number;
  /** The size of the last segment if it was not full; 0 if it was. */
  lastSmallBytes: number;
  /** The ACK that is owed leaves by itself, before the application can act. */
  alone: boolean;
  /** How many ACKs of segments above a gap were joined and wait. */
  joined: number;
  /** How many such ACKs left at once for the present RCV.NXT, and that number; null before. */
  gapAcks: number;
  gapAt: Seq | null;
  /** The delayed ACK waits for the reader: it tells of a window that reading has opened. */
  forReader: boolean;
}

/** RCV.MSS before the first segment (RFC 9293 section 3.7.1, MUST-15). */
const FIRST_FULL_BYTES = 536;
/** A remote TCP that does not push sends full segments of any size from here on (Linux: TCP_MIN_MSS). */
const LEAST_FULL_BYTES = 88;

/** Before the first segment. */
export function freshAckPacing(): AckPacing {
  return {
    quick: 0,
    dialogue: false,
    delayUs: 0,
    receivedAtUs: 0,
    pushed: 0,
    fullBytes: FIRST_FULL_BYTES,
    lastSmallBytes: 0,
    alone: false,
    joined: 0,
    gapAcks: 0,
    gapAt: null,
    forReader: false,
  };
}

/** Whether this host adapts the delay of its ACKs. */
export function pacesAcks(tcb: Tcb): boolean {
  return tcb.config.delayedAckMaxUs !== null && tcb.preferences.delayedAckUs !== null;
}

function leastDelayUs(tcb: Tcb): number {
  return tcb.preferences.delayedAckUs ?? 0;
}

/** Text has been taken in in order: the delay follows the time since the text before it (Linux: tcp_event_data_recv). */
export function paceText(tcb: Tcb, lengthBytes: number, push: boolean, nowUs: number): void {
  const { pace } = tcb;
  measureFull(tcb, lengthBytes, push);
  measureByWindow(tcb, nowUs);
  const least = leastDelayUs(tcb);
  const sinceUs = nowUs - pace.receivedAtUs;
  if (pace.delayUs === 0) {
    quicken(tcb, tcb.config.quickAcks);
    pace.delayUs = least;
  } else if (sinceUs <= least / 2) pace.delayUs = pace.delayUs / 2 + least / 2;
  else if (sinceUs < pace.delayUs) pace.delayUs = Math.min(pace.delayUs / 2 + sinceUs, tcb.rto.rtoUs);
  else if (sinceUs > tcb.rto.rtoUs) quicken(tcb, tcb.config.quickAcks);
  pace.receivedAtUs = nowUs;
  // While the window grows the remote TCP is to hear of it with every segment.
  if (growThreshold(tcb, lengthBytes)) pace.quick |= 1;
}

/** Text came above a gap; where SACK tells of it, the window grows (Linux: tcp_data_queue_ofo). */
export function paceHeld(tcb: Tcb, lengthBytes: number, push: boolean): void {
  measureFull(tcb, lengthBytes, push);
  if (tcb.options.sack && growThreshold(tcb, lengthBytes)) tcb.pace.quick |= 1;
  growForGap(tcb);
}

/** What a full segment is, and whether this one ends something that the remote application wrote (Linux: tcp_measure_rcv_mss). */
function measureFull(tcb: Tcb, lengthBytes: number, push: boolean): void {
  const { pace } = tcb;
  const lastSmall = pace.lastSmallBytes;
  pace.lastSmallBytes = 0;
  if (lengthBytes >= pace.fullBytes) {
    if (lengthBytes !== pace.fullBytes) measureShare(tcb, lengthBytes);
    pace.fullBytes = Math.min(lengthBytes, tcb.config.mssBytes);
    if (push && pace.pushed === 0) pace.pushed = 1;
    return;
  }
  if (lengthBytes >= FIRST_FULL_BYTES || (lengthBytes >= LEAST_FULL_BYTES && !push)) {
    pace.lastSmallBytes = lengthBytes;
    if (lengthBytes === lastSmall) {
      pace.fullBytes = lengthBytes;
      return;
    }
  }
  pace.pushed = pace.pushed === 0 ? 1 : 2;
}

/** The next segments are acknowledged one by one, as many as half the window holds (Linux: tcp_incr_quickack). */
function quicken(tcb: Tcb, most: number): void {
  const half = Math.floor(offeredBytes(tcb) / (2 * tcb.pace.fullBytes));
  tcb.pace.quick = Math.max(tcb.pace.quick, Math.min(half === 0 ? 2 : half, most));
}

/** Something came that the remote TCP should hear about soon, such as a duplicate; `most` segments get ACKs of their own. */
export function startQuickAcks(tcb: Tcb, most: number): void {
  if (!pacesAcks(tcb)) return;
  quicken(tcb, most);
  tcb.pace.dialogue = false;
  // Before the first data nothing is set: that it is the first makes more ACKs quick.
  if (tcb.pace.delayUs > 0) tcb.pace.delayUs = leastDelayUs(tcb);
}

/** Whether text that came is acknowledged at once: more than a full segment and room for it, or an ACK for each. */
export function acksAtOnce(tcb: Tcb): boolean {
  const { pace, rcv } = tcb;
  if (rcv.unackedBytes > pace.fullBytes && hasRoom(tcb)) return true;
  return pace.quick > 0 && !pace.dialogue;
}

/** Whether an ACK would offer no smaller a window than the last one; otherwise it waits for the reader. */
function hasRoom(tcb: Tcb): boolean {
  const { rcv, preferences, receiveBuffer, config } = tcb;
  if (config.receiveMemory !== null) return windowKeepsUp(tcb);
  const free = Math.min(
    preferences.rcvbufBytes - receiveBuffer.bytes,
    config.windowClampBytes ?? Number.POSITIVE_INFINITY,
  );
  return preferences.autoRead || free >= rcv.wnd + rcv.unackedBytes;
}

/** How many ACKs for one RCV.NXT leave at once: as many as make a fast retransmit. */
const GAP_ACKS_AT_ONCE = 3;

/**
 * Whether the ACK of a segment above a gap leaves now; null for yes, else how long it waits for others to join it, in
 * microseconds (Linux: __tcp_ack_snd_check).
 */
export function joinGapAck(tcb: Tcb): number | null {
  const { pace, config, rcv, rto } = tcb;
  const { compressedAcks } = config;
  if (compressedAcks === null || !pacesAcks(tcb) || !tcb.options.sack) return null;
  if (acksAtOnce(tcb) || pace.joined >= compressedAcks.most) return null;
  if (pace.gapAt !== rcv.nxt) {
    pace.gapAt = rcv.nxt;
    pace.gapAcks = 0;
  }
  if (pace.gapAcks < GAP_ACKS_AT_ONCE) {
    pace.gapAcks++;
    return null;
  }
  pace.joined++;
  const rttUs = Math.min(tcb.memory.rtt8Us / 8, rto.srttUs ?? Number.POSITIVE_INFINITY);
  return Math.min(compressedAcks.delayUs, Math.floor(rttUs / 20));
}

/** How long an ACK may wait now, in microseconds (Linux: tcp_send_delayed_ack). */
export function ackDelayUs(tcb: Tcb): number {
  const least = leastDelayUs(tcb);
  const { delayUs } = tcb.pace;
  if (delayUs <= least) return delayUs;
  const most = Math.max(tcb.rto.srttUs ?? Number.POSITIVE_INFINITY, least);
  return Math.min(delayUs, most, tcb.config.delayedAckMaxUs ?? least);
}

/** Whether the application, which has just emptied the buffer, waits for what the remote TCP sends after an ACK. */
export function acksDrained(tcb: Tcb): boolean {
  const { pace, rcv, receiveBuffer } = tcb;
  if (!pacesAcks(tcb) || !timerRuns(tcb, 'delayed-ack')) return false;
  // Where memory is counted this waits until the reader has run and given some back (readingOpens).
  if (rcv.unackedBytes > pace.fullBytes && tcb.config.receiveMemory === null) return true;
  return receiveBuffer.bytes === 0 && (pace.pushed === 2 || (pace.pushed === 1 && !pace.dialogue));
}

/** Whether reading opens the window so far that the remote TCP should hear of it, or two segments have waited for that (Linux: __tcp_cleanup_rbuf). */
export function readingOpens(tcb: Tcb): boolean {
  if (tcb.config.receiveMemory === null) return false;
  return tcb.rcv.unackedBytes > tcb.pace.fullBytes || windowDoubled(tcb);
}

/** Why an ACK leaves that waited for the reader: what has come since the last one, or the window that reading has opened. */
export function readingRule({ rcv, pace }: Tcb): RuleId {
  return rcv.unackedBytes > pace.fullBytes ? 'ack-second-segment' : 'window-update';
}

/** An ACK leaves, alone or with data (Linux: tcp_event_ack_sent). */
export function paceAckSent(tcb: Tcb): void {
  const { pace } = tcb;
  pace.alone = false;
  pace.pushed = 0;
  pace.joined = 0;
  pace.forReader = false;
  if (pace.quick === 0 || (tcb.owed.ack === null && !isSet(tcb.timers['delayed-ack']))) return;
  pace.quick--;
  if (pace.quick === 0) pace.delayUs = leastDelayUs(tcb);
}

/** Data leaves: soon after data came, it is an answer. */
export function paceDataSent(tcb: Tcb, nowUs: number): void {
  if (nowUs - tcb.pace.receivedAtUs < tcb.pace.delayUs) tcb.pace.dialogue = true;
}

/** The delay was over before an ACK could ride on anything: no dialogue, or one that is slower than it seemed. */
export function paceDelayOver(tcb: Tcb): void {
  const { pace } = tcb;
  if (pace.joined > 0 || pace.forReader) return;
  if (pace.dialogue) pace.delayUs = leastDelayUs(tcb);
  else pace.delayUs = Math.min(2 * pace.delayUs, tcb.rto.rtoUs);
  pace.dialogue = false;
}
