import { actorText, parseActor } from '../engine/actor';
import type { Cause, EngineEvent, EventSink, SegmentId, SegmentRecord, TimerName } from '../engine/events';
import { NO_OCTETS, octetsConcat } from '../engine/octets';
import { matchesPattern, type SegmentPattern } from '../engine/pattern';
import type { RuleId } from '../engine/rules';
import {
  connection,
  hostNames,
  lastArrival,
  segmentCount,
  segmentRecord,
  segmentSeqBase,
  worldTimeUs,
} from '../engine/sim/world';
import type { ScenarioProgram, Span, Statement } from '../script/program';
import { actorOf, type ConnectionEvent, isTowards, mayBeSentBy } from './actors';
import { errorNamesOf } from './errors';
import { chiefCause } from './importance';
import { type RunLog, writeEntry } from './log';
import type { Check, Moment, MomentKind } from './moment';
import { type Handler, MOST_KEPT_BYTES, memoryOf, type RunState, remember, type Thread } from './runState';
import { titleOf } from './titles';
import { noteWrites, variableKey, watchesWindows } from './writes';

/** A run under way: where it stands, what it has said, and the events of the step that is being made. */
export interface Run {
  readonly scenario: ScenarioProgram;
  state: RunState;
  readonly log: RunLog;
  /** Takes each moment as it is made; null while nobody looks at them, so that they are only counted. */
  keep: ((moment: Moment) => void) | null;
  /** True while the world has nothing left to do, so that what is waited for never comes. */
  idle: boolean;
  /** Events of the step that is being made; {@link absorb} empties it. */
  readonly batch: EngineEvent[];
  /** By which rule the windows of this step moved, by `variableKey`; {@link makeMoment} empties it. */
  readonly windowRules: Map<string, RuleId>;
  /** Fills the batch: with every event when moments are kept or a handler waits for segments, else with what the run has to know. */
  readonly sink: NonNullable<EventSink>;
}

/** A run at `state` that writes to `log`. */
export function createRun(scenario: ScenarioProgram, state: RunState, log: RunLog, keep: Run['keep']): Run {
  const batch: EngineEvent[] = [];
  const full = (event: EngineEvent) => void batch.push(event);
  const windows = watchesWindows(state);
  const brief = Object.assign((event: EngineEvent) => void batch.push(event), { brief: true, windows });
  return {
    scenario,
    state,
    log,
    keep,
    idle: false,
    batch,
    windowRules: new Map(),
    get sink() {
      return this.keep !== null || this.state.handlers.some(awaitsSegment) ? full : brief;
    },
  };
}

function awaitsSegment({ trigger }: Handler): boolean {
  return trigger.kind !== 'state';
}

/** The time of the run's world. */
export function nowUs(run: Run): number {
  return worldTimeUs(run.state.world);
}

/** Makes the events of the last step known: claims, errors, what was read, and which `on` bodies start. */
export function absorb(run: Run): void {
  if (run.batch.length === 0) return;
  for (const event of run.batch) {
    learn(run.state, event);
    if (event.kind === 'window') learnWindow(run, event);
    startHandlers(run, event);
  }
  if (run.keep !== null) run.state.pending = [...run.state.pending, ...run.batch];
  run.batch.length = 0;
}

function learn(state: RunState, event: EngineEvent): void {
  switch (event.kind) {
    case 'delivered': {
      for (const actor of actorsOf(event)) learnOctets(state, actor, event);
      break;
    }
    case 'call':
    case 'call-completed':
      if (!event.result.ok) for (const actor of actorsOf(event)) learnError(state, actor, event.result.error);
      break;
    case 'state':
      state.lastChange = new Map(state.lastChange).set(actorOf(event), event);
      if (event.main) state.lastChange = new Map(state.lastChange).set(event.host, event);
      break;
    case 'main-connection': {
      const change = state.lastChange.get(actorOf(event));
      if (change !== undefined) state.lastChange = new Map(state.lastChange).set(event.host, change);
      break;
    }
    case 'signal':
      for (const actor of actorsOf(event)) learnError(state, actor, event.signal);
      break;
  }
}

function learnWindow({ windowRules }: Run, event: Extract<EngineEvent, { kind: 'window' }>): void {
  const { host, main, variable, cause } = event;
  windowRules.set(variableKey(actorOf(event), variable), cause.rule);
  if (main) windowRules.set(variableKey(host, variable), cause.rule);
}

