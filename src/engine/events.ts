import type { CallResult, UserCall } from './calls';
import type { IcmpError, IcmpId, IcmpMessage } from './icmp';
import type { Octets } from './octets';
import type { RuleId } from './rules';
import type { Segment } from './segment';
import type { TcpState } from './states';

/** Counts the segments of a world from 1, in the order in which they entered the link. */
export type SegmentId = number;

/** The timers of a connection (RFC 9293 sections 3.8 and 3.10.8, RFC 8985). */
export type TimerName =
  | 'retransmission'
  | 'persist'
  | 'delayed-ack'
  | 'time-wait'
  | 'user'
  | 'keep-alive'
  /** RFC 8985 section 7: probes the tail of what is on its way before the retransmission timer expires. */
  | 'loss-probe'
  /** RFC 8985 section 6: how long segments that were overtaken may still arrive. */
  | 'reordering';

/** What set a move off. */
export type Trigger =
  | { readonly kind: 'call'; readonly call: UserCall['kind'] }
  | { readonly kind: 'segment'; readonly segment: SegmentId }
  | { readonly kind: 'timer'; readonly timer: TimerName; readonly started: TimerStart }
  | { readonly kind: 'icmp'; readonly icmp: IcmpId }
  | { readonly kind: 'inject' }
  | { readonly kind: 'network' };

/** Why something happened: the rule that asked for it, the script line that led to it, and what set it off. */
export interface Cause {
  readonly rule: RuleId;
  /** The script line, 1-based, that made the call or injected the segment; null when a timer alone did it. */
  readonly line: number | null;
  readonly trigger: Trigger;
}

/** When and why a timer was started. */
export interface TimerStart extends Cause {
  readonly atUs: number;
}

/** How a segment fared on the link. `in-flight` until the end is known. */
export type Fate = 'in-flight' | 'delivered' | 'dropped' | 'lost' | 'held';

/** One segment's way over the link. Records are replaced, never changed, so that earlier moments keep theirs. */
export interface SegmentRecord {
  readonly id: SegmentId;
  /** The host that put it on the wire (for a forged one, the forger). */
  readonly from: string;
  /** The host that it is addressed to; null when no host has that address. */
  readonly to: string | null;
  readonly segment: Segment;
  /** When it left the sender. */
  readonly timeUs: number;
  /** When it arrives or would have arrived; null when it never does or is held. */
  readonly arriveUs: number | null;
  readonly fate: Fate;
  /** True for a forged segment (`inject`). */
  readonly injected: boolean;
  /** True for the extra copy that `duplicate` or the link made. */
  readonly duplicate: boolean;
  /** True when octets were flipped on the way, so that its checksum fails on arrival (RFC 9293 section 3.1, MUST-3). */
  readonly corrupted: boolean;
  /** True when its octets (or SYN, FIN) were sent before by the same TCP. */
  readonly retransmission: boolean;
  /** How far it came before it was dropped, 0 (at the sender) to 1; null when it was not. */
  readonly diedAt: number | null;
  readonly cause: Cause;
  /** The fault or link rule that touched it, for people: `drop next, line 7`; null when none did. */
  readonly fault: { readonly id: number; readonly line: number; readonly text: string } | null;
  /**
   * What the network did to it other than carry it (dropped, lost, delayed, duplicated, reordered, corrupted, marked), and
   * by which rule; null or absent when it only carried it.
   */
  readonly networkCause?: Cause | null;
  /** By which rule the TCP that it reached threw it away, in whole; null or absent when it did not. */
  readonly discarded?: RuleId | null;
}

/** One ICMP message's way. Records are replaced, never changed. */
export interface IcmpRecord {
  readonly id: IcmpId;
  /** The host that forged it; null for one of a router. */
  readonly from: string | null;
  /** The host that a forged one claims to come from; null for the forger's own address, and for a router's. */
  readonly as: string | null;
  /** The host that sent, or seems to have sent, the quoted segment. */
  readonly to: string;
  readonly message: IcmpMessage;
  /** The segment that it quotes; null when no such segment was sent. */
  readonly about: SegmentId | null;
  /** For one of a router: the other end of the link on which the router stands. */
  readonly towards: string | null;
  /** When it came to be; for one of a router that is after the segment has gone half its way. */
  readonly timeUs: number;
  /** When it arrives or would have arrived; null when it never does. */
  readonly arriveUs: number | null;
  readonly fate: Fate;
  readonly cause: Cause;
  /** The order of the script that touched it, for people; null when none did. */
  readonly fault: { readonly id: number; readonly line: number; readonly text: string } | null;
  /** By which rule the network lost or delayed it; null when it only carried it. */
  readonly networkCause: Cause | null;
}

/**
 * Everything observable that a world does, in order. `peer` says which connection of the host it is: the one with that host
 * (or, where no host has the remote socket, with that socket); null while it is with nobody. `main` tells whether
 * it is the connection that the host's bare name means.
 */
