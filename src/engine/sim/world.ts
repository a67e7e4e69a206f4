/**
 * The world: hosts with their TCPs, the links between them, and a virtual clock that runs only when somebody steps.
 *
 * One instant has three parts. Segments and timers are processed, one to a step; then the caller may let applications
 * act (`callWorld`); then TCP sends what it now has to, one segment to a step. So an acknowledgment that is owed rides on
 * the data or the FIN that an application adds in the same instant (RFC 9293 section 3.10.7.4, MUST-58).
 *
 * Of all that is due, the least by (time, order of insertion) happens first. The same configuration, calls and steps give
 * the same world to the byte: nothing here reads a clock or an unseeded chance. A world is changed in place; `cloneWorld`
 * makes a copy that goes its own way, at a cost that hardly grows with the length of the run.
 */
import { parseActor } from '../actor';
import type { CallResult, UserCall } from '../calls';
import type { LinkConfig } from '../config';
import type { Cause, EngineEvent, EventSink, IcmpRecord, SegmentId, SegmentRecord } from '../events';
import type { SegmentPattern, SeqBase } from '../pattern';
import type { RuleId } from '../rules';
import type { Endpoint, Segment } from '../segment';
import { createConnection, emit, timerExpires } from '../tcp/connection';
import type { Tcb } from '../tcp/tcb';
import { TIMER_NAMES } from '../tcp/timers';
import { arrive } from './arrival';
import { makeCall } from './calls';
import type { Fault, FaultReport } from './faults';
import { reportFaults } from './faults';
import { arriveIcmp, routerSends } from './icmp';
import { claimedSender, forge } from './inject';
import type { Direction } from './linkControl';
import { changeLink, holdDirection, releaseDirection } from './linkControl';
import { firstPending, listPending } from './pending';
import { listEvents, peekEvent, popEvent, pushEvent, removeEvents } from './queue';
import { getRecord, listRecords } from './records';
import { settle } from './settle';
import { hostAtAddress, slotWith } from './slots';
import type { Host, Slot, World } from './state';
import { hostAt, hostNamed, mainSlot, slotAt } from './state';
import { firstTimer } from './timerHeap';
import { anyOvertaken, depart, releaseAllOvertaken, seqBaseOf } from './transit';

export type { Fault, FaultAction, FaultCount, FaultReport } from './faults';
export { icmpRecord, icmpTowards } from './icmp';
export type { IcmpInjection } from './injectIcmp';
export { injectIcmp } from './injectIcmp';
export type { Direction } from './linkControl';
export type { World } from './state';
export { cloneWorld, createWorld } from './state';

/** What one step did; `limit`: a bound of `config.limits` is met and nothing happens any more. */
export type StepResult = 'sent' | 'arrived' | 'icmp' | 'timer' | 'wake' | 'idle' | 'limit';

/** A wake that was scheduled, for `cancelWake`. */
export type WakeId = number;

/** The virtual time in microseconds since the start. */
export function worldTimeUs(world: World): number {
  return world.timeUs;
}

/** Segments sent, arrivals, timers and wakes so far. */
export function eventCount(world: World): number {
  return world.eventCount;
}

/** The segment that arrived last; 0 before the first. */
export function lastArrival(world: World): SegmentId {
  return world.lastArrival;
}

/** The names of the hosts in the order of the configuration. */
export function hostNames(world: World): string[] {
  return world.hosts.map((host) => host.config.name);
}

/**
 * The TCB of an actor, to be read only: `server` is the host's main connection, `server:bob` its connection with bob. Where
 * there is none, it is CLOSED: "fictional because it represents the state when there is no TCB" (RFC 9293 section 3.3.2).
 * An unknown name is a bug of the caller: throws.
 */
export function connection(world: World, actor: string): Tcb {
  const { host, peer } = parseActor(actor);
  const owner = hostNamed(world, host);
  if (peer === null) return mainSlot(world, owner).tcb;
  return slotWith(world, owner, peer)?.tcb ?? { ...createConnection(owner.config), peer, isMain: false };
}

/** Whether there is, or was, such a connection; a host always has its main one. */
export function hasConnection(world: World, actor: string): boolean {
  const { host, peer } = parseActor(actor);
  return peer === null || slotWith(world, hostNamed(world, host), peer) !== null;
}

