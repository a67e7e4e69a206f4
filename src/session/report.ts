import { CALL_NAMES, type ConnectionStatus } from '../engine/calls';
import type { Cause, EngineEvent, Fate, IcmpRecord, SegmentRecord } from '../engine/events';
import type { IcmpKind } from '../engine/icmp';
import { octetsLength } from '../engine/octets';
import type { SeqBase } from '../engine/pattern';
import type { RuleId } from '../engine/rules';
import { type Endpoint, FLAG, type FlagName, flagNames, type SegmentOptions } from '../engine/segment';
import type { Seq } from '../engine/seq';
import { connection, hostNames, icmpRecords, segmentRecords, type World, worldTimeUs } from '../engine/sim/world';
import type { Tcb } from '../engine/tcp/tcb';
import { VARIABLES, type VariableValue } from '../engine/variables';
import type { Diagnostic } from '../script/diagnosticTypes';
import { namedConnections } from './actors';
import { type Because, becauseText, shortened } from './because';
import { ruleText } from './causes';
import { chainOf, chainOfIcmp, chainOfSegment } from './chain';
import { countedFrom, shownNumbers } from './isns';
import { type Mark, markSegments, type SegmentMarks, UNMARKED } from './marks';
import type { Check, Outcome } from './moment';
import type { Session } from './session';
import { waitingOf } from './whyNot';

/** The result of running a file, as programs read it (`tcpscript run --format json`). Survives JSON. */
export interface RunReport {
  readonly version: 1;
  readonly file: string;
  readonly scenarios: readonly ScenarioReport[];
  readonly diagnostics: readonly DiagnosticReport[];
}

/** Why something happened. */
export interface CauseReport {
  readonly rule: string;
  readonly rfc: number | null;
  readonly section: string | null;
  readonly requirement: string | null;
  readonly text: string;
}

/** One link of a chain of causes, the newest first. */
export interface BecauseReport {
  /** null for a line of the script, and for `…`. */
  readonly rule: string | null;
  readonly rfc: number | null;
  readonly section: string | null;
  readonly requirement: string | null;
  readonly line: number | null;
  /** What happened and what the rule says, one sentence. */
  readonly text: string;
}

/** One reason why a host sends nothing at the end of the run. */
export interface WaitingReport extends CauseReport {
  /** Virtual time at which the wait is over at the latest; null when nobody can say. */
  readonly untilUs: number | null;
}

/** One scenario's run. */
export interface ScenarioReport {
  readonly title: string;
  readonly outcome: Outcome;
  /** Virtual time at the end, integer microseconds. */
  readonly endUs: number;
  readonly segments: readonly SegmentReport[];
  /** ICMP error messages, in the order in which the network came to send them. */
  readonly icmp: readonly IcmpReport[];
  readonly states: readonly {
    timeUs: number;
    host: string;
    /** The host at the other end of the connection; null while there is none. */
    peer: string | null;
    from: string;
    to: string;
    line: number | null;
    cause: CauseReport;
    because: readonly BecauseReport[];
  }[];
  readonly calls: readonly {
    timeUs: number;
    host: string;
    peer: string | null;
    call: string;
    line: number | null;
    result: string;
    /** What STATUS told; absent for other calls. */
    status?: ConnectionStatus;
    because: readonly BecauseReport[];
  }[];
  /** Timers that expired. */
  readonly timers: readonly {
    timeUs: number;
    host: string;
    peer: string | null;
    timer: string;
    line: number | null;
    cause: CauseReport;
    because: readonly BecauseReport[];
  }[];
  /** Changes of windows; null stands for no bound. */
  readonly windows: readonly {
    timeUs: number;
    host: string;
    peer: string | null;
    variable: string;
    from: number | null;
    to: number | null;
    line: number | null;
    cause: CauseReport;
    because: readonly BecauseReport[];
  }[];
  readonly checks: readonly {
    line: number;
    ok: boolean;
    text: string;
    expected: string;
    actual: string;
    why: string | null;
    because: readonly BecauseReport[];
  }[];
  readonly hosts: Readonly<
    Record<
      string,
      {
        /** Of the main connection, and its variables. */
        state: string;
        tcb: Readonly<Record<string, VariableValue>>;
        connections: readonly ConnectionReport[];
        /** Why it sends nothing at the end. */
        waiting: readonly WaitingReport[];
      }
    >
  >;
  readonly warnings: readonly { line: number; id: string; message: string }[];
}

