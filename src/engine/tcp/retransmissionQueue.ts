import { FLAG } from '../segment';
import type { Seq } from '../seq';
import { seqAdd, seqLeq, seqLt } from '../seq';
import { forgetMarks, moveMarks, NOTHING_TOLD, noteMarks } from './queueMarks';

/** A segment that occupied sequence numbers and is not entirely acknowledged. Immutable: sending it again replaces it. */
export interface SentSegment {
  readonly seq: Seq;
  /** SEG.LEN: payload octets plus one each for SYN and FIN. */
  readonly lengthBytes: number;
  /** Control bits it was sent with, an OR of FLAG. */
  readonly flags: number;
  /** When it was last sent. */
  readonly sentAtUs: number;
  /** Its place among all segments that this connection sent: of two that left at one instant, which was later. */
  readonly order: number;
  /** How many times it was sent, 1 or more. */
  readonly transmissions: number;
  /** The script line that led to it. */
  readonly line: number | null;
  /** The remote TCP said that it has it (RFC 2018). */
  readonly sacked: boolean;
  /** It is taken to have left the network without arriving. */
  readonly lost: boolean;
  /** A copy of it was sent since it was taken to be lost, and may be on its way. */
  readonly resent: boolean;
}

/** What was sent and is not acknowledged, in the order of sequence numbers (RFC 9293 section 3.10.8). */
export interface RetransmissionQueue {
  /** Entries from `head` on are live. */
  entries: SentSegment[];
  head: number;
  /** Sums over the live entries, in bytes of sequence space and in segments. */
  bytes: number;
  sackedBytes: number;
  sackedSegments: number;
  lostBytes: number;
  lostSegments: number;
  resentBytes: number;
  resentSegments: number;
  /** Places in `entries`, kept by `queueMarks.ts`: nothing before it is lost and has not gone again. */
  resendFrom: number;
  /** All before it is SACKed or lost. */
  judgedTo: number;
  /** Nothing from it on is SACKed. */
  sackedTo: number;
  /** The SACK blocks of the last ACK: all that lies in them is marked. Replaced, never changed. */
  told: readonly (readonly [Seq, Seq])[];
}

const EMPTY = {
  bytes: 0,
  sackedBytes: 0,
  sackedSegments: 0,
  lostBytes: 0,
  lostSegments: 0,
  resentBytes: 0,
  resentSegments: 0,
  resendFrom: 0,
  judgedTo: 0,
  sackedTo: 0,
  told: NOTHING_TOLD,
};

/** An empty queue. */
export function createRetransmissionQueue(): RetransmissionQueue {
  return { entries: [], head: 0, ...EMPTY };
}

/** A copy that lives on its own. */
export function cloneRetransmissionQueue(queue: RetransmissionQueue): RetransmissionQueue {
  const copy = { ...queue };
  dropPlaces(copy);
  return copy;
}

/** Forgets every entry. */
export function flushRetransmissionQueue(queue: RetransmissionQueue): void {
  queue.entries = [];
  queue.head = 0;
  Object.assign(queue, EMPTY);
}

/** True when everything sent has been acknowledged. */
export function nothingOutstanding(queue: RetransmissionQueue): boolean {
  return queue.head >= queue.entries.length;
}

/** How many segments wait for their acknowledgment. */
export function outstandingSegments(queue: RetransmissionQueue): number {
  return queue.entries.length - queue.head;
}

/** The oldest entry; null when there is none. */
export function front(queue: RetransmissionQueue): SentSegment | null {
  return queue.entries[queue.head] ?? null;
}

/** The live entry at `index`, counted from the oldest; null beyond the end. */
export function entryAt(queue: RetransmissionQueue, index: number): SentSegment | null {
  return queue.entries[queue.head + index] ?? null;
}

