/** Plain-data views of a run, made for eyes: they survive JSON and hold no engine objects. */

/** Where a rule of TCP is written down, and what it says. */
export interface CauseView {
  /** The rule's stable id, such as `open-active`. */
  readonly rule: string;
  /** One plain sentence. */
  readonly text: string;
  /** `RFC 9293 3.10.7.4, fifth check`; null for a rule of the network or of the script. */
  readonly reference: string | null;
  /** Where the section can be read: `https://www.rfc-editor.org/rfc/rfc9293#section-3.10.7.4`; null without a reference. */
  readonly url: string | null;
  /** `MUST-13`; null where there is none. */
  readonly requirement: string | null;
  /** The script line that led to it; null when a timer alone did it. */
  readonly line: number | null;
}

/** One arrow of the sequence diagram. */
export interface SegmentView {
  readonly id: number;
  readonly from: string;
  /** null when nobody has the address. */
  readonly to: string | null;
  readonly sentUs: number;
  /** When it arrives, or would have arrived (for the slant of a lost one); null when nobody can say (held). */
  readonly arriveUs: number | null;
  readonly fate: 'in-flight' | 'delivered' | 'dropped' | 'lost' | 'held';
  /** How far a lost one came, 0 (sender) to 1 (receiver); null otherwise. */
  readonly diedAt: number | null;
  /** `SYN`, `SYN-ACK`, `ACK`, `PSH-ACK` … */
  readonly flags: string;
  /** Relative to the sender's ISN. */
  readonly seq: number;
  /** Relative to the receiver's ISN; null without the ACK bit. */
  readonly ack: number | null;
  /** Which of `seq` and `ack` are as on the wire, since they lie before the ISN, as in a segment of a former connection. */
  readonly absolute: readonly ('seq' | 'ack')[];
  readonly seqRaw: number;
  readonly ackRaw: number | null;
  readonly lengthBytes: number;
  readonly wnd: number;
  /** The urgent pointer: how many octets from `seq` on are urgent; null without the URG bit. */
  readonly up: number | null;
  /** `mss 1460` …, as text; SACK blocks are counted from the receiver's ISN, as `ack` is. */
  readonly options: readonly string[];
  /** The same with SACK blocks as on the wire. */
  readonly optionsRaw: readonly string[];
  readonly retransmission: boolean;
  readonly injected: boolean;
  readonly duplicate: boolean;
  readonly corrupted: boolean;
  /** The script line that led to it; null when a timer did. */
  readonly line: number | null;
  /** Moments at which it was sent and arrived (or was discarded); null when not known (yet). */
  readonly sentMoment: number;
  readonly arrivedMoment: number | null;
  /** What touched it: `drop next (line 7)`; null when nothing did. */
  readonly fault: string | null;
  /** `server throws it away (RFC 4987 2.2)`: where it arrived nothing came of it; null otherwise. */
  readonly discarded: string | null;
  readonly cause: CauseView;
}

/** An ICMP message on the sequence diagram: from a router between two lifelines, or from the host that forged it. */
export interface IcmpView {
  readonly id: number;
  /** The host that forged it; null for a router. */
  readonly from: string | null;
  /** For a router's: the other end of the link on which the router stands; null for a forged one. */
  readonly towards: string | null;
  readonly to: string;
  /** `ICMP: fragmentation needed, MTU 1400`. */
  readonly text: string;
  readonly sentUs: number;
  /** When it arrives or would have arrived; null when it never does. */
  readonly arriveUs: number | null;
  readonly fate: 'in-flight' | 'delivered' | 'dropped' | 'lost' | 'held';
  /** The id of the segment that it quotes; null when no such segment was sent. */
  readonly segment: number | null;
  readonly line: number | null;
  readonly sentMoment: number;
  /** The moment at which it arrived; null when not known (yet). */
  readonly arrivedMoment: number | null;
  /** What touched it: `drop next ICMP (line 7)`; null when nothing did. */
  readonly fault: string | null;
  readonly cause: CauseView;
}

/**
 * A host's lifeline is in this state from `fromUs` on. Of a state that a host is in already when a stretch begins, time
 * and moment are those of the stretch's beginning.
 */
export interface StateSpanView {
  readonly host: string;
  /** Whom the connection is with, where it is not the host's first one; null for that one. */
  readonly peer: string | null;
  /** Whether the host's lifeline takes this state on: its main connection's. */
  readonly main: boolean;
  readonly state: string;
  readonly fromUs: number;
  /** The moment at which it was entered. */
  readonly moment: number;
}

/** One entry of the list of moments. */
export interface MomentSummary {
  readonly index: number;
  readonly kind: string;
  readonly timeUs: number;
  readonly line: number | null;
  readonly title: string;
  readonly host: string | null;
  /** The connection that it is about, such as `server:bob`; null when it is about none. */
  readonly connection: string | null;
  readonly segment: number | null;
}