/** One connection of a host; the main one comes first. */
export interface ConnectionReport {
  /** `server`, or `server:bob` where there are several. */
  readonly name: string;
  /** The host at the other end; null while there is none. */
  readonly peer: string | null;
  readonly main: boolean;
  readonly state: string;
  readonly local: Endpoint;
  readonly remote: Endpoint | null;
  readonly tcb: Readonly<Record<string, VariableValue>>;
}

/** One segment's way over the link. */
export interface SegmentReport {
  readonly timeUs: number;
  /** When it arrived; null if it never did. */
  readonly arriveUs: number | null;
  readonly from: string;
  readonly to: string | null;
  readonly flags: readonly FlagName[];
  /** Relative to the sender's ISN; absolute where it lies before that ISN. */
  readonly seq: number;
  /** Relative to the receiver's ISN; null without ACK; absolute before that ISN is known, and where it lies before it. */
  readonly ack: number | null;
  readonly seqRaw: number;
  readonly ackRaw: number | null;
  readonly len: number;
  readonly win: number;
  /** The urgent pointer, counted from the sequence number; null without URG. */
  readonly up: number | null;
  /** `sack` holds blocks relative to the receiver's ISN, `sackRaw` the same as on the wire. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly ecn: number;
  /** `held` also when the run ended while it was on its way. */
  readonly fate: Exclude<Fate, 'in-flight'> | 'duplicated' | 'corrupted' | 'injected';
  readonly retransmission: boolean;
  /** Why the TCP that it reached threw it away, in whole; null when it did not. */
  readonly discarded: CauseReport | null;
  /** What network analysers would remark on. */
  readonly marks: readonly Mark[];
  /** For the mark `duplicate-ack`, the how manieth duplicate it is; else null. */
  readonly duplicateAck: number | null;
  readonly line: number | null;
  readonly cause: CauseReport;
  /** The chain of causes, this segment first. */
  readonly because: readonly BecauseReport[];
}

/** One ICMP error message's way. */
export interface IcmpReport {
  readonly timeUs: number;
  /** When it arrived; null if it never did. */
  readonly arriveUs: number | null;
  /** The host that forged it; null for a router. */
  readonly from: string | null;
  readonly to: string;
  readonly kind: IcmpKind;
  /** The next-hop MTU; null where the message tells none. */
  readonly mtu: number | null;
  /** What it quotes: the place of that segment in `segments` (null when no such segment was sent) and its number on the wire. */
  readonly quoted: { readonly segment: number | null; readonly seqRaw: number; readonly len: number };
  /** `held` when the run ended while it was on its way. */
  readonly fate: Exclude<Fate, 'in-flight'> | 'injected';
  readonly line: number | null;
  readonly cause: CauseReport;
  /** The chain of causes, the sending of this message first. */
  readonly because: readonly BecauseReport[];
}

/** One remark about the script, 1-based, end exclusive. */
export interface DiagnosticReport {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly severity: string;
  readonly id: string;
  readonly message: string;
}

/** The same with lists that are made as they are read, once: whole lists of a long run would fill memory. */
export type Streamed<T> = {
  readonly [K in keyof T]: T[K] extends readonly (infer Row)[] ? Iterable<Row> : T[K];
};

/** The report of a file's run. The sessions have run to their end, or to where the caller stopped them. */
export function reportRun(file: string, sessions: readonly Session[], diagnostics: readonly Diagnostic[]): RunReport {
  return { version: 1, file, scenarios: sessions.map(reportScenario), diagnostics: diagnostics.map(reportDiagnostic) };
}

/** One diagnostic as programs read it. */
export function reportDiagnostic({ id, severity, span, message }: Diagnostic): DiagnosticReport {
  return { ...span, severity, id, message };
}

function reportScenario(session: Session): ScenarioReport {
  const { segments, icmp, states, calls, timers, windows, checks, warnings, ...rest } = streamScenario(session);
  return {
    ...rest,
    segments: [...segments],
    icmp: [...icmp],
    states: [...states],
    calls: [...calls],
    timers: [...timers],
    windows: [...windows],
    checks: [...checks],
    warnings: [...warnings],
  };
}

