import type { Octets } from '../octets';
import { octetsLength, octetsSlice } from '../octets';
import type { Seq } from '../seq';
import { seqAdd, seqDiff, seqGt, seqLeq, seqLt } from '../seq';

/** Octets that arrived ahead of RCV.NXT. Immutable; never empty. */
export interface Block {
  readonly seq: Seq;
  readonly octets: Octets;
  /** Its last octet came with PSH. */
  readonly push: boolean;
}

/** Blocks in the order of their sequence numbers, none overlapping another. Never changed in place. */
export type ReassemblyQueue = readonly Block[];

const EMPTY: ReassemblyQueue = [];

/** An empty queue. */
export function createReassemblyQueue(): ReassemblyQueue {
  return EMPTY;
}

/** The sequence number after a block. */
export function blockEnd(block: Block): Seq {
  return seqAdd(block.seq, octetsLength(block.octets));
}

/** How many octets the queue holds. */
export function reassemblyBytes(queue: ReassemblyQueue): number {
  let bytes = 0;
  for (const block of queue) bytes += octetsLength(block.octets);
  return bytes;
}

/**
 * The queue with the new part of `block` in it: octets that are held already keep their first copy
 * (RFC 9293 section 3.10: "we reconstruct the segment to contain just the new data").
 */
export function insertBlock(queue: ReassemblyQueue, block: Block): ReassemblyQueue {
  const at = firstEndingAfter(queue, block.seq);
  const next = queue[at];
  if (next !== undefined && seqLt(next.seq, blockEnd(block))) return insertAround(queue, block);
  const result = queue.slice();
  result.splice(at, 0, block);
  return result;
}

/** The index of the first block that ends after `at`, which may be beyond the end. Binary search. */
export function firstEndingAfter(queue: ReassemblyQueue, at: Seq): number {
  let low = 0;
  let high = queue.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const block = queue[middle];
    if (block !== undefined && seqLeq(blockEnd(block), at)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The same for a block of which some octets are held. */
function insertAround(queue: ReassemblyQueue, block: Block): ReassemblyQueue {
  const result: Block[] = [];
  let rest: Block | null = block;
  for (const held of queue) {
    if (rest !== null) {
      const before = trimAfter(rest, held.seq);
      if (before !== null) result.push(before);
      rest = trimBefore(rest, blockEnd(held));
    }
    result.push(held);
  }
  if (rest !== null) result.push(rest);
  return result;
}

/** The first block's new part when it starts at or before `next`, and the queue without it; null when there is a gap. */
export function takeNext(queue: ReassemblyQueue, next: Seq): { block: Block | null; rest: ReassemblyQueue } | null {
  const first = queue[0];
  if (first === undefined || seqGt(first.seq, next)) return null;
  return { block: trimBefore(first, next), rest: queue.length === 1 ? EMPTY : queue.slice(1) };
}

/** The part of `block` from `edge` on; null when nothing is left of it. */
export function trimBefore(block: Block, edge: Seq): Block | null {
  const cutBytes = seqDiff(edge, block.seq);
  if (cutBytes <= 0) return block;
  const lengthBytes = octetsLength(block.octets);
  return cutBytes >= lengthBytes
    ? null
    : { ...block, seq: edge, octets: octetsSlice(block.octets, cutBytes, lengthBytes) };
}

/** The part of `block` before `edge`; null when there is none. */
export function trimAfter(block: Block, edge: Seq): Block | null {
  const keepBytes = seqDiff(edge, block.seq);
  if (keepBytes <= 0) return null;
  return keepBytes >= octetsLength(block.octets)
    ? block
    : { seq: block.seq, octets: octetsSlice(block.octets, 0, keepBytes), push: false };
}
