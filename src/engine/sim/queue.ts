import type { Cause } from '../events';
import type { Segment } from '../segment';
import type { Lane } from './lane';
import { append, cloneLane, createLane, dropFirst, eventsOf, firstOf, lastOf } from './lane';

/** A segment on its way: what left its sender, or its record. */
export interface Carried {
  readonly segment: Segment;
  readonly cause: Cause;
  readonly corrupted?: boolean;
}

/** Something that will happen at a known time. Immutable, so that copies of the queue share it. */
export interface QueuedEvent {
  /** When, in microseconds of virtual time. */
  readonly atUs: number;
  /** Insertion order: of two events at the same time the one that was queued first comes first. */
  readonly order: number;
  readonly kind: 'arrival' | 'wake' | 'icmp-made' | 'icmp';
  /** The segment (`arrival`), the wake, or the ICMP message, which a router makes or which arrives. */
  readonly id: number;
  /** Index of the link that the segment travels on, of the host that an ICMP message goes to; -1 for a wake. */
  readonly link: number;
  /** What arrives; null unless it is a segment. */
  readonly carried: Carried | null;
}

/**
 * What is to come, least by (time, insertion order) first. Segments on one link nearly always arrive in the order in
 * which they were sent: each of the first links has a lane for those. All else is in a binary heap.
 */
export interface EventQueue {
  readonly heap: QueuedEvent[];
  readonly lanes: Lane[];
  /** The lane whose first event comes next of all; null when that is in the heap, undefined when it is to be found out. */
  next: Lane | null | undefined;
}

/** To find what comes next the lanes are looked at one by one: the links beyond so many have none. */
const MOST_LANES = 8;

/** An empty queue. */
export function createQueue(): EventQueue {
  return { heap: [], lanes: [], next: undefined };
}

/** A copy that goes its own way. */
export function cloneQueue(queue: EventQueue): EventQueue {
  return { heap: queue.heap.slice(), lanes: queue.lanes.map(cloneLane), next: undefined };
}

function before(a: QueuedEvent, b: QueuedEvent): boolean {
  return a.atUs < b.atUs || (a.atUs === b.atUs && a.order < b.order);
}

/** The event that comes next, still queued; undefined when none is left. */
export function peekEvent(queue: EventQueue): QueuedEvent | undefined {
  const { heap } = queue;
  if (queue.next === undefined) queue.next = findNext(queue);
  return queue.next === null ? heap[0] : (firstOf(queue.next) ?? undefined);
}

function findNext({ heap, lanes }: EventQueue): Lane | null {
  let next: Lane | null = null;
  let first = heap.length === 0 ? null : heap[0];
  for (let index = 0; index < lanes.length; index++) {
    const lane = lanes[index];
    const event = lane === undefined ? null : firstOf(lane);
    if (lane === undefined || event === null || (first != null && !before(event, first))) continue;
    next = lane;
    first = event;
  }
  return next;
}

/** Queues an event. */
export function pushEvent(queue: EventQueue, event: QueuedEvent): void {
  const lane = event.kind === 'arrival' ? laneOf(queue, event.link) : null;
  const last = lane === null ? null : lastOf(lane);
  if (lane !== null && last !== null && before(last, event)) {
    // Behind another one it can not be what comes next.
    append(lane, event);
    return;
  }
  queue.next = undefined;
  if (lane !== null && last === null) append(lane, event);
  else pushToHeap(queue.heap, event);
}

function laneOf({ lanes }: EventQueue, link: number): Lane | null {
  for (let index = 0; index < lanes.length; index++) {
    const known = lanes[index];
    if (known?.link === link) return known;
  }
  return lanes.length < MOST_LANES ? addLane(lanes, link) : null;
}

function addLane(lanes: Lane[], link: number): Lane {
  const lane = createLane(link);
  lanes.push(lane);
  return lane;
}

function pushToHeap(heap: QueuedEvent[], event: QueuedEvent): void {
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
  const first = peekEvent(queue);
  if (first === undefined) return undefined;
  if (queue.next == null) popFromHeap(queue.heap);
  else dropFirst(queue.next);
  queue.next = undefined;
  return first;
}

function popFromHeap(heap: QueuedEvent[]): void {
  const last = heap.pop();
  if (last !== undefined && heap.length > 0) sinkFromTop(heap, last);
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
  const all = listEvents(queue);
  const taken = all.filter(matches);
  if (taken.length === 0) return taken;
  queue.heap.length = 0;
  queue.lanes.length = 0;
  queue.next = undefined;
  for (const event of all) if (!matches(event)) pushEvent(queue, event);
  return taken;
}

/** All events in the order in which they will come; a fresh array. */
export function listEvents({ heap, lanes }: EventQueue): QueuedEvent[] {
  return [...heap, ...lanes.flatMap(eventsOf)].sort((a, b) => (before(a, b) ? -1 : 1));
}
