import type { Cause, EventSink, SegmentId, SegmentRecord } from '../events';
import { wantsDetail } from '../events';
import type { SeqBase } from '../pattern';
import type { RuleId } from '../rules';
import type { Endpoint, Segment } from '../segment';
import { seq } from '../seq';
import type { Emission } from '../tcp/output';
import type { Tcb } from '../tcp/tcb';
import { datagramBytes, isIpv6 } from '../wire';
import type { FaultState } from './faults';
import { decideFault, FAULT_RULES } from './faults';
import { holdIcmp, releaseIcmp, tellSender } from './icmp';
import type { LinkState, Passage, WaitingSegment } from './link';
import { enterLink } from './link';
import { pushEvent, removeEvents } from './queue';
import { getRecord, putPlain, putRecord } from './records';
import { hostAtAddress, slotBetween } from './slots';
import type { Host, World } from './state';
import { linkBetween, mainSlot } from './state';

const ECN_CE = 3;
const ZERO = seq(0);
const NETWORK_TRIGGER = { kind: 'network' } as const;

/**
 * The ISNs that relative numbers in a pattern count from, for a segment with these addresses. Where a host has chosen no
 * ISN, what the other knows of it (IRS) takes its place, then 0.
 */
export function seqBaseOf(world: World, segment: Segment): SeqBase {
  const source = hostAtAddress(world, segment.source.address, segment.source.port);
  const destination = hostAtAddress(world, segment.destination.address, segment.destination.port);
  const sender = source === null ? null : tcbBetween(world, source, segment.source, segment.destination);
  const receiver = destination === null ? null : tcbBetween(world, destination, segment.destination, segment.source);
  return {
    senderIss: sender?.iss ?? receiver?.irs ?? ZERO,
    receiverIss: receiver?.iss ?? sender?.irs ?? ZERO,
  };
}

/** The connection of `host` between these sockets; else its main one, unless that is with somebody else, whose ISNs say nothing here. */
function tcbBetween(world: World, host: Host, local: Endpoint, remote: Endpoint): Tcb | null {
  const known = slotBetween(world, host, local, remote);
  if (known !== null) return known.tcb;
  const { tcb } = mainSlot(world, host);
  return tcb.remote === null ? tcb : null;
}

/** Puts a segment on the wire at this moment: faults and the link decide how it fares. Returns its id. */
export function depart(world: World, from: Host, departure: Emission, injected: boolean, sink: EventSink): SegmentId {
  const { segment } = departure;
  const to = hostAtAddress(world, segment.destination.address, segment.destination.port);
  const state = faultFor(world, segment, from, to);
  if (to === null) return departInVain(world, from, null, departure, injected, state, sink);
  const usesIpv6 = hasIpv6Source(segment, from);
  if (usesIpv6 !== to.isIpv6) return departInVain(world, from, to, departure, injected, state, sink);
  const linkIndex = from.index * world.hosts.length + to.index;
  const link = linkBetween(world, from.index, to.index);
  const passage = enterLink(link, world.timeUs, datagramBytes(segment, usesIpv6));
  if (state === null && passage.lost === null && passage.touched === null && link.hold === null) {
    const id = carry(world, from, to, departure, injected, link, linkIndex, passage.arriveUs, sink);
    if (id > 0) return id;
  }
  const record = passageRecord(world, from, to, departure, injected, state, passage, link);
  putRecord(world.records, record);
  if (wantsDetail(sink)) sink({ kind: 'segment-sent', timeUs: world.timeUs, record });
  if (record.diedAt !== null) {
    if (wantsDetail(sink)) sink({ kind: 'segment-lost', timeUs: world.timeUs, record });
    tellSender(world, to, link, record);
    return record.id;
  }
  const arriveUs = record.arriveUs ?? passage.arriveUs;
  const rule = record.networkCause?.rule;
  if (rule === 'fault-reorder') {
    setWaiting(world, record, null);
    link.overtaken = [...link.overtaken, { id: record.id, dueUs: arriveUs }];
    return record.id;
  }
  admit(world, link, linkIndex, record, arriveUs);
  if (rule === 'fault-duplicate' || rule === 'link-duplicate') {
    const action = state?.fault.action;
    const laterUs = action?.kind === 'duplicate' ? action.byUs : 0;
    duplicate(world, link, linkIndex, record, arriveUs + laterUs, sink);
  }
  releaseOvertaken(world, link, linkIndex, arriveUs);
  return record.id;
}

