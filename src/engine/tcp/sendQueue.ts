import type { Octets } from '../octets';
import { NO_OCTETS, octetsConcat, octetsLength, octetsSlice } from '../octets';
import type { Seq } from '../seq';
import { seq, seqAdd, seqDiff } from '../seq';

/** What one SEND handed over. Immutable. */
export interface SendChunk {
  /** Place of its first octet in the stream, counted from 0. */
  readonly start: number;
  readonly octets: Octets;
  readonly push: boolean;
  /** The script line of the SEND. */
  readonly line: number | null;
}

/** A SEND that took more than the send buffer holds and is finished when the queue is at most the buffer again. */
export interface WaitingSend {
  /** The stream position up to which everything has to be acknowledged. */
  readonly untilPosition: number;
  readonly line: number | null;
}

/**
 * The octets that SEND handed over and the remote TCP has not acknowledged, sent or not.
 * Stream position p (from 0) has sequence number baseSeq + (p - headPosition).
 */
export interface SendQueue {
  /** Chunks from the one that holds `headPosition` on are live; earlier ones are dropped now and then. */
  chunks: SendChunk[];
  /** Index of the first live chunk. */
  head: number;
  /** Stream position of the first octet that is not acknowledged. */
  headPosition: number;
  /** Sequence number of `headPosition`. */
  baseSeq: Seq;
  /** Stream position after the last octet. */
  endPosition: number;
  /** SENDs that wait for room; replaced, never changed. */
  waiting: readonly WaitingSend[];
}

/** An empty queue. */
export function createSendQueue(): SendQueue {
  return { chunks: [], head: 0, headPosition: 0, baseSeq: seq(0), endPosition: 0, waiting: [] };
}

/** A copy that lives on its own. */
export function cloneSendQueue(queue: SendQueue): SendQueue {
  return { ...queue, chunks: queue.chunks.slice(queue.head), head: 0 };
}

/** Forgets everything that was queued. */
export function flushSendQueue(queue: SendQueue): void {
  queue.chunks = [];
  queue.head = 0;
  queue.headPosition = 0;
  queue.endPosition = 0;
  queue.waiting = [];
}

/** The number of octets that are not acknowledged, sent or not. */
export function queuedBytes(queue: SendQueue): number {
  return queue.endPosition - queue.headPosition;
}

/** The sequence number after the last queued octet. */
export function queueEnd(queue: SendQueue): Seq {
  return seqAdd(queue.baseSeq, queue.endPosition - queue.headPosition);
}

/** Puts one SEND at the end. */
export function enqueue(queue: SendQueue, octets: Octets, push: boolean, line: number | null): void {
  queue.chunks.push({ start: queue.endPosition, octets, push, line });
  queue.endPosition += octetsLength(octets);
}

/** Drops the octets before `una`, which are acknowledged. `una` may count a SYN or FIN too. */
export function acknowledge(queue: SendQueue, una: Seq): void {
  const ackedBytes = Math.min(seqDiff(una, queue.baseSeq), queuedBytes(queue));
  if (ackedBytes <= 0) return;
  queue.headPosition += ackedBytes;
  queue.baseSeq = seqAdd(queue.baseSeq, ackedBytes);
  while (queue.head < queue.chunks.length && chunkEnd(queue, queue.head) <= queue.headPosition) queue.head++;
  // Dropping in bulk keeps the cost per acknowledgment constant.
  if (queue.head > 64 && queue.head * 2 > queue.chunks.length) {
    queue.chunks = queue.chunks.slice(queue.head);
    queue.head = 0;
  }
}

/** A stretch of the queue as one segment carries it. */
export interface Stretch {
  readonly octets: Octets;
  /** Some SEND with PUSH ends inside it, or it ends the queue (RFC 9293 section 3.9.1.2, MUST-61). */
  readonly push: boolean;
  /** The line of the SEND that its first octet came from. */
  readonly line: number | null;
}

/** The `lengthBytes` octets from sequence number `from` on; both lie inside the queue. */
export function stretch(queue: SendQueue, from: Seq, lengthBytes: number): Stretch {
  const start = queue.headPosition + seqDiff(from, queue.baseSeq);
  const end = start + lengthBytes;
  const index = chunkAt(queue, start);
  const first = queue.chunks[index];
  if (first === undefined || lengthBytes <= 0) return { octets: NO_OCTETS, push: false, line: null };
  const firstEnd = first.start + octetsLength(first.octets);
  if (end > firstEnd) return acrossChunks(queue, index, start, end, first.line);
  const push = end === queue.endPosition || (first.push && end === firstEnd);
  return { octets: octetsSlice(first.octets, start - first.start, end - first.start), push, line: first.line };
}

/** The same for a stretch that begins in the chunk at `first` and ends in a later one; `start` and `end` are stream positions. */
function acrossChunks(queue: SendQueue, first: number, start: number, end: number, line: number | null): Stretch {
  let index = first;
  const parts: Octets[] = [];
  let push = end === queue.endPosition;
  for (let position = start; position < end; index++) {
    const chunk = queue.chunks[index];
    if (chunk === undefined) break;
    const until = Math.min(end, chunk.start + octetsLength(chunk.octets));
    parts.push(octetsSlice(chunk.octets, position - chunk.start, until - chunk.start));
    push ||= chunk.push && until === chunk.start + octetsLength(chunk.octets);
    position = until;
  }
  return { octets: octetsConcat(parts), push, line };
}

function chunkEnd(queue: SendQueue, index: number): number {
  return queue.chunks[index + 1]?.start ?? queue.endPosition;
}

/** Binary search for the chunk that holds a stream position. */
function chunkAt(queue: SendQueue, position: number): number {
  let low = queue.head;
  let high = queue.chunks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const chunk = queue.chunks[middle];
    if (chunk !== undefined && chunk.start <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}
