import type { Tcb } from './tcb';
import { timerRuns } from './timers';

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
  /** The largest segment that came, in bytes: what the remote TCP takes for a full one. */
  fullBytes: number;
  /** The ACK that is owed leaves by itself, before the application can act. */
  alone: boolean;
}

/** RCV.MSS before the first segment (RFC 9293 section 3.7.1, MUST-15). */
const FIRST_FULL_BYTES = 536;

/** Before the first segment. */
export function freshAckPacing(): AckPacing {
  return {
    quick: 0,
    dialogue: false,
    delayUs: 0,
    receivedAtUs: 0,
    pushed: 0,
    fullBytes: FIRST_FULL_BYTES,
    alone: false,
  };
}

/** Whether this host adapts the delay of its ACKs. */
export function pacesAcks(tcb: Tcb): boolean {
  return tcb.config.delayedAckMaxUs !== null && tcb.preferences.delayedAckUs !== null;
}

function leastDelayUs(tcb: Tcb): number {
  return tcb.preferences.delayedAckUs ?? 0;
}

/** Text arrived in order: the delay follows the time since the text before it. */
export function paceText(tcb: Tcb, lengthBytes: number, push: boolean, nowUs: number): void {
  const { pace } = tcb;
  if (lengthBytes >= pace.fullBytes) {
    pace.fullBytes = Math.min(lengthBytes, tcb.config.mssBytes);
    if (push && pace.pushed === 0) pace.pushed = 1;
  } else pace.pushed = pace.pushed === 0 ? 1 : 2;
  const least = leastDelayUs(tcb);
  const sinceUs = nowUs - pace.receivedAtUs;
  if (pace.delayUs === 0) {
    quicken(tcb);
    pace.delayUs = least;
  } else if (sinceUs <= least / 2) pace.delayUs = pace.delayUs / 2 + least / 2;
  else if (sinceUs < pace.delayUs) pace.delayUs = Math.min(pace.delayUs / 2 + sinceUs, tcb.rto.rtoUs);
  else if (sinceUs > tcb.rto.rtoUs) quicken(tcb);
  pace.receivedAtUs = nowUs;
}

/** The next segments are acknowledged one by one, as many as half the window holds. */
function quicken(tcb: Tcb): void {
  const half = Math.floor(tcb.rcv.wnd / (2 * tcb.pace.fullBytes));
  tcb.pace.quick = Math.max(tcb.pace.quick, Math.min(half === 0 ? 2 : half, tcb.config.quickAcks));
}

/** Something came that the remote TCP should hear about soon, such as a duplicate. */
export function startQuickAcks(tcb: Tcb): void {
  if (!pacesAcks(tcb)) return;
  quicken(tcb);
  tcb.pace.dialogue = false;
  tcb.pace.delayUs = leastDelayUs(tcb);
}

/** Whether text that came is acknowledged at once: more than a full segment and room for it, or an ACK for each. */
export function acksAtOnce(tcb: Tcb): boolean {
  const { pace, rcv, preferences, receiveBuffer } = tcb;
  if (pace.quick > 0 && !pace.dialogue) return true;
  const most = tcb.config.windowClampBytes ?? Number.POSITIVE_INFINITY;
  const free = Math.min(preferences.rcvbufBytes - receiveBuffer.bytes, most);
  const room = preferences.autoRead || free >= rcv.wnd + rcv.unackedBytes;
  return rcv.unackedBytes > pace.fullBytes && room;
}

/** How long an ACK may wait now, in microseconds. */
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
  if (rcv.unackedBytes > pace.fullBytes) return true;
  return receiveBuffer.bytes === 0 && (pace.pushed === 2 || (pace.pushed === 1 && !pace.dialogue));
}

/** An ACK leaves, alone or with data. */
export function paceAckSent(tcb: Tcb): void {
  const { pace } = tcb;
  pace.alone = false;
  pace.pushed = 0;
  if (pace.quick === 0 || (tcb.owed.ack === null && !timerRuns(tcb, 'delayed-ack'))) return;
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
  if (pace.dialogue) pace.delayUs = leastDelayUs(tcb);
  else pace.delayUs = Math.min(2 * pace.delayUs, tcb.rto.rtoUs);
  pace.dialogue = false;
}
