/**
 * Indices of slots that have output to send, in the order in which they came to have it: the first `count` of `slots`.
 * Nearly every segment makes a slot come and go, and an array that shrinks to nothing gives up its memory each time.
 */
export interface Pending {
  readonly slots: number[];
  count: number;
}

/** Nothing to send. */
export function createPending(): Pending {
  return { slots: [], count: 0 };
}

/** A copy that goes its own way. */
export function clonePending({ slots, count }: Pending): Pending {
  return { slots: slots.slice(0, count), count };
}

/** The slot whose turn it is; -1 for none. */
export function firstPending({ slots, count }: Pending): number {
  return count === 0 ? -1 : (slots[0] ?? -1);
}

/** All of them in their order; a fresh array. */
export function listPending({ slots, count }: Pending): number[] {
  return slots.slice(0, count);
}

/** Puts a slot, which is not among them, at the end. */
export function addPending(pending: Pending, slot: number): void {
  pending.slots[pending.count++] = slot;
}

/** Takes out a slot, which is among them. */
export function dropPending(pending: Pending, slot: number): void {
  const { slots } = pending;
  pending.count--;
  for (let at = slots.indexOf(slot); at < pending.count; at++) slots[at] = slots[at + 1] ?? -1;
}
