import { actorText } from '../engine/actor';
import type { Cause, EngineEvent, SegmentRecord } from '../engine/events';
import { octetsLength } from '../engine/octets';
import { FLAG, flagsText, type SegmentOptions } from '../engine/segment';
import { type Seq, seq, seqDiff } from '../engine/seq';
import {
  connection,
  hasConnection,
  hostNames,
  icmpRecord,
  inFlightTowards,
  segmentCount,
  segmentRecord,
  type World,
  worldTimeUs,
} from '../engine/sim/world';
import type { Tcb } from '../engine/tcp/tcb';
import { TIMER_NAMES, timerRuns } from '../engine/tcp/timers';
import { VARIABLES, type Variable, type VariableValue } from '../engine/variables';
import { type NamedConnection, shownConnections } from '../session/actors';
import type { Because } from '../session/because';
import { causeText, ruleText } from '../session/causes';
import { silentDiscard } from '../session/discards';
import { causedEvents } from '../session/importance';
import { countedFrom, shownNumbers } from '../session/isns';
import type { Check, Moment } from '../session/moment';
import type { Session } from '../session/session';
import { eventSentence, eventTitle, icmpTitle, timerName } from '../session/titles';
import { formatValue } from '../session/values';
import { chainOfMoment } from '../session/why';
import { type WaitingText, waitingOf } from '../session/whyNot';
import type { RunExtension } from './messages';
import type {
  BecauseView,
  CauseView,
  HostView,
  IcmpView,
  MarkView,
  MomentView,
  RunView,
  SegmentView,
  StateSpanView,
  TimerView,
  VariableView,
  WaitingView,
} from './view';

/** The moments from `from` up to, but not including, `to`; all of them are kept. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

const wholeOf = ({ firstMoment, momentsKeptTo }: Session): Stretch => ({ from: firstMoment, to: momentsKeptTo });

/** A stretch of a run, for a panel that knows nothing yet; everything that is kept when no stretch is named. */
export function projectRun(session: Session, stretch: Stretch = wholeOf(session)): RunView {
  const { from } = stretch;
  const { world } = session.stateAt(Math.max(session.firstMoment, from - 1));
  const hosts = hostNames(world).map((name) => ({ name, ...connection(world, name).local }));
  const fromUs = from === 0 ? 0 : session.moment(from).timeUs;
  const initial = hosts.map(({ name }): StateSpanView => {
    const state = from === 0 ? 'CLOSED' : connection(world, name).state;
    return { host: name, peer: null, main: true, state, fromUs, moment: from };
  });
  const { states, ...rest } = extendRun(session, stretch);
  return { title: session.scenario.title, hosts, ...rest, states: [...initial, ...states] };
}

/** What a panel needs to know of a stretch of a run when it knows the moments before. */
export function extendRun(session: Session, { from, to }: Stretch): RunExtension {
  const { world } = session.stateAt(session.momentCount - 1);
  const segments = new Map<number, SegmentView>();
  const icmp = new Map<number, IcmpView>();
  const states: StateSpanView[] = [];
  const marks: MarkView[] = [];
  const moments: RunExtension['moments'][number][] = [];
  for (let index = from; index < to; index++) {
    const moment = session.moment(index);
    moments.push(summaryOf(moment));
    for (const event of moment.events) {
      const id = segmentOf(event);
      if (id !== null) segments.set(id, projectSegment(session, world, id));
      const message = icmpOf(event);
      if (message !== null) icmp.set(message, projectIcmp(session, world, message));
      const span = stateSpanOf(event, index);
      if (span !== null) states.push(span);
      const mark = markOf(event, index);
      if (mark !== null) marks.push(mark);
    }
  }
  return {
    segments: [...segments.values()],
    icmp: [...icmp.values()],
    states,
    marks: [...marks, ...checkMarks(session, { from, to })],
    moments,
    momentCount: session.momentCount,
    usualDelayUs: usualDelayOf(world),
    endUs: worldTimeUs(world),
    finished: session.finished,
    outcome: session.outcome(),
  };
}