/** The common case, which the rest of `depart` would treat the same: the network only carries the segment. 0 when its record needs more than columns. */
function carry(
  world: World,
  from: Host,
  to: Host,
  departure: Emission,
  injected: boolean,
  link: LinkState,
  linkIndex: number,
  arriveUs: number,
  sink: EventSink,
): SegmentId {
  const { records, timeUs } = world;
  const id = putPlain(records, from.config.name, to.config.name, departure, injected, timeUs, arriveUs);
  if (id === 0) return id;
  if (wantsDetail(sink)) sink({ kind: 'segment-sent', timeUs, record: getRecord(records, id) });
  pushEvent(world.queue, {
    atUs: arriveUs,
    order: world.nextOrder++,
    kind: 'arrival',
    id,
    link: linkIndex,
    carried: departure,
  });
  releaseOvertaken(world, link, linkIndex, arriveUs);
  return id;
}

function faultFor(world: World, segment: Segment, from: Host, to: Host | null): FaultState | null {
  if (world.faults.length === 0) return null;
  const toName = to === null ? null : to.config.name;
  return decideFault(world.faults, segment, from.config.name, toName, seqBaseOf(world, segment));
}

/** Whether the source address is one of IPv6; it is the sender's own unless the segment is forged. A datagram holds two of one kind. */
function hasIpv6Source({ source }: Segment, from: Host): boolean {
  return source.address === from.config.address ? from.isIpv6 : isIpv6(source.address);
}

/** A segment that no link can carry to anybody: nobody has its address, or only one of another IP version. */
function departInVain(
  world: World,
  from: Host,
  to: Host | null,
  departure: Emission,
  injected: boolean,
  state: FaultState | null,
  sink: EventSink,
): SegmentId {
  const dropped = state !== null && state.fault.action.kind === 'drop';
  const record: SegmentRecord = {
    ...blankRecord(world, from, to, departure, injected, state, null),
    fate: dropped ? 'dropped' : 'lost',
    diedAt: dropped ? 0.5 : to === null ? 1 : 0,
    networkCause: dropped ? faultCause(state) : networkCause(to === null ? 'no-such-host' : 'ip-version', null),
  };
  putRecord(world.records, record);
  if (wantsDetail(sink)) {
    sink({ kind: 'segment-sent', timeUs: world.timeUs, record });
    sink({ kind: 'segment-lost', timeUs: world.timeUs, record });
  }
  return record.id;
}

type RecordWithCause = SegmentRecord & { readonly networkCause: Cause | null };

function blankRecord(
  world: World,
  from: Host,
  to: Host | null,
  departure: Emission,
  injected: boolean,
  state: FaultState | null,
  arriveUs: number | null,
): RecordWithCause {
  return {
    id: world.records.count + 1,
    from: from.config.name,
    to: to === null ? null : to.config.name,
    segment: departure.segment,
    timeUs: world.timeUs,
    arriveUs,
    fate: 'in-flight',
    injected: injected,
    duplicate: false,
    corrupted: false,
    retransmission: departure.retransmission,
    diedAt: null,
    cause: departure.cause,
    fault: state === null ? null : { id: state.id, line: state.fault.line, text: state.fault.text },
    networkCause: null,
  };
}

function faultCause(state: FaultState): Cause {
  return { rule: FAULT_RULES[state.fault.action.kind], line: state.fault.line, trigger: NETWORK_TRIGGER };
}

function networkCause(rule: RuleId, line: number | null): Cause {
  return { rule, line, trigger: NETWORK_TRIGGER };
}

/** How the segment fares: the script's fault first, then what the link refuses or loses, then what it does by chance. */
function passageRecord(
  world: World,
  from: Host,
  to: Host,
  departure: Emission,
  injected: boolean,
  state: FaultState | null,
  passage: Passage,
  link: LinkState,
): RecordWithCause {
  const blank = blankRecord(world, from, to, departure, injected, state, passage.arriveUs);
  if (state !== null && state.fault.action.kind === 'drop') return droppedRecord(blank, state);
  if (passage.lost !== null) {
    // Lost by chance, or too large for a router, it dies on the way; else refused it never leaves its sender.
    const diedAt = passage.lost === 'link-loss' || passage.lost === 'link-mtu' ? 0.5 : 0;
    return { ...blank, fate: 'lost', diedAt, networkCause: networkCause(passage.lost, link.line) };
  }
  if (state !== null) return faultyRecord(blank, state, passage.arriveUs);
  if (passage.touched === null) return blank;
  const cause = networkCause(passage.touched, link.line);
  return { ...blank, corrupted: passage.touched === 'link-corrupt', networkCause: cause };
}

function droppedRecord(blank: RecordWithCause, state: FaultState): RecordWithCause {
  return { ...blank, fate: 'dropped', diedAt: 0.5, networkCause: faultCause(state) };
}