/** The connections of a host, the main one first, then in the order in which they were made; the last may be the one that goes on listening. */
export function connectionsOf(world: World, host: string): readonly Tcb[] {
  const { main, slots } = hostNamed(world, host);
  const others = slots.filter((index) => index !== main && !slotAt(world, index).leaving);
  return [main, ...others].map((index) => slotAt(world, index).tcb);
}

/** The host that sent a segment, as far as its source address tells; null when nobody has that address. */
export function sourceHost(world: World, { source }: Segment): string | null {
  return hostAtAddress(world, source.address, source.port)?.config.name ?? null;
}

/**
 * The application of a host makes a user call at this instant, about its main connection or (`server:bob`) another one. It emits no segment: what TCP now has to send is pending
 * (`eagerOutput`, `stepOutput`, `stepWorld`). An OPEN to a host that does not exist returns an error.
 */
export function callWorld(
  world: World,
  actor: string,
  call: UserCall,
  line: number | null,
  sink: EventSink,
): CallResult {
  const wanted = parseActor(actor);
  const host = hostNamed(world, wanted.host);
  const follow: EngineEvent[] = [];
  const context = prepare(world, host, line, collector(follow, sink));
  const { result, slot } = makeCall(world, host, wanted, call, context);
  if (sink === null) return result;
  // A reader wants the call before what came of it, but its result is known only afterwards.
  const rule = result.ok ? CALL_RULES[call.kind] : (result.rule ?? CALL_RULES[call.kind]);
  const cause: Cause = { rule, line, trigger: { kind: 'call', call: call.kind } };
  const peer = wanted.peer ?? slot?.tcb.peer ?? null;
  const main = wanted.peer === null || slot?.tcb.isMain === true;
  sink({ kind: 'call', timeUs: world.timeUs, host: wanted.host, peer, main, call, result, cause });
  for (const event of follow) sink(event);
  return result;
}

/** Takes what `sink` would take, for later. */
function collector(events: EngineEvent[], sink: EventSink): EventSink {
  if (sink === null) return null;
  const { brief = false, windows = false } = sink;
  return Object.assign((event: EngineEvent) => void events.push(event), { brief, windows });
}

/** The rule that stands for a call of the application, where it is not refused. */
export const CALL_RULES: Readonly<Record<UserCall['kind'], RuleId>> = {
  'open-passive': 'call-open-passive',
  'open-active': 'call-open-active',
  send: 'call-send',
  receive: 'call-receive',
  close: 'call-close',
  shutdown: 'call-shutdown',
  abort: 'call-abort',
  forget: 'crash',
  status: 'call-status',
  'read-mode': 'call-read-mode',
  set: 'call-set',
};

function prepare(world: World, host: Host, line: number | null, sink: EventSink): World['context'] {
  const { context } = world;
  context.nowUs = world.timeUs;
  context.line = line;
  context.sink = sink;
  context.isnSecret = host.isnSecret;
  return context;
}

/** What a script asks to be forged. */
export interface Injection {
  /** The host that puts it on the wire, or the connection (`server:bob`) that it is to belong to. */
  readonly host: string;
  readonly pattern: SegmentPattern;
  /** The host, connection or socket whose address it claims to come from; null for `host` itself. */
  readonly spoof: string | Endpoint | null;
  /** The host that it goes to; null for the one that the claimed sender is connected to. */
  readonly towards: string | null;
  readonly line: number;
}

/** Forges a segment and puts it on the wire. Returns its id, or a sentence about what is missing. */
export function injectWorld(world: World, injection: Injection, sink: EventSink): SegmentId | string {
  const host = hostNamed(world, parseActor(injection.host).host);
  const as = claimedSender(world, host, injection.spoof ?? injection.host, injection.towards);
  const towards = injection.towards === null ? null : hostNamed(world, injection.towards);
  const forged = forge(world, host, as, towards, injection.pattern);
  if (!forged.ok) return forged.error;
  const cause: Cause = { rule: 'inject', line: injection.line, trigger: { kind: 'inject' } };
  return depart(world, host, { segment: forged.segment, cause, retransmission: false }, true, sink);
}