/** Whose memory an event is for: what a host is told in all, and each of its connections. */
function actorsOf(event: ConnectionEvent): readonly string[] {
  return event.peer === null ? [event.host] : [event.host, actorOf(event)];
}

function learnOctets(
  state: RunState,
  actor: string,
  { lengthBytes, octets }: Extract<EngineEvent, { kind: 'delivered' }>,
): void {
  const memory = memoryOf(state, actor);
  const receivedBytes = memory.receivedBytes + lengthBytes;
  remember(state, actor, {
    received: receivedBytes > MOST_KEPT_BYTES ? NO_OCTETS : octetsConcat([memory.received, octets]),
    receivedBytes,
  });
}

function learnError(state: RunState, actor: string, error: string): void {
  const { errors } = memoryOf(state, actor);
  const fresh = errorNamesOf(error).filter((name) => !errors.includes(name));
  if (fresh.length > 0) remember(state, actor, { errors: [...errors, ...fresh] });
}

function startHandlers(run: Run, event: EngineEvent): void {
  for (const handler of run.state.handlers) {
    const met =
      handler.trigger.kind === 'state'
        ? event.kind === 'state' && isChangeOf(event, handler.host) && event.to === handler.trigger.state
        : event.kind === 'segment-arrived' &&
          isTowards(run.state.world, event.record, handler.host) &&
          matches(run.state, handler.trigger.pattern, event.record);
    if (met) startThread(run.state, 'on', handler, null);
  }
}

/** Whether a change of state is one of the actor's: of the host's main connection, or of the one with the peer. */
function isChangeOf(event: Extract<EngineEvent, { kind: 'state' }>, actor: string): boolean {
  const { host, peer } = parseActor(actor);
  return event.host === host && (peer === null ? event.main : event.peer === peer);
}

/** Starts the body of an `at` or `on`; it runs beside the script and before it. */
export function startThread(
  state: RunState,
  kind: 'at' | 'on',
  statement: Extract<Statement, { kind: 'at' | 'on' }>,
  wait: Thread['wait'],
): void {
  const thread: Thread = {
    label: { id: state.nextThreadId++, kind, line: statement.span.line },
    body: statement.body,
    next: 0,
    reachedUs: null,
    wait,
  };
  state.threads = [...state.threads.slice(0, -1), thread, ...state.threads.slice(-1)];
  if (kind === 'on') state.handlersRun = new Set(state.handlersRun).add(statement.span.line);
}

/** Whether the segment of a record is one that `pattern` names; relative numbers count from the ISNs of both ends. */
export function matches(state: RunState, pattern: SegmentPattern, record: SegmentRecord): boolean {
  return matchesPattern(pattern, record.segment, segmentSeqBase(state.world, record.id));
}

/**
 * The segments that the TCP of an actor has sent since number `fromCount`, no earlier than `sinceUs`, and that no `send` has
 * claimed, in order. Forged segments and copies made by the network are nobody's to claim.
 */
export function unclaimedSince(state: RunState, actor: string, fromCount: number, sinceUs: number): SegmentRecord[] {
  const found: SegmentRecord[] = [];
  for (let id = sentCount(state); id > fromCount; id--) {
    const record = segmentRecord(state.world, id);
    if (record.timeUs < sinceUs) break;
    if (record.injected || record.duplicate || state.claimed.has(id)) continue;
    if (mayBeSentBy(state.world, record, actor)) found.push(record);
  }
  return found.reverse();
}

/** How many segments have entered the link. */
export function sentCount(state: RunState): number {
  return segmentCount(state.world);
}

/** Whether the segment is still on its way. */
export function isInFlight(state: RunState, id: SegmentId): boolean {
  return segmentRecord(state.world, id).fate === 'in-flight';
}

/** What a moment is about besides its events. */
interface MomentFacts {
  /** The host, or the connection, that acts. */
  readonly host?: string | null;
  readonly segment?: SegmentId | null;
  readonly timer?: TimerName | null;
  readonly cause?: Cause | null;
  readonly title?: string;
}

