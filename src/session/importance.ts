import type { Cause, EngineEvent } from '../engine/events';

/** Kinds of event, the most telling first: what a student asks about is what TCP decided, not the timers that go along with it. */
const IMPORTANCE: readonly EngineEvent['kind'][] = [
  'timer-expired',
  'segment-lost',
  'state',
  'segment-discarded',
  'segment-queued',
  'signal',
  'segment-sent',
  'icmp-sent',
  'icmp-lost',
  'icmp-ignored',
  'call',
  'window',
  'note',
  'main-connection',
  'delivered',
  'call-completed',
  'timer-started',
  'timer-stopped',
];

/** An event and why it happened. */
export interface CausedEvent {
  readonly event: EngineEvent;
  readonly cause: Cause;
}

/** The events that have a cause of their own, the most telling first; equal ones in the order in which they happened. */
export function causedEvents(events: readonly EngineEvent[]): CausedEvent[] {
  return events
    .flatMap((event): CausedEvent[] => {
      const cause = causeOfEvent(event);
      return cause === null ? [] : [{ event, cause }];
    })
    .sort((a, b) => importanceOf(a.event) - importanceOf(b.event));
}

function importanceOf({ kind }: EngineEvent): number {
  return IMPORTANCE.indexOf(kind);
}

/** Why the most telling of the events happened; null when none has a cause. */
export function chiefCause(events: readonly EngineEvent[]): Cause | null {
  let chief: CausedEvent | null = null;
  for (const event of events) {
    const cause = causeOfEvent(event);
    if (cause === null) continue;
    if (chief === null || importanceOf(event) < importanceOf(chief.event)) chief = { event, cause };
  }
  return chief?.cause ?? null;
}

/** Why an event happened; null for those without a cause of their own. */
export function causeOfEvent(event: EngineEvent): Cause | null {
  switch (event.kind) {
    // Why an arriving segment was sent belongs to the moment of its sending.
    case 'segment-arrived':
    case 'icmp-arrived':
    case 'link-changed':
      return null;
    case 'segment-sent':
      return event.record.cause;
    case 'segment-lost':
      return event.record.networkCause ?? null;
    case 'icmp-sent':
      return event.record.cause;
    case 'icmp-lost':
      return event.record.networkCause;
    default:
      return event.cause;
  }
}
