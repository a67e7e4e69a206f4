/**
 * Chains of causes: something that happened, what set it off, what had set that off, and so on to a line of the script or
 * a rule of the network. The record of a segment says why it was sent, the trigger of a timer why it had been started, so
 * that a chain needs no more than the world: any run has them, also one whose events nobody kept. Where moments are at
 * hand, the decisions of each step stand between the links. Every link lies before the one that it explains.
 */
import { parseActor } from '../engine/actor';
import type { Cause, EngineEvent, IcmpRecord, SegmentRecord, TimerStart } from '../engine/events';
import type { RuleId } from '../engine/rules';
import { segLen } from '../engine/segment';
import { CALL_RULES, icmpRecord, segmentCount, segmentRecord, type World } from '../engine/sim/world';
import type { ScenarioProgram } from '../script/program';
import { type Because, type Place, plainLink, ruledLink, segmentName, shortened } from './because';
import { decisionsFor } from './decisions';
import { silentDiscard } from './discards';
import { icmpArrival, icmpSending } from './icmpChain';
import { causeOfEvent } from './importance';
import type { RunLog } from './log';
import { copyBefore, fateOf, type Loss, lossBehind } from './losses';
import type { Moment } from './moment';
import { statementTextAt } from './statementAt';
import { callTitle, eventSentence, timerName } from './titles';
import { formatTimeUs } from './values';

/** What chains are read from. */
export interface ChainSource {
  readonly scenario: ScenarioProgram;
  /** At which moments segments were sent and arrived. */
  readonly log: RunLog;
  /** The world at or after what is to be explained. */
  readonly world: World;
  /** The known moments; null where nobody keeps them. */
  readonly moments: ((index: number) => Moment | null) | null;
}

/** How many links people are shown. */
export const MOST_LINKS = 12;

/** What is to be explained next; null at the end of the chain. */
type Next = (() => Found) | null;

/** Some links, and what comes behind them. */
interface Found {
  readonly links: readonly Because[];
  readonly next: Next;
}

const END: Found = { links: [], next: null };

/** The chain of causes of an event, the event itself first; `moment`: where it happened, null when that is not known. */
export function chainOf(
  source: ChainSource,
  event: EngineEvent,
  moment: number | null,
  mostLinks: number = MOST_LINKS,
): readonly Because[] {
  return told(() => eventLinks(source, event, moment), mostLinks);
}

/** The chain of a segment's sending. An id that was never given out is a bug of the caller: throws. */
export function chainOfSegment(source: ChainSource, id: number, mostLinks: number = MOST_LINKS): readonly Because[] {
  return told(() => sentLinks(source, segmentRecord(source.world, id)), mostLinks);
}

/** The chain of a segment's arrival. An id that was never given out is a bug of the caller: throws. */
export function chainOfArrival(source: ChainSource, id: number, mostLinks: number = MOST_LINKS): readonly Because[] {
  return told(() => arrivalLinks(source, id), mostLinks);
}

/** The chain of an ICMP message's sending: the segment that it is about, or the line that forged it. */
export function chainOfIcmp(
  source: ChainSource,
  record: IcmpRecord,
  mostLinks: number = MOST_LINKS,
): readonly Because[] {
  return told(() => icmpSentLinks(source, record, record.cause), mostLinks);
}

/** The chain of causes behind a step of a host that is told elsewhere: of the segment that it `sent`, or of what set it off. */
export function chainBehind(
  source: ChainSource,
  step: { readonly host: string; readonly sent: number | null; readonly cause: Cause; readonly place: Place },
  mostLinks: number = MOST_LINKS,
): readonly Because[] {
  const { host, sent, cause, place } = step;
  if (sent !== null) return chainOfSegment(source, sent, mostLinks);
  return told(() => triggerLinks(source, cause, parseActor(host).host, place), mostLinks);
}

function told(first: () => Found, mostLinks: number): readonly Because[] {
  const chain: Because[] = [];
  for (let next: Next = first; next !== null && chain.length <= mostLinks; ) {
    const found: Found = next();
    chain.push(...found.links);
    next = found.next;
  }
  return shortened(chain, mostLinks);
}