/** Closes the stretch of events since the last moment with a moment of this kind. */
export function makeMoment(run: Run, kind: MomentKind, thread: Thread, facts: MomentFacts = {}): void {
  const { state, log } = run;
  noteWrites(state, kind, kind === 'call' ? (facts.cause ?? null) : null, run.windowRules);
  const index = state.momentCount++;
  const events = state.pending;
  state.pending = [];
  noteSent(log, index, sentCount(state));
  if (run.keep === null) return;
  const statement = kind === 'end' || kind === 'start' ? null : (thread.body[thread.next] ?? null);
  run.keep({
    index,
    kind,
    timeUs: nowUs(run),
    statement: statement === null ? null : { span: statement.span, text: statement.text },
    thread: thread.label,
    title: facts.title ?? titleOf(kind, events, statement),
    host: facts.host == null ? null : parseActor(facts.host).host,
    connection: connectionOf(facts.host ?? null, facts.segment ?? null, events),
    segment: facts.segment ?? null,
    timer: facts.timer ?? null,
    cause: facts.cause ?? null,
    events,
  });
}

/** The connection that a moment is about: the one that acts, else the first that something happened to. */
function connectionOf(actor: string | null, segment: SegmentId | null, events: readonly EngineEvent[]): string | null {
  if (actor !== null && parseActor(actor).peer !== null) return actor;
  for (const event of events) {
    if ('peer' in event && event.peer !== null && (actor === null || event.host === actor)) return actorOf(event);
    if (event.kind === 'segment-sent' && event.record.id === segment && event.record.to !== null)
      return actorText(event.record.from, event.record.to);
  }
  return null;
}

/** What has entered the link since the moment before did so at this one. */
function noteSent(log: RunLog, moment: number, count: number): void {
  while (log.lastSent < count) log.sent.set(++log.lastSent, moment);
}

/** How many verdicts about one line are explained: a line that runs for ever would fill memory with what nobody reads. */
const MOST_EXPLAINED = 100;

/** Whether the next verdict is to be explained; not when the line has had its share, nor in a replay, whose verdicts are known. */
export function claimExplanation({ state, log }: Run, line: number): boolean {
  if (state.checkCount < log.checks.length) return false;
  const already = log.explained.get(line) ?? 0;
  if (already >= MOST_EXPLAINED) return false;
  log.explained.set(line, already + 1);
  return true;
}

/** Gives a verdict; it belongs to the next moment to be made, so that what is known of a moment never changes. */
export function giveVerdict({ state, log }: Run, verdict: Omit<Check, 'moment' | 'timeUs'>): void {
  const timeUs = worldTimeUs(state.world);
  writeEntry(log.checks, state.checkCount++, { ...verdict, moment: state.momentCount, timeUs });
}

/** The script's own thread; it never goes away. */
export function scriptThread(state: RunState): Thread {
  const thread = state.threads[state.threads.length - 1];
  if (thread === undefined) throw new Error('a run without its script');
  return thread;
}

const USUAL_PEERS: Readonly<Record<string, string>> = { client: 'server', server: 'client' };

/** Whom a host talks to when the script does not say: `client` and `server` mean each other; else one that listens, else the first. */
export function peerOf(state: RunState, actor: string): string | null {
  const { host, peer } = parseActor(actor);
  if (peer !== null) return peer;
  const others = hostNames(state.world).filter((other) => other !== host);
  const usual = others.find((other) => other === USUAL_PEERS[host]);
  return usual ?? others.find((other) => connection(state.world, other).state === 'LISTEN') ?? others[0] ?? null;
}

/** Makes the moment of a segment that has just arrived. */
export function recordArrival(run: Run, thread: Thread): void {
  const { state, log, batch } = run;
  const segment = lastArrival(state.world);
  log.arrived.set(segment, state.momentCount);
  if (run.keep === null) {
    absorb(run);
    makeMoment(run, 'segment-arrived', thread);
    return;
  }
  const host = batch.find((event) => event.kind === 'segment-arrived')?.host ?? null;
  const cause = chiefCause(batch);
  absorb(run);
  makeMoment(run, 'segment-arrived', thread, { host, segment, cause });
}

/** The span of the statement on `line`, also inside bodies; an empty span on that line when there is none. */
export function spanOfStatementAt(body: readonly Statement[], line: number): Span {
  return findSpan(body, line) ?? { line, column: 1, endLine: line, endColumn: 1 };
}

function findSpan(body: readonly Statement[], line: number): Span | null {
  for (const statement of body) {
    if (statement.span.line === line) return statement.span;
    const inner = 'body' in statement ? findSpan(statement.body, line) : null;
    if (inner !== null) return inner;
  }
  return null;
}