/** Whether the host, or its connection with a peer, has something to send now other than a bare ACK: a SYN, data, a FIN, a reset or a window probe. */
export function eagerOutput(world: World, actor: string): boolean {
  const speaks = slotsOf(world, actor);
  return listPending(world.pending).some((index) => {
    const slot = slotAt(world, index);
    return speaks(slot) && slot.output !== 'ack';
  });
}

/** Whether a connection is one that an actor means: each of a host's, or the one with a peer. */
function slotsOf(world: World, actor: string): (slot: Slot) => boolean {
  const { host, peer } = parseActor(actor);
  const { index } = hostNamed(world, host);
  return (slot) => slot.host === index && (peer === null || slot.tcb.peer === peer);
}

/** Lets the host, or its connection with a peer, send one segment of what it has to send now; false when there is none. */
export function stepOutput(world: World, actor: string, sink: EventSink): boolean {
  if (world.eventCount >= world.config.limits.maxEvents) return false;
  const speaks = slotsOf(world, actor);
  let first: Slot | null = null;
  for (const pending of listPending(world.pending)) {
    const slot = slotAt(world, pending);
    if (speaks(slot) && (first === null || turnOf(slot) < turnOf(first))) first = slot;
  }
  return first !== null && emitOne(world, first, sink);
}

/** Of a host's connections the main one goes first, and a bare ACK, which may wait for data to ride on, goes last. */
function turnOf({ tcb, output }: Slot): number {
  if (output === 'ack') return 2;
  return tcb.isMain ? 0 : 1;
}

/** The bound of `config.limits` that keeps the world from going on; null when it can go on or nothing is left to happen. */
export function limitReached(world: World): 'events' | 'time' | null {
  const nextUs = nextEventTimeUs(world);
  if (nextUs === null) return null;
  if (world.eventCount >= world.config.limits.maxEvents) return 'events';
  return nextUs > world.config.limits.maxTimeUs ? 'time' : null;
}

/** Does one thing: sends one segment that is pending at this instant, or else lets the next event happen. */
export function stepWorld(world: World, sink: EventSink): StepResult {
  const { maxEvents, maxTimeUs } = world.config.limits;
  if (world.eventCount >= maxEvents) return nextEventTimeUs(world) === null ? 'idle' : 'limit';
  for (let pending = firstPending(world.pending); pending >= 0; pending = firstPending(world.pending)) {
    if (emitOne(world, slotAt(world, pending), sink)) return 'sent';
  }
  const slot = firstTimer(world.timers, world.slots);
  const event = peekEvent(world.queue);
  if (slot !== null && (event === undefined || isBefore(slot.nextAtUs, slot.nextOrder, event.atUs, event.order))) {
    if (slot.nextAtUs > maxTimeUs) return 'limit';
    expire(world, slot, sink);
    return 'timer';
  }
  if (event === undefined) return releaseAllOvertaken(world) ? stepWorld(world, sink) : 'idle';
  if (event.atUs > maxTimeUs) return 'limit';
  popEvent(world.queue);
  world.eventCount++;
  world.timeUs = Math.max(world.timeUs, event.atUs);
  if (event.kind === 'wake') return 'wake';
  if (event.kind === 'icmp-made' || event.kind === 'icmp') {
    if (event.kind === 'icmp') arriveIcmp(world, event.id, sink);
    else routerSends(world, event.id, sink);
    return 'icmp';
  }
  world.lastArrival = event.id;
  arrive(world, event, sink);
  return 'arrived';
}

function isBefore(aUs: number, aOrder: number, bUs: number, bOrder: number): boolean {
  return aUs < bUs || (aUs === bUs && aOrder < bOrder);
}

function expire(world: World, slot: Slot, sink: EventSink): void {
  const timer = TIMER_NAMES[slot.nextTimer];
  if (timer === undefined) throw new Error('the next timer is none of the known ones');
  world.eventCount++;
  world.timeUs = Math.max(world.timeUs, slot.nextAtUs);
  timerExpires(slot.tcb, timer, prepare(world, hostAt(world, slot.host), null, sink));
  settle(world, slot);
}