function eventLinks(source: ChainSource, event: EngineEvent, moment: number | null): Found {
  switch (event.kind) {
    case 'segment-arrived':
      return arrivalLinks(source, event.record.id);
    case 'segment-sent':
      return sentLinks(source, event.record);
    case 'segment-lost':
      return lostLinks(source, event.record);
    case 'icmp-arrived':
      return icmpLinks(source, event.record.id);
    case 'icmp-sent':
      return icmpSentLinks(source, event.record, event.record.cause);
    case 'icmp-lost':
      return icmpSentLinks(source, event.record, event.record.networkCause ?? event.record.cause);
    case 'link-changed':
      return lineLinks(source, event.line, { timeUs: event.timeUs, moment });
    case 'call':
      return callLinks(source, eventSentence(event), event.cause, { timeUs: event.timeUs, moment });
    case 'timer-expired':
      return expiryLinks(source, event, { timeUs: event.timeUs, moment });
    default:
      return ownLinks(source, event, event.host, moment);
  }
}

/** The end of a timer: what it asks for, and why it had been started. */
function expiryLinks(source: ChainSource, event: Extract<EngineEvent, { kind: 'timer-expired' }>, place: Place): Found {
  const what = `${eventSentence(event)} at ${formatTimeUs(event.timeUs)}`;
  return {
    links: [ruledLink('event', what, event.cause, place)],
    next: () => timerLinks(source, event.host, event.cause, place, null),
  };
}

/** An event with a cause of its own. */
function ownLinks(source: ChainSource, event: EngineEvent, host: string, moment: number | null): Found {
  const cause = causeOfEvent(event);
  if (cause === null) return END;
  const place = { timeUs: event.timeUs, moment };
  const what = `${eventSentence(event)} at ${formatTimeUs(event.timeUs)}`;
  return {
    links: [ruledLink('event', what, cause, place), ...decisions(source, cause, host, place, event)],
    next: () => triggerLinks(source, cause, host, place),
  };
}

/** The decisions that bear on a move; those after `before` in its own moment came later. */
function decisions(
  source: ChainSource,
  cause: Cause,
  host: string,
  place: Place,
  before: EngineEvent | null,
): Because[] {
  return decisionsFor(source, cause, host, place.moment, before).map(({ event, moment }) =>
    ruledLink('decision', `${eventSentence(event)} at ${formatTimeUs(event.timeUs)}`, event.cause, {
      timeUs: event.timeUs,
      moment,
    }),
  );
}

function sentPlace({ log }: ChainSource, { id, timeUs }: SegmentRecord): Place {
  return { timeUs, moment: log.sent.get(id) || null };
}

function nameOf({ log, world }: ChainSource, { id, segment }: SegmentRecord): string {
  return segmentName(segment, log.isns.baseOf(world, id));
}

/** A segment that was sent; a copy that the network made has the network's cause, and then that of the first. */
function sentLinks(source: ChainSource, record: SegmentRecord): Found {
  const { from, timeUs, cause, networkCause } = record;
  const place = sentPlace(source, record);
  const verb = record.injected ? 'forges' : record.retransmission ? 'sends again' : 'sends';
  const what = `${from} ${verb} ${nameOf(source, record)} at ${formatTimeUs(timeUs)}`;
  const copied = record.duplicate ? (networkCause ?? null) : null;
  const copy =
    copied === null ? [] : [ruledLink('loss', `the network delivers ${nameOf(source, record)} twice`, copied, place)];
  return {
    links: [...copy, ruledLink('event', what, cause, place), ...besides(source, record, place)],
    next: () => triggerLinks(source, cause, from, place, record),
  };
}

/** What bears on the sending of a segment: decisions, where its octets come from, and what was lost before. */
function besides(source: ChainSource, record: SegmentRecord, place: Place): Because[] {
  return [
    ...decisions(source, record.cause, record.from, place, null),
    ...octetsLinks(source, record, place),
    ...lossLinks(source, record),
  ];
}

/** Rules by which octets leave that were handed over before, by the line that the cause names. */
const SENDING_RULES: ReadonlySet<RuleId> = new Set<RuleId>(['send-data', 'resend-after-probe']);

function octetsLinks(source: ChainSource, { cause }: SegmentRecord, place: Place): Because[] {
  if (!SENDING_RULES.has(cause.rule) || cause.line === null || cause.trigger.kind === 'call') return [];
  return [plainLink('line', `the octets were handed over by ${lineText(source, cause.line)}`, cause.line, place)];
}

/** What the network did to the copy before, or to its acknowledgment. */
function lossLinks(source: ChainSource, record: SegmentRecord): Because[] {
  const loss = record.retransmission && !record.duplicate ? lossBehind(source.world, record) : null;
  return loss === null ? [] : [lossLink(source, loss)];
}

