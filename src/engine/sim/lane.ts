import type { QueuedEvent } from './queue';

const FIRST_ROOM = 16;

/** Arrivals of one link in their order, each at or after the one before: a ring, in which adding and taking move nothing. */
export interface Lane {
  readonly link: number;
  /** A power of two of places. */
  ring: (QueuedEvent | null)[];
  /** Place of the first event. */
  head: number;
  count: number;
}

/** A lane without events. */
export function createLane(link: number): Lane {
  return { link, ring: new Array<QueuedEvent | null>(FIRST_ROOM).fill(null), head: 0, count: 0 };
}

/** A copy that goes its own way. */
export function cloneLane(lane: Lane): Lane {
  return { ...lane, ring: lane.ring.slice() };
}

/** The first event; null when there is none. */
export function firstOf({ ring, head }: Lane): QueuedEvent | null {
  return ring[head] ?? null;
}

/** The last event; null when there is none. */
export function lastOf({ ring, head, count }: Lane): QueuedEvent | null {
  return count === 0 ? null : (ring[(head + count - 1) & (ring.length - 1)] ?? null);
}

/** Adds an event that comes after all others. */
export function append(lane: Lane, event: QueuedEvent): void {
  if (lane.count === lane.ring.length) double(lane);
  lane.ring[(lane.head + lane.count) & (lane.ring.length - 1)] = event;
  lane.count++;
}

function double(lane: Lane): void {
  const room = lane.ring.length;
  lane.ring = [...eventsOf(lane), ...new Array<QueuedEvent | null>(room).fill(null)];
  lane.head = 0;
}

/** Takes the first event away. */
export function dropFirst(lane: Lane): void {
  lane.ring[lane.head] = null;
  lane.head = (lane.head + 1) & (lane.ring.length - 1);
  lane.count--;
}

/** All events in their order; a fresh array. */
export function eventsOf({ ring, head, count }: Lane): QueuedEvent[] {
  const events: QueuedEvent[] = [];
  for (let at = 0; at < count; at++) {
    const event = ring[(head + at) & (ring.length - 1)];
    if (event != null) events.push(event);
  }
  return events;
}
