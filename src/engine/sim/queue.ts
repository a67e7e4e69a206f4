/** Something that will happen at a known time. Immutable, so that copies of the queue share it. */
export interface QueuedEvent {
  /** When, in microseconds of virtual time. */
  readonly atUs: number;
  /** Insertion order: of two events at the same time the one that was queued first comes first. */
  readonly order: number;
  readonly kind: 'arrival' | 'wake';
  /** The segment (`arrival`) or the wake. */
  readonly id: number;
  /** Index of the link that the segment travels on; -1 for a wake. */
  readonly link: number;
}

/** A binary heap whose first element is the least by (time, insertion order). A copy is one array copy. */
export interface EventQueue {
  readonly heap: QueuedEvent[];
}

/** An empty queue. */
export function createQueue(): EventQueue {
  return { heap: [] };
}

/** A copy that goes its own way. */
export function cloneQueue(queue: EventQueue): EventQueue {
  return { heap: queue.heap.slice() };
}

function before(a: QueuedEvent, b: QueuedEvent): boolean {
  return a.atUs < b.atUs || (a.atUs === b.atUs && a.order < b.order);
}

/** The event that comes next, still queued; undefined when none is left. */
export function peekEvent(queue: EventQueue): QueuedEvent | undefined {
  return queue.heap[0];
}

/** Queues an event. */
export function pushEvent(queue: EventQueue, event: QueuedEvent): void {
  const { heap } = queue;
  let at = heap.length;
  heap.push(event);
  while (at > 0) {
    const parentAt = (at - 1) >> 1;
    const parent = heap[parentAt];
    if (parent === undefined || !before(event, parent)) break;
    heap[at] = parent;
    at = parentAt;
  }
  heap[at] = event;
}

/** Takes the event that comes next; undefined when none is left. */
export function popEvent(queue: EventQueue): QueuedEvent | undefined {
  const { heap } = queue;
  const first = heap[0];
  const last = heap.pop();
  if (last !== undefined && heap.length > 0) sinkFromTop(heap, last);
  return first;
}

function sinkFromTop(heap: QueuedEvent[], event: QueuedEvent): void {
  let at = 0;
  for (;;) {
    const leftAt = 2 * at + 1;
    const left = heap[leftAt];
    if (left === undefined) break;
    const right = heap[leftAt + 1];
    const rightFirst = right !== undefined && before(right, left);
    const child = rightFirst ? right : left;
    if (!before(child, event)) break;
    heap[at] = child;
    at = rightFirst ? leftAt + 1 : leftAt;
  }
  heap[at] = event;
}

/** Takes out every event that `matches`, in the order in which they would have come. */
export function removeEvents(queue: EventQueue, matches: (event: QueuedEvent) => boolean): QueuedEvent[] {
  const taken = queue.heap.filter(matches).sort((a, b) => (before(a, b) ? -1 : 1));
  if (taken.length === 0) return taken;
  const kept = queue.heap.filter((event) => !matches(event));
  queue.heap.length = 0;
  for (const event of kept) pushEvent(queue, event);
  return taken;
}
