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
import type { CallResult, UserCall } from '../calls';
import type { LinkConfig } from '../config';
import type { Cause, EngineEvent, EventSink, SegmentId, SegmentRecord } from '../events';
import type { SegmentPattern, SeqBase } from '../pattern';
import type { RuleId } from '../rules';
import type { Endpoint } from '../segment';
import { REMOTE_UNSPECIFIED } from '../tcp/calls/table';
import { emit, pendingOutput, timerExpires, userCall } from '../tcp/connection';
import type { Tcb } from '../tcp/tcb';
import { TIMER_NAMES } from '../tcp/timers';
import { arrive } from './arrival';
import type { Fault, FaultReport } from './faults';
import { reportFaults } from './faults';
import { forge } from './inject';
import type { Direction } from './linkControl';
import { changeLink, holdDirection, releaseDirection } from './linkControl';
import { peekEvent, popEvent, pushEvent, removeEvents } from './queue';
import { getRecord, listRecords } from './records';
import type { Slot, World } from './state';
import { findHost, hostAt, hostNamed, mainSlot, settle, slotAt } from './state';
import { anyOvertaken, depart, releaseAllOvertaken, seqBaseOf } from './transit';

export type { Fault, FaultAction, FaultCount, FaultReport } from './faults';
export type { Direction } from './linkControl';
export type { World } from './state';
export { cloneWorld, createWorld } from './state';

/** What one step did; `limit`: a bound of `config.limits` is met and nothing happens any more. */
export type StepResult = 'sent' | 'arrived' | 'timer' | 'wake' | 'idle' | 'limit';

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

/** The host's TCB, to be read only. An unknown name is a bug of the caller: throws. */
export function connection(world: World, host: string): Tcb {
  return mainSlot(world, hostNamed(world, host)).tcb;
}

/**
 * An application makes a user call at this instant. It emits no segment: what TCP now has to send is pending
 * (`eagerOutput`, `stepOutput`, `stepWorld`). An OPEN to a host that does not exist returns an error.
 */
export function callWorld(
  world: World,
  host: string,
  call: UserCall,
  line: number | null,
  sink: EventSink,
): CallResult {
  const slot = mainSlot(world, hostNamed(world, host));
  const remote = call.kind === 'open-active' ? endpointOf(world, call.remoteHost) : null;
  const follow: EngineEvent[] = [];
  const context = prepare(world, slot, line, collector(follow, sink));
  context.remote = remote;
  const result: CallResult =
    call.kind === 'open-active' && remote === null ? REMOTE_UNSPECIFIED : userCall(slot.tcb, call, context);
  context.remote = null;
  settle(world, slot);
  if (sink === null) return result;
  // A reader wants the call before what came of it, but its result is known only afterwards.
  const rule = result.ok ? CALL_RULES[call.kind] : (result.rule ?? CALL_RULES[call.kind]);
  const cause: Cause = { rule, line, trigger: { kind: 'call', call: call.kind } };
  sink({ kind: 'call', timeUs: world.timeUs, host, call, result, cause });
  for (const event of follow) sink(event);
  return result;
}

/** Takes what `sink` would take, for later. */
function collector(events: EngineEvent[], sink: EventSink): EventSink {
  if (sink === null) return null;
  return Object.assign((event: EngineEvent) => void events.push(event), { brief: sink.brief === true });
}