/** What became of a segment that has not been taken where it was sent to; empty when it has, or is still on its way. */
export function lossOf(source: ChainSource, record: SegmentRecord): readonly Because[] {
  const loss = fateOf(record, Number.POSITIVE_INFINITY);
  return loss === null ? [] : [lossLink(source, loss)];
}

function lossLink(source: ChainSource, loss: Loss): Because {
  const { cause, networkCause } = loss.record;
  const { line } = cause;
  const by =
    loss.discarded === null ? (networkCause ?? { rule: 'network-delivers', line }) : { rule: loss.discarded, line };
  const { record } = loss;
  const what = `${nameOf(source, record)} from ${record.from}, sent at ${formatTimeUs(record.timeUs)}, ${loss.what}`;
  return ruledLink('loss', what, by, sentPlace(source, record));
}

function lostLinks(source: ChainSource, record: SegmentRecord): Found {
  const { from, timeUs, fate, fault, networkCause, cause } = record;
  const by = fault === null ? '' : ` by \`${fault.text}\``;
  const what = `${nameOf(source, record)} from ${from}, sent at ${formatTimeUs(timeUs)}, is ${fate}${by}`;
  const place = sentPlace(source, record);
  return {
    links: networkCause == null ? [] : [ruledLink('loss', what, networkCause, place)],
    next: () => triggerLinks(source, cause, from, place, record),
  };
}

/** What set a move of `host` off. The move stands at `place`; `sent` is the segment that it put on the wire. */
function triggerLinks(
  source: ChainSource,
  cause: Cause,
  host: string,
  place: Place,
  sent: SegmentRecord | null = null,
): Found {
  const { trigger } = cause;
  switch (trigger.kind) {
    case 'segment':
      return arrivalLinks(source, trigger.segment);
    case 'call': {
      const moment = momentBefore(source, place, ({ kind, host: whose }) => kind === 'call' && whose === host);
      const at = { timeUs: place.timeUs, moment };
      return callLinks(source, callTitle(host, trigger.call), { rule: CALL_RULES[trigger.call], line: cause.line }, at);
    }
    case 'icmp':
      return icmpLinks(source, trigger.icmp);
    case 'timer': {
      const moment = momentBefore(source, place, ({ timer, host: whose }) => timer === trigger.timer && whose === host);
      return timerLinks(source, host, cause, { timeUs: place.timeUs, moment }, sent);
    }
    case 'inject':
      return lineLinks(source, cause.line, place);
    case 'network':
      return END;
  }
}

/** An ICMP message arrived: what it says, and the loss of the segment, or the line of the script, behind it. */
function icmpLinks(source: ChainSource, id: number): Found {
  const record = icmpRecord(source.world, id);
  return { links: [icmpArrival(record, source)], next: behindIcmp(source, record) };
}

function icmpSentLinks(source: ChainSource, record: IcmpRecord, cause: Cause): Found {
  return { links: [icmpSending(record, cause, source)], next: behindIcmp(source, record) };
}

function behindIcmp(source: ChainSource, { from, about, cause, timeUs }: IcmpRecord): Next {
  if (from !== null || about === null) return () => lineLinks(source, cause.line, { timeUs, moment: null });
  return () => lostLinks(source, segmentRecord(source.world, about));
}

/** A segment arrived: what it is, and why it had been sent. */
function arrivalLinks(source: ChainSource, id: number): Found {
  const record = segmentRecord(source.world, id);
  const { from, to, timeUs, arriveUs, cause, injected } = record;
  const arrived = arriveUs === null ? '' : ` at ${formatTimeUs(arriveUs)}`;
  const forged = injected ? 'forged ' : '';
  const what = `the ${forged}segment ${nameOf(source, record)} from ${from} arrives at ${to ?? 'nobody'}${arrived} (sent at ${formatTimeUs(timeUs)})`;
  const place = { timeUs: arriveUs ?? timeUs, moment: source.log.arrived.get(id) || null };
  const sentAt = sentPlace(source, record);
  const discarded = silentDiscard(record);
  const gone =
    discarded === null
      ? []
      : [
          ruledLink(
            'loss',
            `${to ?? 'nobody'} throws ${nameOf(source, record)} away`,
            { rule: discarded, line: cause.line },
            place,
          ),
        ];
  return {
    links: [...gone, ruledLink('arrival', what, cause, place), ...besides(source, record, sentAt)],
    next: () => triggerLinks(source, cause, from, sentAt, record),
  };
}