/** Among so many first segments of a run, one that takes time is looked for. */
const SCALE_SEGMENTS = 64;

function usualDelayOf(world: World): number | null {
  const count = Math.min(SCALE_SEGMENTS, segmentCount(world));
  for (let id = 1; id <= count; id++) {
    const { timeUs, arriveUs } = segmentRecord(world, id);
    if (arriveUs !== null && arriveUs > timeUs) return arriveUs - timeUs;
  }
  return null;
}

/** What an event says of the state of a connection; null when it says nothing. */
function stateSpanOf(event: EngineEvent, moment: number): StateSpanView | null {
  switch (event.kind) {
    case 'state': {
      const { host, main, to: state, timeUs: fromUs } = event;
      return { host, peer: main ? null : event.peer, main, state, fromUs, moment };
    }
    case 'main-connection': {
      const { host, peer, main, state, timeUs: fromUs } = event;
      return { host, peer, main, state, fromUs, moment };
    }
    default:
      return null;
  }
}

function summaryOf({
  index,
  kind,
  timeUs,
  statement,
  title,
  host,
  connection,
  segment,
}: Moment): RunExtension['moments'][number] {
  return { index, kind, timeUs, line: statement?.span.line ?? null, title, host, connection, segment };
}

/** The segment whose record an event may have changed; null for events about none. */
function segmentOf(event: EngineEvent): number | null {
  switch (event.kind) {
    case 'segment-sent':
    case 'segment-arrived':
    case 'segment-lost':
      return event.record.id;
    default:
      return null;
  }
}

/** The ICMP message whose record an event may have changed; null for events about none. */
function icmpOf(event: EngineEvent): number | null {
  switch (event.kind) {
    case 'icmp-sent':
    case 'icmp-arrived':
    case 'icmp-lost':
      return event.record.id;
    default:
      return null;
  }
}

function projectIcmp(session: Session, world: World, id: number): IcmpView {
  const record = icmpRecord(world, id);
  const { sentMoment, arrivedMoment } = session.momentsOfIcmp(id);
  return {
    id,
    from: record.from,
    towards: record.towards,
    to: record.to,
    text: icmpTitle(record),
    sentUs: record.timeUs,
    arriveUs: record.arriveUs,
    fate: record.fate,
    segment: record.about,
    line: record.cause.line,
    sentMoment,
    arrivedMoment,
    fault: networkText(record),
    cause: projectCause(record.cause),
  };
}

function markOf(event: EngineEvent, moment: number): MarkView | null {
  const kinds: Partial<Record<EngineEvent['kind'], MarkView['kind']>> = {
    'timer-expired': 'timer',
    call: 'call',
    'link-changed': 'network',
  };
  const kind = event.kind === 'call' && event.call.kind === 'status' ? 'answer' : kinds[event.kind];
  const text = eventTitle(event);
  if (kind === undefined || text === null) return null;
  // A timer that only starts again has done nothing that a diagram could show.
  if (event.kind === 'timer-expired' && event.cause.rule === 'keep-alive-heard') return null;
  const host = 'host' in event ? event.host : null;
  return { moment, timeUs: event.timeUs, host, kind, text, line: 'cause' in event ? event.cause.line : null };
}

function checkMarks(session: Session, { from, to }: Stretch): MarkView[] {
  return session
    .checks()
    .filter((check) => check.moment >= from && check.moment < to && isShown(check))
    .map(({ moment, timeUs, ok, text, span }) => ({
      moment,
      timeUs,
      host: null,
      kind: ok ? ('check-passed' as const) : ('check-failed' as const),
      text,
      line: span.line,
    }));
}

/** An arrow that was claimed is on the diagram already; every other verdict is shown at its moment. */
function isShown({ kind, ok }: Check): boolean {
  return kind !== 'send' || !ok;
}

