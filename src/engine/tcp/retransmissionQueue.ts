import type { Seq } from '../seq';
import { seqAdd, seqLeq } from '../seq';

/** A segment that occupied sequence numbers and is not entirely acknowledged. Immutable: sending it again replaces it. */
export interface SentSegment {
  readonly seq: Seq;
  /** SEG.LEN: payload octets plus one each for SYN and FIN. */
  readonly lengthBytes: number;
  /** Control bits it was sent with, an OR of FLAG. */
  readonly flags: number;
  /** When it was last sent. */
  readonly sentAtUs: number;
  /** How many times it was sent, 1 or more. */
  readonly transmissions: number;
  /** The script line that led to it. */
  readonly line: number | null;
}

/** What was sent and is not acknowledged, in the order of sequence numbers (RFC 9293 section 3.10.8). */
export interface RetransmissionQueue {
  /** Entries from `head` on are live. */
  entries: SentSegment[];
  head: number;
}

/** An empty queue. */
export function createRetransmissionQueue(): RetransmissionQueue {
  return { entries: [], head: 0 };
}

/** A copy that lives on its own. */
export function cloneRetransmissionQueue(queue: RetransmissionQueue): RetransmissionQueue {
  return { entries: queue.entries.slice(queue.head), head: 0 };
}

/** Forgets every entry. */
export function flushRetransmissionQueue(queue: RetransmissionQueue): void {
  queue.entries = [];
  queue.head = 0;
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

/** Adds a segment that was sent for the first time. */
export function pushSent(queue: RetransmissionQueue, sent: SentSegment): void {
  queue.entries.push(sent);
}

/** Puts `sent` in the place of the oldest entry. */
export function replaceFront(queue: RetransmissionQueue, sent: SentSegment): void {
  queue.entries[queue.head] = sent;
}

/** Removes the entries that `una` acknowledges entirely (RFC 9293 section 3.10.7.4, fifth check). */
export function removeAcknowledged(queue: RetransmissionQueue, una: Seq): void {
  for (let sent = front(queue); sent !== null; sent = front(queue)) {
    if (!seqLeq(seqAdd(sent.seq, sent.lengthBytes), una)) break;
    queue.head++;
  }
  if (queue.head === queue.entries.length) flushRetransmissionQueue(queue);
  else if (queue.head > 64 && queue.head * 2 > queue.entries.length) {
    queue.entries = queue.entries.slice(queue.head);
    queue.head = 0;
  }
}