const CALL_RULES: Readonly<Record<UserCall['kind'], RuleId>> = {
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

function endpointOf(world: World, name: string): Endpoint | null {
  const host = findHost(world, name);
  return host === null ? null : { address: host.config.address, port: host.config.port };
}

function prepare(world: World, slot: Slot, line: number | null, sink: EventSink): World['context'] {
  const { context } = world;
  context.nowUs = world.timeUs;
  context.line = line;
  context.sink = sink;
  context.isnSecret = hostAt(world, slot.host).isnSecret;
  return context;
}

/** What a script asks to be forged. */
export interface Injection {
  /** The host that puts it on the wire. */
  readonly host: string;
  readonly pattern: SegmentPattern;
  /** The host whose address it claims to come from; null for `host` itself. */
  readonly spoof: string | null;
  /** The host that it goes to; null for the one that the claimed sender is connected to. */
  readonly towards: string | null;
  readonly line: number;
}

/** Forges a segment and puts it on the wire. Returns its id, or a sentence about what is missing. */
export function injectWorld(world: World, injection: Injection, sink: EventSink): SegmentId | string {
  const host = hostNamed(world, injection.host);
  const as = injection.spoof === null ? host : hostNamed(world, injection.spoof);
  const towards = injection.towards === null ? null : hostNamed(world, injection.towards);
  const forged = forge(world, host, as, towards, injection.pattern);
  if (!forged.ok) return forged.error;
  const cause: Cause = { rule: 'inject', line: injection.line, trigger: { kind: 'inject' } };
  return depart(world, host, { segment: forged.segment, cause, retransmission: false }, true, sink);
}

/** Whether the host has something to send now other than a bare ACK: a SYN, data, a FIN, a reset or a window probe. */
export function eagerOutput(world: World, host: string): boolean {
  return hostNamed(world, host).slots.some((index) => pendingOutput(slotAt(world, index).tcb) === 'eager');
}

/** Lets the host send one segment of what it has to send now; false when there is none. */
export function stepOutput(world: World, host: string, sink: EventSink): boolean {
  if (world.eventCount >= world.config.limits.maxEvents) return false;
  const { index } = hostNamed(world, host);
  for (const pending of world.pending) {
    const slot = slotAt(world, pending);
    if (slot.host === index) return emitOne(world, slot, sink);
  }
  return false;
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
  for (let pending = world.pending[0]; pending !== undefined; pending = world.pending[0]) {
    if (emitOne(world, slotAt(world, pending), sink)) return 'sent';
  }
  const slot = nextTimerSlot(world);
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
  world.lastArrival = event.id;
  arrive(world, event.id, sink);
  return 'arrived';
}

function isBefore(aUs: number, aOrder: number, bUs: number, bOrder: number): boolean {
  return aUs < bUs || (aUs === bUs && aOrder < bOrder);
}

/** The connection whose timer expires first; null when no timer runs. */
function nextTimerSlot(world: World): Slot | null {
  let first: Slot | null = null;
  for (const slot of world.slots) {
    if (slot.nextTimer < 0) continue;
    if (first === null || isBefore(slot.nextAtUs, slot.nextOrder, first.nextAtUs, first.nextOrder)) first = slot;
  }
  return first;
}

function expire(world: World, slot: Slot, sink: EventSink): void {
  const timer = TIMER_NAMES[slot.nextTimer];
  if (timer === undefined) throw new Error('the next timer is none of the known ones');
  world.eventCount++;
  world.timeUs = Math.max(world.timeUs, slot.nextAtUs);
  timerExpires(slot.tcb, timer, prepare(world, slot, null, sink));
  settle(world, slot);
}

/** Emits one segment of a connection and puts it on the wire; false when it had none after all. */
function emitOne(world: World, slot: Slot, sink: EventSink): boolean {
  const emission = emit(slot.tcb, prepare(world, slot, null, sink), slot.output);
  settle(world, slot);
  if (emission === null) {
    if (slot.output !== 'none') throw new Error('a connection has output pending but emits none');
    return false;
  }
  world.eventCount++;
  depart(world, hostAt(world, slot.host), emission, false, sink);
  return true;
}

/** Schedules a stop of the clock at `atUs` (at once when that is past): `stepWorld` returns `'wake'` there. */
export function scheduleWake(world: World, atUs: number): WakeId {
  const id = world.nextWake++;
  const order = world.nextOrder++;
  pushEvent(world.queue, { atUs: Math.max(atUs, world.timeUs), order, kind: 'wake', id, link: -1 });
  return id;
}

/** Takes back a wake; one that has happened, or was taken back already, is no error. */
export function cancelWake(world: World, wake: WakeId): void {
  removeEvents(world.queue, (event) => event.kind === 'wake' && event.id === wake);
}

/** When the next step happens: now if output is pending; null when nothing is left to happen. */
export function nextEventTimeUs(world: World): number | null {
  if (world.pending.length > 0) return world.timeUs;
  const eventUs = peekEvent(world.queue)?.atUs ?? Number.POSITIVE_INFINITY;
  let nextUs = eventUs;
  for (const slot of world.slots) nextUs = Math.min(nextUs, slot.nextAtUs);
  if (nextUs !== Number.POSITIVE_INFINITY) return Math.max(nextUs, world.timeUs);
  return anyOvertaken(world) ? world.timeUs : null;
}

/** The segments on their way to a host, in the order of their arrival; held ones are not among them. */
export function inFlightTowards(world: World, host: string): readonly SegmentId[] {
  const { index } = hostNamed(world, host);
  return world.queue.heap
    .filter((event) => event.kind === 'arrival' && event.link % world.hosts.length === index)
    .sort((a, b) => a.atUs - b.atUs || a.order - b.order)
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