/** The report of one scenario's run, a row at a time. */
export function streamScenario(session: Session): Streamed<ScenarioReport> {
  const { world } = session.stateAt(session.momentCount - 1);
  return {
    title: session.scenario.title,
    outcome: session.outcome() ?? 'limit',
    endUs: worldTimeUs(world),
    segments: reportSegments(session, world),
    icmp: mapped(icmpRecords(world), (record) => reportIcmp(session, record)),
    states: reportEvents(session, 'state', reportState),
    calls: reportEvents(session, 'call', reportCall),
    timers: reportEvents(session, 'timer-expired', reportTimer),
    windows: reportEvents(session, 'window', reportWindow),
    checks: mapped(session.checks(), reportCheck),
    hosts: Object.fromEntries(hostNames(world).map((host) => [host, reportHost(world, host)])),
    warnings: mapped(session.warnings(), ({ span, id, message }) => ({ line: span.line, id, message })),
  };
}

function* mapped<T, Row>(rows: Iterable<T>, report: (row: T) => Row): Generator<Row> {
  for (const row of rows) yield report(row);
}

function reportCheck({ span, ok, text, expected, actual, why, because }: Check): ScenarioReport['checks'][number] {
  return {
    line: span.line,
    ok,
    text,
    expected,
    actual,
    why,
    because: reportBecause(shortened(because, MOST_REPORTED)),
  };
}

/** How many links of each chain are reported: reports of long runs stay readable. */
const MOST_REPORTED = 6;

type EventOf<K extends EngineEvent['kind']> = Extract<EngineEvent, { kind: K }>;

/** What is reported of the events of one kind; `because` makes the chain of causes of an event where it is told. */
function* reportEvents<K extends EngineEvent['kind'], Row>(
  session: Session,
  kind: K,
  report: (event: EventOf<K>, because: () => BecauseReport[]) => Row,
): Generator<Row> {
  const source = session.chainSource;
  const isMeant = (event: EngineEvent): event is EventOf<K> => event.kind === kind;
  for (let index = session.firstMoment; index < session.momentsKeptTo; index++) {
    for (const event of session.moment(index).events) {
      if (isMeant(event)) yield report(event, () => reportBecause(chainOf(source, event, index, MOST_REPORTED)));
    }
  }
}

function reportState(event: EventOf<'state'>, because: () => BecauseReport[]): ScenarioReport['states'][number] {
  const { from, to, cause } = event;
  return { ...common(event), from, to, cause: reportCause(cause), because: because() };
}

function reportCall(event: EventOf<'call'>, because: () => BecauseReport[]): ScenarioReport['calls'][number] {
  const result = event.result.ok ? 'ok' : `error: ${event.result.error}`;
  const status = event.result.ok && event.result.status !== undefined ? { status: event.result.status } : {};
  return { ...common(event), call: CALL_NAMES[event.call.kind], result, ...status, because: because() };
}

function reportTimer(
  event: EventOf<'timer-expired'>,
  because: () => BecauseReport[],
): ScenarioReport['timers'][number] {
  return { ...common(event), timer: event.timer, cause: reportCause(event.cause), because: because() };
}

function reportWindow(event: EventOf<'window'>, because: () => BecauseReport[]): ScenarioReport['windows'][number] {
  const { variable, fromBytes: from, toBytes: to, cause } = event;
  return { ...common(event), variable, from, to, cause: reportCause(cause), because: because() };
}

function common({ timeUs, host, peer, cause }: { timeUs: number; host: string; peer: string | null; cause: Cause }) {
  return { timeUs, host, peer, line: cause.line };
}

function reportBecause(chain: readonly Because[]): BecauseReport[] {
  return chain.map((link) => {
    const { rule, rfc, section, requirement, line } = link;
    return { rule, rfc, section, requirement, line, text: becauseText(link) };
  });
}