/** A mark on the diagram at a time: a timer that expired, a call (`answer`: one that tells something), a check. */
export interface MarkView {
  readonly moment: number;
  readonly timeUs: number;
  readonly host: string | null;
  readonly kind: 'timer' | 'call' | 'answer' | 'check-passed' | 'check-failed' | 'network';
  readonly text: string;
  readonly line: number | null;
}

/**
 * What the diagram needs of a stretch of a run: of all moments known so far when they are few, else of those around the
 * place that is looked at.
 */
export interface RunView {
  readonly title: string;
  readonly hosts: readonly { readonly name: string; readonly address: string; readonly port: number }[];
  /** The segments that are sent or arrive in the stretch. */
  readonly segments: readonly SegmentView[];
  readonly icmp: readonly IcmpView[];
  readonly states: readonly StateSpanView[];
  readonly marks: readonly MarkView[];
  /** The stretch, without gaps; its first moment need not be the run's. */
  readonly moments: readonly MomentSummary[];
  /** How many moments of the whole run are known. */
  readonly momentCount: number;
  /** How long the first segment that takes time is on its way: the diagram's scale; null when none of the run's first does. */
  readonly usualDelayUs: number | null;
  /** The time of the last moment known. */
  readonly endUs: number;
  readonly finished: boolean;
  readonly outcome: 'passed' | 'failed' | 'error' | 'limit' | null;
}

/** One variable of a TCB at a moment. */
export interface VariableView {
  /** The RFC's name: `SND.NXT`. */
  readonly name: string;
  /** As people read it: `1001 (ISS+1)`, `1 s`, `65535`. */
  readonly value: string;
  /** The value before this step, where it changed; null where it did not. */
  readonly previous: string | null;
  /** Value and previous value counted from the initial sequence number, as the arrows are; null for what is not counted so. */
  readonly relative: { readonly value: string; readonly previous: string | null } | null;
  /** What it means, one sentence. */
  readonly doc: string;
  /** `RFC 9293 3.3.1`; null where there is none. */
  readonly section: string | null;
  /** Where it belongs in the table: `Send`, `Receive`, `Timers` … */
  readonly group: string;
}

/** One host at a moment, or one of its connections where it has several. */
export interface HostView {
  /** `server`, or `server:bob` where the host has several connections. */
  readonly name: string;
  readonly host: string;
  /** Whether the host's bare name means it; the first view of a host is this one. */
  readonly main: boolean;
  /** How many connections of the host are not among the views, because there are too many; 0 but for the main one. */
  readonly hidden: number;
  readonly state: string;
  /** The state before this step, where it changed; null where it did not. */
  readonly previousState: string | null;
  readonly variables: readonly VariableView[];
  /** Why it sends nothing now, what keeps data back first; never empty. */
  readonly waiting: readonly WaitingView[];
}

/** A timer that runs at a moment. */
export interface TimerView {
  /** `server`, or `server:bob` where the host has several connections. */
  readonly host: string;
  readonly timer: string;
  readonly expiresUs: number;
}

/** One link of a chain of causes, the newest first. */
export interface BecauseView {
  /** What it is about: `event`, `decision`, `arrival`, `loss`, `timer`, `line` or `more`. */
  readonly kind: string;
  /** What happened, and when. */
  readonly what: string;
  /** What its rule says; null for a line of the script, and for `…`. */
  readonly text: string | null;
  readonly reference: string | null;
  readonly url: string | null;
  readonly requirement: string | null;
  readonly line: number | null;
  /** The moment at which it happened; null when that is not known. */
  readonly moment: number | null;
}

/** One reason why a host sends nothing at a moment. */
export interface WaitingView {
  /** One sentence with its numbers. */
  readonly text: string;
  /** What its rule says. */
  readonly says: string;
  readonly reference: string | null;
  readonly url: string | null;
  readonly requirement: string | null;
  /** When the wait is over at the latest; null when nobody can say. */
  readonly untilUs: number | null;
}

/** The current moment, in full. */
export interface MomentView {
  readonly index: number;
  readonly kind: string;
  readonly timeUs: number;
  readonly title: string;
  readonly line: number | null;
  readonly statement: string | null;
  readonly segment: number | null;
  /** Why TCP did what it did in this step, most important first; empty when nothing in it has a cause. */
  readonly causes: readonly (CauseView & { readonly what: string })[];
  /** The chain of causes of the most telling event, that event first; empty where nothing happened. */
  readonly because: readonly BecauseView[];
  /** The hosts in the order of the run, each followed by its other connections. */
  readonly hosts: readonly HostView[];
  readonly timers: readonly TimerView[];
  /** Ids of the segments on their way at this moment. */
  readonly inFlight: readonly number[];
  /** The verdict that was given at this moment; null when none was. */
  readonly check: {
    readonly ok: boolean;
    readonly text: string;
    readonly expected: string;
    readonly actual: string;
    readonly why: string | null;
  } | null;
}
