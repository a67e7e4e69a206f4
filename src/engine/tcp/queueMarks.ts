/**
 * Where the marked segments of a retransmission queue lie. Each ACK asks for that, and a large window can not be searched for
 * each ACK: so the queue keeps bounds that follow what is marked, and a search goes on where the last one ended.
 */
import type { RetransmissionQueue, SentSegment } from './retransmissionQueue';

/** No SACK blocks. */
export const NOTHING_TOLD: RetransmissionQueue['told'] = [];

/** `sent` now stands at the place `at` of `queue.entries`. */
export function noteMarks(queue: RetransmissionQueue, at: number, { sacked, lost, resent }: SentSegment): void {
  if (sacked) queue.sackedTo = Math.max(queue.sackedTo, at + 1);
  else if (!lost) queue.judgedTo = Math.min(queue.judgedTo, at);
  if (lost && !resent) queue.resendFrom = Math.min(queue.resendFrom, at);
}

/** Entries were cut or joined from the place `at` of `queue.entries` on. */
export function forgetMarks(queue: RetransmissionQueue, at: number): void {
  queue.resendFrom = Math.min(queue.resendFrom, at);
  queue.judgedTo = Math.min(queue.judgedTo, at);
  queue.sackedTo = queue.entries.length;
  queue.told = NOTHING_TOLD;
}

/** All entries have moved by so many places. */
export function moveMarks(queue: RetransmissionQueue, places: number): void {
  queue.resendFrom = Math.max(0, queue.resendFrom + places);
  queue.judgedTo = Math.max(0, queue.judgedTo + places);
  queue.sackedTo = Math.max(0, queue.sackedTo + places);
}

/** The index of the oldest live entry that is lost and has not gone again; -1 for none. */
export function oldestLost(queue: RetransmissionQueue): number {
  const { entries, head } = queue;
  let at = Math.max(queue.resendFrom, head);
  while (at < entries.length && !(entries[at]?.lost === true && !entries[at]?.resent)) at++;
  queue.resendFrom = at;
  return at < entries.length ? at - head : -1;
}

/** The index of the last live entry that is SACKed; -1 for none. */
export function lastSacked(queue: RetransmissionQueue): number {
  const { entries, head } = queue;
  if (queue.sackedSegments === 0) return -1;
  let at = Math.min(queue.sackedTo, entries.length) - 1;
  while (at >= head && entries[at]?.sacked !== true) at--;
  queue.sackedTo = at + 1;
  return at - head;
}

/** How many live entries from the oldest on are known to be SACKed or lost, each of them. */
export function judgedSegments(queue: RetransmissionQueue): number {
  return Math.max(0, queue.judgedTo - queue.head);
}

/** To be called when each of the first `segments` live entries is SACKed or lost. */
export function noteJudged(queue: RetransmissionQueue, segments: number): void {
  queue.judgedTo = Math.max(queue.judgedTo, queue.head + segments);
}
