import type { Slot } from './state';

/**
 * The connections whose timers run, as a binary heap by (time, order of insertion): a thousand idle ones cost nothing, and
 * two cost one comparison. Each slot knows its place in `heapAt`; -1 when it is not in the heap.
 */
export type TimerHeap = number[];

/** The connection whose timer expires first; null when no timer runs. */
export function firstTimer(heap: TimerHeap, slots: readonly Slot[]): Slot | null {
  const index = heap[0];
  return index === undefined ? null : (slots[index] ?? null);
}

/** To be called when `slot.nextAtUs` or `slot.nextOrder` has changed. */
export function placeTimer(heap: TimerHeap, slots: readonly Slot[], slot: Slot): void {
  if (slot.nextTimer < 0) {
    removeTimer(heap, slots, slot);
    return;
  }
  if (slot.heapAt < 0) slot.heapAt = heap.push(slot.index) - 1;
  rise(heap, slots, slot);
  sink(heap, slots, slot);
}

/** Takes a slot out; one that is not in the heap is no error. */
export function removeTimer(heap: TimerHeap, slots: readonly Slot[], slot: Slot): void {
  const at = slot.heapAt;
  if (at < 0) return;
  slot.heapAt = -1;
  const lastIndex = heap.pop();
  const last = lastIndex === undefined ? undefined : slots[lastIndex];
  if (last === undefined || last === slot) return;
  heap[at] = last.index;
  last.heapAt = at;
  rise(heap, slots, last);
  sink(heap, slots, last);
}

function isBefore(a: Slot, b: Slot): boolean {
  return a.nextAtUs < b.nextAtUs || (a.nextAtUs === b.nextAtUs && a.nextOrder < b.nextOrder);
}

/** The slot at a place of the heap. Reading beyond an array's end, or at -1, is slow, and a heap of two does it each time. */
function slotIn(heap: TimerHeap, slots: readonly Slot[], at: number): Slot | undefined {
  if (at >= heap.length) return undefined;
  const index = heap[at];
  return index === undefined ? undefined : slots[index];
}

function put(heap: TimerHeap, slot: Slot, at: number): void {
  heap[at] = slot.index;
  slot.heapAt = at;
}

function rise(heap: TimerHeap, slots: readonly Slot[], slot: Slot): void {
  let at = slot.heapAt;
  while (at > 0) {
    const parentAt = (at - 1) >> 1;
    const parent = slotIn(heap, slots, parentAt);
    if (parent === undefined || !isBefore(slot, parent)) break;
    put(heap, parent, at);
    at = parentAt;
  }
  put(heap, slot, at);
}

function sink(heap: TimerHeap, slots: readonly Slot[], slot: Slot): void {
  let at = slot.heapAt;
  for (;;) {
    const leftAt = 2 * at + 1;
    const left = slotIn(heap, slots, leftAt);
    if (left === undefined) break;
    const right = slotIn(heap, slots, leftAt + 1);
    const rightFirst = right !== undefined && isBefore(right, left);
    const child = rightFirst ? right : left;
    if (!isBefore(child, slot)) break;
    put(heap, child, at);
    at = rightFirst ? leftAt + 1 : leftAt;
  }
  put(heap, slot, at);
}