function projectSegment(session: Session, world: World, id: number): SegmentView {
  const record = segmentRecord(world, id);
  const { segment } = record;
  const base = session.seqBaseOf(id);
  const { seq, ack, absolute } = shownNumbers(segment, base);
  const { sentMoment, arrivedMoment } = session.momentsOfSegment(id);
  return {
    id,
    from: record.from,
    to: record.to,
    sentUs: record.timeUs,
    arriveUs: record.arriveUs,
    fate: record.fate,
    diedAt: record.diedAt,
    flags: flagsText(segment.flags),
    seq,
    ack,
    absolute,
    seqRaw: segment.seq,
    ackRaw: ack === null ? null : segment.ack,
    lengthBytes: octetsLength(segment.payload),
    wnd: segment.wnd,
    up: (segment.flags & FLAG.URG) === 0 ? null : segment.up,
    options: optionTexts(segment.options, (edge) => countedFrom(base.receiverIss, edge)),
    optionsRaw: optionTexts(segment.options, (edge) => edge),
    retransmission: record.retransmission,
    injected: record.injected,
    duplicate: record.duplicate,
    corrupted: record.corrupted,
    line: record.cause.line,
    sentMoment,
    arrivedMoment,
    fault: networkText(record),
    discarded: discardText(record),
    cause: projectCause(record.cause),
  };
}

/** Who threw a segment away without a word, and by which rule; null where nobody did. A damaged one is told as such. */
function discardText(record: SegmentRecord): string | null {
  const rule = silentDiscard(record);
  if (rule === null || record.corrupted) return null;
  const { reference } = ruleText(rule);
  return `${record.to} throws it away${reference === null ? '' : ` (${reference})`}`;
}

/** What the network did to a segment: the script's fault, or the link's own doing; null when it did nothing. */
function networkText({ fault, networkCause }: Pick<SegmentRecord, 'fault' | 'networkCause'>): string | null {
  if (fault !== null) return `${fault.text} (line ${fault.line})`;
  return networkCause == null ? null : causeText(networkCause).text;
}

/** Options as text; `counted` says how the edges of SACK blocks, which are numbers of the receiver's octets, are written. */
function optionTexts(
  { mss, wscale, sackOK, ts, sack }: SegmentOptions,
  counted: (edge: Seq) => number,
): readonly string[] {
  return [
    ...(mss === undefined ? [] : [`mss ${mss}`]),
    ...(wscale === undefined ? [] : [`wscale ${wscale}`]),
    ...(sackOK === true ? ['sack permitted'] : []),
    ...(ts === undefined ? [] : [`ts ${ts[0]} ${ts[1]}`]),
    ...(sack ?? []).map(([left, right]) => `sack ${counted(left)}-${counted(right)}`),
  ];
}

/** A cause for eyes. */
export function projectCause(cause: Cause): CauseView {
  const { rule, text, reference, url, requirement } = causeText(cause);
  return { rule, text, reference, url, requirement, line: cause.line };
}

/** A link of a chain for eyes. */
export function projectBecause({ kind, what, text, reference, url, requirement, line, moment }: Because): BecauseView {
  return { kind, what, text, reference, url, requirement, line, moment };
}

function projectWaiting({ text, says, reference, url, requirement, untilUs }: WaitingText): WaitingView {
  return { text, says, reference, url, requirement, untilUs };
}

/** The moment at which the session stands. */
export function projectMoment(session: Session): MomentView {
  const moment = session.moment(session.position);
  const world = session.world();
  const previous = session.previousWorld();
  const check = session.checks().find((one) => one.moment === moment.index && isShown(one)) ?? null;
  return {
    index: moment.index,
    kind: moment.kind,
    timeUs: moment.timeUs,
    title: moment.title,
    line: moment.statement?.span.line ?? null,
    statement: moment.statement?.text ?? null,
    segment: moment.segment,
    causes: causesOf(moment),
    because: (check?.because ?? chainOfMoment(session, moment.index)).map(projectBecause),
    hosts: hostNames(world).flatMap((host) => projectHost(host, world, previous)),
    timers: hostNames(world).flatMap((host) => projectTimers(host, world)),
    inFlight: hostNames(world).flatMap((host) => [...inFlightTowards(world, host)]),
    check:
      check === null
        ? null
        : { ok: check.ok, text: check.text, expected: check.expected, actual: check.actual, why: check.why },
  };
}