export type EngineEvent =
  | {
      readonly kind: 'call';
      readonly timeUs: number;
      readonly host: string;
      readonly peer: string | null;
      readonly main: boolean;
      readonly call: UserCall;
      readonly result: CallResult;
      readonly cause: Cause;
    }
  /** A call that had to wait (RFC 9293 section 3.9.1, RECEIVE or SEND queued) is finished. */
  | {
      readonly kind: 'call-completed';
      readonly timeUs: number;
      readonly host: string;
      readonly peer: string | null;
      readonly main: boolean;
      readonly call: UserCall['kind'];
      readonly result: CallResult;
      readonly cause: Cause;
    }
  | {
      readonly kind: 'state';
      readonly timeUs: number;
      readonly host: string;
      readonly peer: string | null;
      readonly main: boolean;
      readonly from: TcpState;
      readonly to: TcpState;
      readonly cause: Cause;
    }
  | { readonly kind: 'segment-sent'; readonly timeUs: number; readonly record: SegmentRecord }
  | { readonly kind: 'segment-arrived'; readonly timeUs: number; readonly host: string; readonly record: SegmentRecord }
  /** The network lost it; `record.fate` is `dropped` (a fault of the script) or `lost` (the link's own loss, queue, or nobody at that address). */
  | { readonly kind: 'segment-lost'; readonly timeUs: number; readonly record: SegmentRecord }
  /** The receiving TCP threw it away, in whole. */
  | {
      readonly kind: 'segment-discarded';
      readonly timeUs: number;
      readonly host: string;
      readonly peer: string | null;
      readonly main: boolean;
      readonly segment: SegmentId;
      readonly cause: Cause;
    }
  /** The receiving TCP kept it for later, out of order (RFC 9293 section 3.10.7.4, SHLD-31). */
  | {
      readonly kind: 'segment-queued';
      readonly timeUs: number;
      readonly host: string;
      readonly peer: string | null;
      readonly main: boolean;
      readonly segment: SegmentId;
      readonly cause: Cause;
    }
  /** A window changed: what may be sent, or what may come. null stands for no bound. */
  | {
      readonly kind: 'window';
      readonly timeUs: number;
      readonly host: string;
      readonly peer: string | null;
      readonly main: boolean;
      readonly variable: WindowVariable;
      readonly fromBytes: number | null;
      readonly toBytes: number | null;
      readonly cause: Cause;
    }
  /** A step of SEGMENT ARRIVES decided something that shows in no other event (for example: the ACK advanced SND.UNA). */
  | {
      readonly kind: 'note';
      readonly timeUs: number;
      readonly host: string;
      readonly peer: string | null;
      readonly main: boolean;
      readonly cause: Cause;
    }
  | {
      readonly kind: 'timer-started';
      readonly timeUs: number;
      readonly host: string;
      readonly peer: string | null;
      readonly main: boolean;
      readonly timer: TimerName;
      readonly expiresUs: number;
      readonly cause: Cause;
    }
  | {
      readonly kind: 'timer-stopped';
      readonly timeUs: number;
      readonly host: string;
      readonly peer: string | null;
      readonly main: boolean;
      readonly timer: TimerName;
      readonly cause: Cause;
    }
  | {
      readonly kind: 'timer-expired';
      readonly timeUs: number;
      readonly host: string;
      readonly peer: string | null;
      readonly main: boolean;
      readonly timer: TimerName;
      readonly cause: Cause;
    }
  /** Octets handed to the application. */
  | {
      readonly kind: 'delivered';
      readonly timeUs: number;
      readonly host: string;
      readonly peer: string | null;
      readonly main: boolean;
      readonly lengthBytes: number;
      readonly octets: Octets;
      readonly cause: Cause;
    }
  /** TCP tells the application something unasked: reset, refused, closing, user timeout (RFC 9293 section 3.10). */
  | {
      readonly kind: 'signal';
      readonly timeUs: number;
      readonly host: string;
      readonly peer: string | null;
      readonly main: boolean;
      readonly signal: Signal;
      readonly cause: Cause;
    }
  | { readonly kind: 'icmp-sent'; readonly timeUs: number; readonly record: IcmpRecord }
  | { readonly kind: 'icmp-arrived'; readonly timeUs: number; readonly host: string; readonly record: IcmpRecord }
  | { readonly kind: 'icmp-lost'; readonly timeUs: number; readonly record: IcmpRecord }
  /** TCP acted on nothing of it. */
  | {
      readonly kind: 'icmp-ignored';
      readonly timeUs: number;
      readonly host: string;
      readonly peer: string | null;
      readonly main: boolean;
      readonly icmp: IcmpId;
      readonly cause: Cause;
    }
  /** The main connection of a host has ended: from now on the host's bare name means this one, which is in this state. */
  | {
      readonly kind: 'main-connection';
      readonly timeUs: number;
      readonly host: string;
      readonly peer: string | null;
      readonly main: boolean;
      readonly state: TcpState;
      readonly cause: Cause;
    }
  /** The script or the link changed: up, down, delay and so on. */
  | { readonly kind: 'link-changed'; readonly timeUs: number; readonly text: string; readonly line: number };

/** The windows whose changes are told of (RFC 9293 section 3.3.1, RFC 5681 section 2). */
export type WindowVariable = 'SND.WND' | 'RCV.WND' | 'cwnd' | 'ssthresh';

/** What TCP may tell an application without being asked. */
export type Signal =
  | 'connection reset'
  | 'connection refused'
  | 'connection closing'
  | 'connection aborted due to user timeout'
  | 'urgent data'
  | 'end of urgent data'
  /** A segment has been sent again R1 times; TCP goes on trying (RFC 9293 section 3.8.3, SHLD-9). */
  | 'delivery problem'
  /** RFC 9293 section 3.9.1.8: ERROR_REPORT. */
  | IcmpError;

/**
 * Takes the events of a world; null switches tracing off. One that is `brief` is not told of segments, timers and notes,
 * which are nearly all events of a run: only of what an application sees (calls, states, signals, octets delivered), and
 * of changes of windows where it asks for `windows`.
 */
export type EventSink =
  | (((event: EngineEvent) => void) & { readonly brief?: boolean; readonly windows?: boolean })
  | null;

/** Whether a sink takes every event. */
export function wantsDetail(sink: EventSink): sink is NonNullable<EventSink> {
  return sink !== null && sink.brief !== true;
}

/** Whether a sink takes changes of windows. */
export function wantsWindows(sink: EventSink): boolean {
  return sink !== null && (sink.brief !== true || sink.windows === true);
}