function reportHost(world: World, host: string) {
  const main = connection(world, host);
  const connections = namedConnections(world, host).map(({ name, isMain, tcb }) => ({
    name,
    peer: tcb.peer,
    main: isMain,
    state: tcb.state,
    local: tcb.local,
    remote: tcb.remote,
    tcb: variablesOf(tcb),
  }));
  const waiting = waitingOf(world, host).map(
    ({ rule, rfc, section, requirement, text, untilUs }): WaitingReport => ({
      rule,
      rfc,
      section,
      requirement,
      text,
      untilUs,
    }),
  );
  return { state: main.state, tcb: variablesOf(main), connections, waiting };
}

function variablesOf(tcb: Tcb): Record<string, VariableValue> {
  return Object.fromEntries(Object.entries(VARIABLES).map(([name, variable]) => [name, variable.read(tcb)]));
}

function reportCause(cause: Cause): CauseReport {
  return reportRule(cause.rule);
}

function reportRule(id: RuleId): CauseReport {
  const { rule, rfc, section, requirement, text } = ruleText(id);
  return { rule, rfc, section, requirement, text };
}

/** Every segment; its relative numbers count from the ISNs of the connection that was open when it was sent. */
function* reportSegments(session: Session, world: World): Generator<SegmentReport> {
  const records = segmentRecords(world);
  const marks = markSegments(records);
  const source = session.chainSource;
  for (const [index, record] of records.entries()) {
    yield {
      ...reportSegment(record, session.seqBaseOf(record.id), marks[index] ?? UNMARKED),
      because: reportBecause(chainOfSegment(source, record.id, MOST_REPORTED)),
    };
  }
}

function reportIcmp(session: Session, record: IcmpRecord): IcmpReport {
  const { message, fate, about } = record;
  const arrived = fate === 'delivered';
  return {
    timeUs: record.timeUs,
    arriveUs: arrived ? record.arriveUs : null,
    from: record.from,
    to: record.to,
    kind: message.kind,
    mtu: message.mtuBytes > 0 ? message.mtuBytes : null,
    quoted: {
      segment: about === null ? null : about - 1,
      seqRaw: message.quoted.seq,
      len: octetsLength(message.quoted.payload),
    },
    fate: fate === 'in-flight' ? 'held' : arrived && record.from !== null ? 'injected' : fate,
    line: record.cause.line,
    cause: reportCause(record.cause),
    because: reportBecause(chainOfIcmp(session.chainSource, record, MOST_REPORTED)),
  };
}

function reportSegment(
  record: SegmentRecord,
  base: SeqBase,
  { marks, duplicateAck }: SegmentMarks,
): Omit<SegmentReport, 'because'> {
  const { segment } = record;
  const { seq, ack } = shownNumbers(segment, base);
  const arrived = record.fate === 'delivered';
  return {
    timeUs: record.timeUs,
    arriveUs: arrived ? record.arriveUs : null,
    from: record.from,
    to: record.to,
    flags: flagNames(segment.flags),
    seq,
    ack,
    seqRaw: segment.seq,
    ackRaw: ack === null ? null : segment.ack,
    len: octetsLength(segment.payload),
    win: segment.wnd,
    up: (segment.flags & FLAG.URG) === 0 ? null : segment.up,
    options: reportOptions(segment.options, base.receiverIss),
    ecn: segment.ecn,
    fate: reportFate(record),
    retransmission: record.retransmission,
    discarded: record.discarded == null ? null : reportRule(record.discarded),
    marks,
    duplicateAck,
    line: record.cause.line,
    cause: reportCause(record.cause),
  };
}

/** The edges of SACK blocks are numbers of the receiver's octets: counted as `ack` is, and in `sackRaw` as on the wire. */
function reportOptions(options: SegmentOptions, receiverIss: Seq): SegmentReport['options'] {
  const { sack } = options;
  if (sack === undefined) return { ...options };
  const counted = sack.map((edges) => edges.map((edge) => countedFrom(receiverIss, edge)));
  return { ...options, sack: counted, sackRaw: sack };
}

/** A segment that arrived but not as it was sent is told by what was done to it. */
function reportFate(record: SegmentRecord): SegmentReport['fate'] {
  if (record.fate === 'in-flight') return 'held';
  if (record.fate !== 'delivered') return record.fate;
  if (record.corrupted) return 'corrupted';
  if (record.duplicate) return 'duplicated';
  return record.injected ? 'injected' : 'delivered';
}