/** Each rule once, with the most telling thing that it did. */
function causesOf(moment: Moment): MomentView['causes'] {
  const causes = new Map<string, MomentView['causes'][number]>();
  for (const { event, cause } of causedEvents(moment.events)) {
    if (!causes.has(cause.rule)) causes.set(cause.rule, { ...projectCause(cause), what: eventSentence(event) });
  }
  return [...causes.values()];
}

/** How many connections of one host are shown. */
const MOST_CONNECTIONS = 8;

function projectHost(host: string, world: World, previous: World | null): HostView[] {
  const all = shownConnections(world, host);
  const hidden = Math.max(0, all.length - MOST_CONNECTIONS);
  return all.slice(0, MOST_CONNECTIONS).map((one, index) => {
    const before = previous === null ? null : connectionBefore(previous, host, one);
    const actor = one.isMain ? host : actorText(host, one.tcb.peer);
    const waiting = waitingOf(world, actor).map(projectWaiting);
    return { ...projectConnection(one, before), waiting, host, main: one.isMain, hidden: index === 0 ? hidden : 0 };
  });
}

/** The same connection one moment before: the one with the same peer; the main one while it had none. */
function connectionBefore(previous: World, host: string, { isMain, tcb }: NamedConnection): Tcb {
  const actor = actorText(host, tcb.peer);
  return isMain && !hasConnection(previous, actor) ? connection(previous, host) : connection(previous, actor);
}

function projectConnection(
  { name, tcb }: NamedConnection,
  before: Tcb | null,
): Pick<HostView, 'name' | 'state' | 'previousState' | 'variables'> {
  const variables = Object.entries(VARIABLES).map(([variable, row]) => projectVariable(variable, row, tcb, before));
  const previousState = before === null || before.state === tcb.state ? null : before.state;
  return { name, state: tcb.state, previousState, variables };
}

function projectVariable(name: string, row: Variable, tcb: Tcb, before: Tcb | null): VariableView {
  const { doc, section, unit, group, read } = row;
  const value = shownValue(read(tcb), unit);
  const old = before === null ? value : shownValue(read(before), unit);
  const isSame = old === value;
  const counted = relativeValue(row, tcb);
  const relative =
    counted === null
      ? null
      : { value: counted, previous: isSame || before === null ? null : (relativeValue(row, before) ?? '–') };
  return { name, value, previous: isSame ? null : old, relative, doc, section, group };
}

/** A sequence number as the arrows write it; null for all else, and before there is one to count from. */
function relativeValue({ countedFrom, read }: Variable, tcb: Tcb): string | null {
  const base = countedFrom === undefined ? null : tcb[countedFrom];
  const value = read(tcb);
  return base === null || typeof value !== 'number' ? null : String(seqDiff(seq(value), base));
}

/** In a table most variables of a connection that is not open have no value; a dash says so more calmly than words. */
function shownValue(value: VariableValue, unit: Variable['unit']): string {
  return value === null ? '–' : formatValue(value, unit);
}

function projectTimers(host: string, world: World): TimerView[] {
  return shownConnections(world, host)
    .slice(0, MOST_CONNECTIONS)
    .flatMap(({ name, tcb }) =>
      TIMER_NAMES.filter((timer) => timerRuns(tcb, timer)).map((timer) => ({
        host: name,
        timer: timerName(timer, tcb.timerStarts[timer].rule),
        expiresUs: tcb.timers[timer],
      })),
    );
}
