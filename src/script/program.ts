import type { UserCall } from '../engine/calls';
import type { HostConfig, LinkConfig } from '../engine/config';
import type { Signal } from '../engine/events';
import type { IcmpKind } from '../engine/icmp';
import type { SegmentPattern } from '../engine/pattern';
import type { ProfileName } from '../engine/profiles';
import type { Endpoint } from '../engine/segment';
import type { FaultAction, FaultCount } from '../engine/sim/faults';
import type { TcpState } from '../engine/states';

/** A stretch of the script's text; lines and columns are 1-based, the end is exclusive. */
export interface Span {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** What a script says, with all names resolved and all units converted: the input of a run. */
export interface Program {
  readonly scenarios: readonly ScenarioProgram[];
}

/** One scenario: a fresh world and the statements that drive it. */
export interface ScenarioProgram {
  /** The title; the empty string when the file has no `scenario` line. */
  readonly title: string;
  /** The `scenario` line, or the first line of the file. */
  readonly span: Span;
  readonly hosts: readonly HostConfig[];
  /** Where each host was declared; hosts that exist by default are absent. */
  readonly hostSpans: ReadonlyMap<string, Span>;
  /** What the options of each host come from, by its name. */
  readonly hostOrigins: ReadonlyMap<string, HostOrigin>;
  readonly defaultLink: LinkConfig;
  /** Directions that differ from the default. */
  readonly links: readonly { readonly from: string; readonly to: string; readonly config: LinkConfig }[];
  /** `seed N`; 1 when the script names none. */
  readonly seed: number;
  readonly body: readonly Statement[];
  /**
   * The first line that could not be understood; the run stops before it, since what follows may depend on it.
   * null when every line is right.
   */
  readonly brokenLine: number | null;
}

/** Where the configuration of a host comes from. */
export interface HostOrigin {
  /** The set of defaults below its options. */
  readonly profile: ProfileName;
  /** The line of each option that is written, by the option's name. */
  readonly optionLines: ReadonlyMap<string, number>;
}

/** What every statement has. */
interface StatementBase {
  readonly span: Span;
  /** The statement as the script writes it, one line, without comment. */
  readonly text: string;
}

/**
 * One statement that runs. Who acts, is asked about or watched is a host (`server`, which means its main connection) or one
 * of its connections (`server:bob`, read by `parseActor`).
 */
export type Statement = StatementBase &
  (
    | { readonly kind: 'call'; readonly host: string; readonly call: UserCall }
    | {
        readonly kind: 'send';
        readonly host: string;
        readonly pattern: SegmentPattern;
        readonly withinUs: number | null;
      }
    | {
        readonly kind: 'inject';
        readonly host: string;
        readonly pattern: SegmentPattern;
        /** The host (or connection) whose address the forged segment bears, or a socket that nobody needs to have; null for the forger's own. */
        readonly spoof: string | Endpoint | null;
        /** Whom it is sent to; null for the only other party (of the spoofed host, or of the forger). */
        readonly to: string | null;
      }
    | {
        readonly kind: 'inject-icmp';
        readonly host: string;
        readonly icmp: IcmpKind;
        /** The next-hop MTU in bytes; 0 for none. */
        readonly mtuBytes: number;
        /** The segment that it quotes; null for the last one on its way. */
        readonly about: SegmentPattern | null;
        readonly spoof: string | Endpoint | null;
        readonly to: string | null;
      }
    | {
        readonly kind: 'fault';
        readonly action: FaultAction;
        readonly count: FaultCount;
        readonly pattern: SegmentPattern;
        /** For ICMP messages in place of segments; null for segments. */
        readonly icmp: IcmpKind | 'any' | null;
        readonly from: string | null;
        readonly to: string | null;
      }
    /** `hold A -> B` and `release`; a null direction means every one. */
    | { readonly kind: 'hold'; readonly from: string | null; readonly to: string | null }
    | { readonly kind: 'release'; readonly from: string | null; readonly to: string | null }
    /** `set link delay 50ms`, `link client -> server down`, `link down for 5s`. */
    | {
        readonly kind: 'set-link';
        readonly from: string | null;
        readonly to: string | null;
        readonly change: Partial<LinkConfig>;
        /** For `link down for D`: when it comes up again by itself. */
        readonly forUs: number | null;
      }
    | { readonly kind: 'wait'; readonly durationUs: number }
    /** `wait 2msl`: counted in the MSL of the first host. */
    | { readonly kind: 'wait-until'; readonly condition: Condition; readonly withinUs: number | null }
    | { readonly kind: 'run' }
    | { readonly kind: 'at'; readonly timeUs: number; readonly body: readonly Statement[] }
    | { readonly kind: 'on'; readonly host: string; readonly trigger: OnTrigger; readonly body: readonly Statement[] }
    | {
        readonly kind: 'expect';
        readonly now: boolean;
        readonly condition: Condition;
        readonly withinUs: number | null;
      }
  );

/** What sets an `on` handler off. */
export type OnTrigger =
  | { readonly kind: 'state'; readonly state: TcpState }
  | { readonly kind: 'receives'; readonly pattern: SegmentPattern };

/** The comparison operators of conditions. */
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** Something that is true or false of a moment. Each carries the text that the script wrote for it. */
export type Condition = { readonly text: string; readonly span: Span } & (
  | { readonly kind: 'state'; readonly host: string; readonly state: TcpState }
  | {
      readonly kind: 'compare';
      readonly operator: CompareOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  /** A variable that is true or false, by itself. */
  | { readonly kind: 'holds'; readonly expression: Expression }
  | { readonly kind: 'sent'; readonly host: string; readonly pattern: SegmentPattern; readonly times: number | null }
  /** `H received 4000 bytes` / `"text"`: in all since the scenario began. */
  | {
      readonly kind: 'received';
      readonly host: string;
      readonly lengthBytes: number | null;
      readonly octetsText: string | null;
    }
  /** `segment lost`: the latest segment that entered the link was lost. */
  | { readonly kind: 'segment-lost' }
  | { readonly kind: 'error'; readonly host: string; readonly error: ErrorName }
  /** Nothing is sent by anybody for this long. */
  | { readonly kind: 'quiet'; readonly forUs: number }
  | { readonly kind: 'not'; readonly operand: Condition }
  | { readonly kind: 'and'; readonly operands: readonly Condition[] }
  | { readonly kind: 'or'; readonly operands: readonly Condition[] }
);

/** `H error reset`: the short names of {@link Signal}s and of call errors; `any` for whichever came last. */
export type ErrorName =
  | 'reset'
  | 'refused'
  | 'closing'
  | 'timeout'
  | 'delivery'
  | 'not-exist'
  | 'exists'
  | 'illegal'
  | 'unspecified'
  | 'resources'
  | 'network-unreachable'
  | 'host-unreachable'
  | 'source-route-failed'
  | 'time-exceeded'
  | 'parameter-problem'
  | 'protocol-unreachable'
  | 'port-unreachable'
  | 'any';

/** Which signal or call error a short name stands for; a name that stands for several lists them all. */
export type ErrorTable = Readonly<Record<Exclude<ErrorName, 'any'>, readonly (Signal | string)[]>>;

/** A number of a script. Units are resolved: times in microseconds, lengths in bytes. */
export type Expression = { readonly text: string; readonly span: Span } & (
  | { readonly kind: 'number'; readonly value: number; readonly unit: Unit }
  /** `client.SND.NXT`: a name of the engine's table of variables. */
  | { readonly kind: 'variable'; readonly host: string; readonly name: string; readonly unit: Unit }
  | {
      readonly kind: 'binary';
      readonly operator: '+' | '-' | '*' | '/';
      readonly left: Expression;
      readonly right: Expression;
      readonly unit: Unit;
    }
  | { readonly kind: 'negate'; readonly operand: Expression; readonly unit: Unit }
);

/** What a number counts. `seq` arithmetic and comparison wrap at 2^32. */
export type Unit = 'seq' | 'bytes' | 'us' | 'count' | 'bps' | 'ratio' | 'boolean' | 'text';