/** Emits one segment of a connection and puts it on the wire; false when it had none after all. */
function emitOne(world: World, slot: Slot, sink: EventSink): boolean {
  const host = hostAt(world, slot.host);
  const emission = emit(slot.tcb, prepare(world, host, null, sink), slot.output);
  settle(world, slot);
  if (emission === null) {
    if (slot.output !== 'none') throw new Error('a connection has output pending but emits none');
    return false;
  }
  world.eventCount++;
  depart(world, host, emission, false, sink);
  return true;
}

/** Schedules a stop of the clock at `atUs` (at once when that is past): `stepWorld` returns `'wake'` there. */
export function scheduleWake(world: World, atUs: number): WakeId {
  const id = world.nextWake++;
  const order = world.nextOrder++;
  pushEvent(world.queue, { atUs: Math.max(atUs, world.timeUs), order, kind: 'wake', id, link: -1, carried: null });
  return id;
}

/** Takes back a wake; one that has happened, or was taken back already, is no error. */
export function cancelWake(world: World, wake: WakeId): void {
  removeEvents(world.queue, (event) => event.kind === 'wake' && event.id === wake);
}

/** When the next step happens: now if output is pending; null when nothing is left to happen. */
export function nextEventTimeUs(world: World): number | null {
  if (world.pending.count > 0) return world.timeUs;
  const eventUs = peekEvent(world.queue)?.atUs ?? Number.POSITIVE_INFINITY;
  const timerUs = firstTimer(world.timers, world.slots)?.nextAtUs ?? Number.POSITIVE_INFINITY;
  const nextUs = Math.min(eventUs, timerUs);
  if (nextUs !== Number.POSITIVE_INFINITY) return Math.max(nextUs, world.timeUs);
  return anyOvertaken(world) ? world.timeUs : null;
}

/** The segments on their way to a host, or to its connection with a peer, in the order of their arrival; held ones are not among them. */
export function inFlightTowards(world: World, actor: string): readonly SegmentId[] {
  const { host, peer } = parseActor(actor);
  const { index } = hostNamed(world, host);
  return listEvents(world.queue)
    .filter((event) => event.kind === 'arrival' && event.link % world.hosts.length === index)
    .filter(({ id }) => peer === null || sourceHost(world, getRecord(world.records, id).segment) === peer)
    .map((event) => event.id);
}

/** How many segments have entered a link so far; their ids are 1 to this number. */
export function segmentCount(world: World): number {
  return world.records.count;
}

/** The record of a segment as it stands now. An id that was never given out is a bug of the caller: throws. */
export function segmentRecord(world: World, id: SegmentId): SegmentRecord {
  return getRecord(world.records, id);
}

/** The records of the whole run in order of id: a fresh array, made at a cost that grows with the run. */
export function segmentRecords(world: World): readonly SegmentRecord[] {
  return listRecords(world.records);
}

/** The ICMP messages of the whole run in order of id: a fresh array. */
export function icmpRecords(world: World): readonly IcmpRecord[] {
  return world.icmp.slice();
}

/** The ISNs that relative numbers in a pattern count from, for this segment at this moment. */
export function segmentSeqBase(world: World, id: SegmentId): SeqBase {
  return seqBaseOf(world, getRecord(world.records, id).segment);
}

/** Gives the network an order. Returns its id. */
export function addFault(world: World, fault: Fault): number {
  const id = world.faults.length + 1;
  world.faults.push({ id, fault, seen: 0, met: 0 });
  return id;
}

/** What each fault has met so far, in the order of their statements; one that met fewer than it wanted deserves a warning. */
export function faultReports(world: World): FaultReport[] {
  return reportFaults(world.faults);
}

/** Changes the link in one direction, or in every one when `direction` is null; see {@link changeLink}. */
export function setLink(
  world: World,
  direction: Direction | null,
  change: Partial<LinkConfig>,
  line: number,
  sink: EventSink,
): void {
  changeLink(world, direction, change, line, sink);
}

/** Makes segments in one direction (every one when null) wait in flight, those on their way included, until released. */
export function holdLink(
  world: World,
  direction: Direction | null,
  line: number | null = null,
  sink: EventSink = null,
): void {
  holdDirection(world, direction, line, sink);
}

/** Lets held segments go on: each arrives in its order, now or when it would have, whichever is later. */
export function releaseLink(
  world: World,
  direction: Direction | null,
  line: number | null = null,
  sink: EventSink = null,
): void {
  releaseDirection(world, direction, line, sink);
}