/** A timer expired: that, and why it had been started. */
function timerLinks(source: ChainSource, host: string, cause: Cause, place: Place, sent: SegmentRecord | null): Found {
  const { trigger } = cause;
  if (trigger.kind !== 'timer') return END;
  const { timer, started } = trigger;
  const watched = watchedBy(source, started, sent);
  const when = watched === null ? '' : `, when ${nameOf(source, watched)} was sent`;
  const what = `the ${timerName(timer, started.rule)} timer of ${host}, started at ${formatTimeUs(started.atUs)}${when}, expires at ${formatTimeUs(place.timeUs)}`;
  // A segment that is sent again tells by itself what became of the copy before.
  const missed = sent === null ? missedSegment(source, host, started) : null;
  const lost = missed === null ? [] : lossOf(source, missed);
  return {
    links: [...lost, ruledLink('timer', what, started, place)],
    next: () => triggerLinks(source, started, host, startPlace(source, started)),
  };
}

/** Timers that run since something was sent that needs an answer. */
const AWAITS_ANSWER: ReadonlySet<RuleId> = new Set<RuleId>([
  'rto-start',
  'rto-back-off',
  'syn-linear-timeout',
  'tail-probe-start',
  'user-timer-start',
  'open-timer-start',
]);

/** The last segment that a host sent as it started a timer for it; null where the timer waits for something else. */
function missedSegment({ world }: ChainSource, host: string, { rule, atUs }: TimerStart): SegmentRecord | null {
  if (!AWAITS_ANSWER.has(rule)) return null;
  const last = lastSentBy(world, atUs);
  for (let id = last; id >= Math.max(1, last - MOST_SEARCHED); id--) {
    const record = segmentRecord(world, id);
    if (record.timeUs < atUs) return null;
    if (record.from === host && !record.injected && segLen(record.segment) > 0) return record;
  }
  return null;
}

/** The last segment that had entered the link by some time; segments are counted in the order of time. 0 for none. */
function lastSentBy(world: World, timeUs: number): number {
  let low = 0;
  for (let high = segmentCount(world); low < high; ) {
    const middle = (low + high + 1) >>> 1;
    if (segmentRecord(world, middle).timeUs <= timeUs) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** How many segments of one instant are looked through for the one that a timer was started for. */
const MOST_SEARCHED = 2_000;

/** The segment with whose sending the timer was started: the copy before the one that it has now sent again. */
function watchedBy({ world }: ChainSource, started: TimerStart, sent: SegmentRecord | null): SegmentRecord | null {
  if (started.rule !== 'rto-start' || sent === null || !sent.retransmission) return null;
  const before = copyBefore(world, sent);
  return before !== null && before.timeUs === started.atUs ? before : null;
}

/** A timer that a segment starts is started as that arrives; otherwise only the time is known. */
function startPlace({ world, log }: ChainSource, { atUs, trigger }: TimerStart): Place {
  const arrived = trigger.kind === 'segment' && segmentRecord(world, trigger.segment).arriveUs === atUs;
  return { timeUs: atUs, moment: (arrived && log.arrived.get(trigger.segment)) || null };
}

/** A call: the line of the script that made it, where a chain ends. */
function callLinks(source: ChainSource, title: string, cause: Pick<Cause, 'rule' | 'line'>, place: Place): Found {
  const by = cause.line === null ? '' : ` by ${lineText(source, cause.line)}`;
  const what = `${title} at ${formatTimeUs(place.timeUs)}${by}`;
  return { links: [ruledLink('line', what, cause, place)], next: null };
}

function lineLinks(source: ChainSource, line: number | null, place: Place): Found {
  return line === null ? END : { links: [plainLink('line', lineText(source, line), line, place)], next: null };
}

function lineText({ scenario }: ChainSource, line: number): string {
  const text = statementTextAt(scenario, line);
  return text === null ? `line ${line}` : `line ${line}, \`${text}\``;
}

/** How many moments are looked through for the one at which something began. */
const MOST_MOMENTS_BACK = 64;

/** The moment of the same instant, at `place` or just before it, that is meant; null when it is not known. */
function momentBefore({ moments }: ChainSource, place: Place, isMeant: (moment: Moment) => boolean): number | null {
  if (moments === null || place.moment === null) return null;
  for (let index = place.moment; index >= Math.max(0, place.moment - MOST_MOMENTS_BACK); index--) {
    const moment = moments(index);
    if (moment === null || moment.timeUs < place.timeUs) return null;
    if (isMeant(moment)) return index;
  }
  return null;
}