function faultyRecord(blank: RecordWithCause, state: FaultState, arriveUs: number): RecordWithCause {
  const touched = { ...blank, networkCause: faultCause(state) };
  const { action } = state.fault;
  switch (action.kind) {
    case 'drop':
      return droppedRecord(blank, state);
    case 'delay':
      return { ...touched, arriveUs: arriveUs + action.byUs };
    case 'corrupt':
      return { ...touched, corrupted: true };
    case 'mark':
      return { ...touched, segment: { ...blank.segment, ecn: ECN_CE } };
    case 'duplicate':
    case 'reorder':
      return touched;
  }
}

/** A second copy, made in the network: it arrives right after the first, or as much later as the fault says. */
function duplicate(
  world: World,
  link: LinkState,
  linkIndex: number,
  original: SegmentRecord,
  arriveUs: number,
  sink: EventSink,
): void {
  const record: SegmentRecord = { ...original, id: world.records.count + 1, arriveUs, duplicate: true };
  putRecord(world.records, record);
  if (wantsDetail(sink)) sink({ kind: 'segment-sent', timeUs: world.timeUs, record });
  admit(world, link, linkIndex, record, arriveUs);
}

/** Lets a segment travel on: it arrives at `arriveUs`, or waits while the direction is held. */
function admit(world: World, link: LinkState, linkIndex: number, record: SegmentRecord, arriveUs: number): void {
  if (link.hold !== null) {
    setWaiting(world, record, networkCause('link-hold', link.hold.line));
    link.held = [...link.held, { id: record.id, dueUs: arriveUs }];
    return;
  }
  const order = world.nextOrder++;
  pushEvent(world.queue, { atUs: arriveUs, order, kind: 'arrival', id: record.id, link: linkIndex, carried: record });
}

function setWaiting(world: World, record: SegmentRecord, cause: Cause | null): void {
  putRecord(world.records, { ...record, fate: 'held', arriveUs: null, networkCause: record.networkCause ?? cause });
}

/** Lets waiting segments arrive one after the other, none before `notBeforeUs` or before it would have arrived. */
function resume(
  world: World,
  link: LinkState,
  linkIndex: number,
  waiting: readonly WaitingSegment[],
  notBeforeUs: number,
): void {
  for (const { id, dueUs } of waiting) {
    const arriveUs = Math.max(dueUs, notBeforeUs);
    const record = { ...getRecord(world.records, id), fate: 'in-flight', arriveUs } as const;
    putRecord(world.records, record);
    admit(world, link, linkIndex, record, arriveUs);
  }
}

/** Lets the segments that were to be overtaken arrive, now that another one arrives at `arriveUs`. */
function releaseOvertaken(world: World, link: LinkState, linkIndex: number, arriveUs: number): void {
  if (link.overtaken.length === 0) return;
  const waiting = link.overtaken;
  link.overtaken = [];
  resume(world, link, linkIndex, waiting, arriveUs);
}

/** When nothing else is left to happen, nothing will overtake them: lets every such segment arrive. True when there was one. */
export function releaseAllOvertaken(world: World): boolean {
  let any = false;
  world.links.forEach((link, linkIndex) => {
    if (link === null || link.overtaken.length === 0 || link.hold !== null) return;
    releaseOvertaken(world, link, linkIndex, world.timeUs);
    any = true;
  });
  return any;
}

/** Whether some segment waits to be overtaken on a direction that is not held. */
export function anyOvertaken(world: World): boolean {
  return world.links.some((link) => link !== null && link.hold === null && link.overtaken.length > 0);
}

/** Holds a direction: what is in flight on it, and all that is sent on it, waits until it is released. */
export function hold(world: World, from: Host, to: Host, line: number | null): void {
  const link = linkBetween(world, from.index, to.index);
  link.hold = { line };
  const linkIndex = from.index * world.hosts.length + to.index;
  const inFlight = removeEvents(world.queue, (event) => event.kind === 'arrival' && event.link === linkIndex);
  const cause = networkCause('link-hold', line);
  for (const event of inFlight) setWaiting(world, getRecord(world.records, event.id), cause);
  link.held = [...link.held, ...inFlight.map((event) => ({ id: event.id, dueUs: event.atUs }))];
  holdIcmp(world, from, to, line);
}

/** Releases a direction: what it held arrives in its order, at once or when it would have arrived, whichever is later. */
export function release(world: World, from: Host, to: Host): void {
  const link = linkBetween(world, from.index, to.index);
  const waiting = link.held;
  link.hold = null;
  link.held = [];
  const linkIndex = from.index * world.hosts.length + to.index;
  for (const one of waiting) {
    releaseIcmp(world, link, one.dueUs);
    resume(world, link, linkIndex, [one], world.timeUs);
  }
  releaseIcmp(world, link, Number.POSITIVE_INFINITY);
}
