import type { Cause, EventSink, Trigger, WindowVariable } from '../events';
import type { RuleId } from '../rules';
import type { Endpoint } from '../segment';

/** Windows as they stood at some time, in bytes. */
export type Windows = Record<WindowVariable, number>;

/**
 * What one TCP is told about its surroundings when it handles an event. One object may be reused from event to event:
 * TCP keeps no reference to it.
 */
export interface TcpContext {
  /** The virtual time, in microseconds. */
  nowUs: number;
  /** The script line that led to this event, 1-based (for a segment: the line that led to its sending); null for none. */
  line: number | null;
  /** Takes the events; null when nobody watches. */
  sink: EventSink;
  /** The remote socket that an OPEN or a SEND names; null when it names none. */
  remote: Endpoint | null;
  /** The host's share of every initial sequence number, 0 to 2^32 - 1: F() of RFC 9293 section 3.4.1. Unused when the host has an `isn`. */
  isnSecret: number;
  /** What set this event off; written by the entry points of `connection.ts`. */
  trigger: Trigger;
  /** The windows as they stood when they were last told of; null while nobody watches. Written by `windowTrace.ts`. */
  windows: Windows | null;
  /** By which rule the segment that arrives is thrown away, in whole; null while it is not. Whoever hands segments over reads it and sets it back. */
  discarded: RuleId | null;
}

/** A context at this time which nobody watches; set its fields for what follows. */
export function createContext(nowUs: number, sink: EventSink): TcpContext {
  const trigger = { kind: 'network' } as const;
  return { nowUs, line: null, sink, remote: null, isnSecret: 0, trigger, windows: null, discarded: null };
}

/** The cause of a move in this event: `rule` asked for it. */
export function causeOf(ctx: TcpContext, rule: RuleId): Cause {
  return { rule, line: ctx.line, trigger: ctx.trigger };
}