/** The index of the first live entry that begins at or after `left`, which may be beyond the end. Binary search. */
export function firstFrom(queue: RetransmissionQueue, left: Seq): number {
  let low = 0;
  let high = outstandingSegments(queue);
  while (low < high) {
    const middle = (low + high) >>> 1;
    const sent = entryAt(queue, middle);
    if (sent !== null && seqLt(sent.seq, left)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Adds a segment that was sent for the first time. */
export function pushSent(queue: RetransmissionQueue, sent: SentSegment): void {
  queue.entries.push(sent);
  count(queue, sent, 1);
  if (sent.sacked || sent.lost) noteMarks(queue, queue.entries.length - 1, sent);
}

/** Puts `sent` in the place of the live entry at `index`. */
export function replaceEntry(queue: RetransmissionQueue, index: number, sent: SentSegment): void {
  const at = queue.head + index;
  const old = queue.entries[at];
  if (old !== undefined) count(queue, old, -1);
  queue.entries[at] = sent;
  count(queue, sent, 1);
  noteMarks(queue, at, sent);
  // What is taken back may be told of again (RFC 2018 section 8).
  if (old?.sacked === true && !sent.sacked) queue.told = NOTHING_TOLD;
}

/** Puts `parts`, which together are what they were, in the place of `number` live entries from `index` on. */
export function replaceEntries(
  queue: RetransmissionQueue,
  index: number,
  number: number,
  parts: readonly SentSegment[],
): void {
  const old = queue.entries.splice(queue.head + index, number, ...parts);
  for (const entry of old) count(queue, entry, -1);
  for (const part of parts) count(queue, part, 1);
  forgetMarks(queue, queue.head + index);
}

/** Removes the oldest entry when `una` acknowledges it entirely, and returns it; null when it does not. */
export function shiftAcknowledged(queue: RetransmissionQueue, una: Seq): SentSegment | null {
  const sent = front(queue);
  if (sent === null || !seqLeq(seqAdd(sent.seq, sent.lengthBytes), una)) return null;
  count(queue, sent, -1);
  queue.head++;
  if (queue.head === queue.entries.length || queue.head > 64) dropShifted(queue);
  return sent;
}

/** Gives the places of what was removed back: at the end, and else in bulk. */
function dropShifted(queue: RetransmissionQueue): void {
  if (queue.head === queue.entries.length) flushRetransmissionQueue(queue);
  else if (queue.head * 2 > queue.entries.length) dropPlaces(queue);
}

function dropPlaces(queue: RetransmissionQueue): void {
  queue.entries = queue.entries.slice(queue.head);
  moveMarks(queue, -queue.head);
  queue.head = 0;
}

/** Joins the live entry at `index` with those after it that have not been SACKed, as far as they are `mostBytes` together. */
export function joinEntries(queue: RetransmissionQueue, index: number, mostBytes: number): void {
  for (;;) {
    const first = entryAt(queue, index);
    const next = entryAt(queue, index + 1);
    if (first === null || next === null || next.sacked) return;
    const lengthBytes = first.lengthBytes + next.lengthBytes;
    if (lengthBytes - ((next.flags & FLAG.FIN) === 0 ? 0 : 1) > mostBytes) return;
    count(queue, next, -1);
    queue.entries.splice(queue.head + index + 1, 1);
    forgetMarks(queue, queue.head + index);
    replaceEntry(queue, index, { ...first, lengthBytes, flags: first.flags | next.flags });
  }
}

/** Removes the entries that `una` acknowledges entirely (RFC 9293 section 3.10.7.4, fifth check). */
export function removeAcknowledged(queue: RetransmissionQueue, una: Seq): void {
  while (shiftAcknowledged(queue, una) !== null);
}

function count(queue: RetransmissionQueue, sent: SentSegment, sign: 1 | -1): void {
  queue.bytes += sign * sent.lengthBytes;
  if (sent.sacked || sent.lost || sent.resent) countMarks(queue, sent, sign);
}

function countMarks(queue: RetransmissionQueue, sent: SentSegment, sign: 1 | -1): void {
  const bytes = sign * sent.lengthBytes;
  if (sent.sacked) {
    queue.sackedBytes += bytes;
    queue.sackedSegments += sign;
  }
  if (sent.lost) {
    queue.lostBytes += bytes;
    queue.lostSegments += sign;
  }
  if (sent.resent) {
    queue.resentBytes += bytes;
    queue.resentSegments += sign;
  }
}
