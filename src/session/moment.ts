import type { Cause, EngineEvent, SegmentId, TimerName } from '../engine/events';
import type { Span } from '../script/program';
import type { Because } from './because';
import type { WaitingText } from './whyNot';

/** What a moment is the end of. */
export type MomentKind =
  /** The world is made and nothing has happened: always moment 0. */
  | 'start'
  /** A statement is about to run. */
  | 'statement'
  /** An application made a call. */
  | 'call'
  /** A segment entered the link (it may have been lost there and then). */
  | 'segment-sent'
  /** A segment arrived at its destination and was processed. */
  | 'segment-arrived'
  /** A router sent an ICMP message, or the script forged one (it may have been lost there and then). */
  | 'icmp-sent'
  /** An ICMP message arrived and was processed. */
  | 'icmp-arrived'
  /** A timer of a connection expired. */
  | 'timer'
  /** The script changed the network: a fault, the link, hold, release. */
  | 'network'
  /** An arrow was claimed or a check was judged. */
  | 'verdict'
  /** The run is over: always the last moment. */
  | 'end';

/** Who is running: the script itself, or the body of an `at` or `on`. */
export interface ThreadLabel {
  /** 0 for the script, then counting from 1 in the order in which bodies start. */
  readonly id: number;
  readonly kind: 'script' | 'at' | 'on';
  /** Line of the `at` or `on`; 1 for the script. */
  readonly line: number;
}

/** One stop of the run: what happened on the way to it, and where the script stands. Plain data. */
export interface Moment {
  /** Counts from 0. */
  readonly index: number;
  readonly kind: MomentKind;
  /** Virtual time. */
  readonly timeUs: number;
  /** The statement that is about to run (`statement`) or during which it happened; null at `start` of an empty script and at `end`. */
  readonly statement: { readonly span: Span; readonly text: string } | null;
  readonly thread: ThreadLabel;
  /** One line for people: `client sends SYN`, `SYN arrives at server`, `retransmission timer of client expires`. */
  readonly title: string;
  /** The host that it happened at; null when it is nobody's. */
  readonly host: string | null;
  /** The connection that it is about, such as `server:bob`; null when it is about none. */
  readonly connection: string | null;
  readonly segment: SegmentId | null;
  readonly timer: TimerName | null;
  /** The chief cause: why TCP did it. null for moments without one (`statement`). */
  readonly cause: Cause | null;
  /** Everything that happened between the moment before and this one, in order. */
  readonly events: readonly EngineEvent[];
}

/** The verdict of one `send`, `expect`, `wait until` or call. */
export interface Check {
  readonly span: Span;
  readonly kind: 'send' | 'expect' | 'wait-until' | 'call' | 'inject';
  readonly ok: boolean;
  /** What was asked, as the script writes it: `client is SYN-SENT`. */
  readonly text: string;
  readonly expected: string;
  readonly actual: string;
  /** Why it came to be, in plain sentences; null when it is ok. */
  readonly why: string | null;
  /** `RFC 9293 3.10.7.4` when a rule is to blame. */
  readonly reference: string | null;
  /** Lines that are to blame, such as a `drop`. */
  readonly related: readonly { readonly span: Span; readonly message: string }[];
  /** The chain of causes of what it judges, the newest first; empty when nothing happened that it speaks of. */
  readonly because: readonly Because[];
  /** Why the hosts that it speaks of send nothing; empty when it is ok. */
  readonly waiting: readonly WaitingText[];
  /** The moment of the verdict. */
  readonly moment: number;
  readonly timeUs: number;
}

/** Something that is worth saying though no check failed. */
export interface RunWarning {
  readonly id: 'fault-never-met' | 'not-reached' | 'handler-never-ran' | 'still-sending';
  readonly span: Span;
  readonly message: string;
}

/** How a run came out. */
export type Outcome = 'passed' | 'failed' | 'error' | 'limit';

/** The world after the last thing that a line did, for inlay hints: `client SYN-SENT · server LISTEN · 10 ms`. */
export interface LineSummary {
  readonly line: number;
  readonly timeUs: number;
  readonly states: readonly {
    readonly host: string;
    /** `server`, or `server:bob` where the host has several connections. */
    readonly name: string;
    readonly state: string;
  }[];
}
