import { parseActor } from '../actor';
import type { Cause, EventSink, IcmpRecord, SegmentId, SegmentRecord } from '../events';
import type { IcmpId, IcmpKind, IcmpMessage } from '../icmp';
import { ICMP_KINDS } from '../icmp';
import type { RuleId } from '../rules';
import type { Segment } from '../segment';
import { icmpReceived } from '../tcp/connection';
import type { TcpContext } from '../tcp/context';
import { ignoreIcmp } from '../tcp/icmpArrives';
import { icmpDatagramBytes } from '../wire';
import { decideIcmpFault } from './faults';
import type { LinkState } from './link';
import { enterHalfWay, enterLink } from './link';
import { pushEvent, removeEvents } from './queue';
import { settle } from './settle';
import { hostAtAddress, lives, slotBetween } from './slots';
import type { Host, Slot, World } from './state';
import { hostNamed, linkBetween, mainSlot } from './state';

/** What a router tells of each way in which a link refuses a datagram, and from which `icmp` setting on. */
const TOLD: Partial<Readonly<Record<RuleId, { readonly kind: IcmpKind; readonly onlyAll: boolean }>>> = {
  'link-mtu': { kind: 'fragmentation-needed', onlyAll: false },
  'link-down': { kind: 'host-unreachable', onlyAll: true },
};

const NETWORK_TRIGGER = { kind: 'network' } as const;

/** The record of an ICMP message as it stands now. An id that was never given out is a bug of the caller: throws. */
export function icmpRecord(world: World, id: IcmpId): IcmpRecord {
  const record = world.icmp[id - 1];
  if (record === undefined) throw new Error(`no ICMP message has the id ${id}`);
  return record;
}

function putIcmp(world: World, record: IcmpRecord): IcmpRecord {
  world.icmp[record.id - 1] = record;
  return record;
}

/**
 * A link has refused a segment: the router half-way along it tells the sender, unless the link's routers are silent. The
 * segment takes half the link's delay to the router, and the message half of the other direction's back.
 */
export function tellSender(world: World, to: Host, link: LinkState, lost: SegmentRecord): void {
  const told = TOLD[lost.networkCause?.rule ?? 'network-delivers'];
  const { icmp, delayUs, mtuBytes } = link.config;
  if (told === undefined || icmp === 'off' || (told.onlyAll && icmp !== 'all')) return;
  const { address, port } = lost.segment.source;
  const sender = hostAtAddress(world, address, port);
  if (sender === null) return;
  const back = linkBetween(world, to.index, sender.index).config;
  const timeUs = world.timeUs + Math.ceil(delayUs / 2);
  const cause: Cause = { rule: 'router-icmp', line: lost.cause.line, trigger: { kind: 'segment', segment: lost.id } };
  const record = putIcmp(world, {
    id: world.icmp.length + 1,
    from: null,
    as: null,
    to: sender.config.name,
    message: {
      kind: told.kind,
      mtuBytes: told.kind === 'fragmentation-needed' ? mtuBytes : 0,
      quoted: lost.segment,
    },
    about: lost.id,
    towards: to.config.name,
    timeUs,
    arriveUs: timeUs + Math.floor(back.delayUs / 2),
    fate: 'in-flight',
    cause,
    fault: null,
    networkCause: null,
  });
  pushEvent(world.queue, {
    atUs: timeUs,
    order: world.nextOrder++,
    kind: 'icmp-made',
    id: record.id,
    link: sender.index,
    carried: null,
  });
}

/** A forged message as the script asks for it. */
export interface ForgedIcmp {
  readonly message: IcmpMessage;
  readonly about: SegmentId | null;
}

/** Puts a forged message on the link from `host` to `victim`. */
export function departForged(
  world: World,
  host: Host,
  as: string | null,
  victim: Host,
  { message, about }: ForgedIcmp,
  line: number,
  sink: EventSink,
): IcmpId {
  const record = putIcmp(world, {
    id: world.icmp.length + 1,
    from: host.config.name,
    as,
    to: victim.config.name,
    message,
    about,
    towards: null,
    timeUs: world.timeUs,
    arriveUs: null,
    fate: 'in-flight',
    cause: { rule: 'inject-icmp', line, trigger: { kind: 'inject' } },
    fault: null,
    networkCause: null,
  });
  sendOff(world, record, sink);
  return record.id;
}

/** The router sends its message off. */
export function routerSends(world: World, id: IcmpId, sink: EventSink): void {
  sendOff(world, icmpRecord(world, id), sink);
}

/** The link and the faults of the script decide how a message fares; then it is on its way. */
function sendOff(world: World, record: IcmpRecord, sink: EventSink): void {
  const link = linkOf(world, record);
  const carried = carriedBy(link, world.timeUs, record);
  const state = carried.fate === 'lost' ? null : decideIcmpFault(world.faults, carried);
  const fated = state === null ? carried : faultyRecord(carried, state);
  const isHeld = fated.fate === 'in-flight' && link.hold !== null;
  const sent = putIcmp(world, isHeld ? heldRecord(fated, link.hold?.line ?? null) : fated);
  if (sink !== null) sink({ kind: 'icmp-sent', timeUs: world.timeUs, record: sent });
  if (isHeld) link.heldIcmp = [...link.heldIcmp, { id: sent.id, dueUs: fated.arriveUs ?? world.timeUs }];
  else if (sent.fate === 'in-flight' && sent.arriveUs !== null) queueArrival(world, sent, sent.arriveUs);
  else if (sink !== null) sink({ kind: 'icmp-lost', timeUs: world.timeUs, record: sent });
}

function queueArrival(world: World, { id, to }: IcmpRecord, atUs: number): void {
  const link = hostNamed(world, to).index;
  pushEvent(world.queue, { atUs, order: world.nextOrder++, kind: 'icmp', id, link, carried: null });
}

/** The link that a message travels on: that of its forger, or the one on which the router stands, half-way. */
function linkOf(world: World, { from, towards, to }: IcmpRecord): LinkState {
  return linkBetween(world, hostNamed(world, from ?? towards ?? to).index, hostNamed(world, to).index);
}

/** A datagram as any other, but that a router's message is not kept off a link that is down, since it tells of that. */
function carriedBy(link: LinkState, nowUs: number, record: IcmpRecord): IcmpRecord {
  const bytes = icmpDatagramBytes(record.message);
  // A message quotes no more than fits the link.
  const { lost, touched, arriveUs } =
    record.from === null
      ? enterHalfWay(link, nowUs, bytes)
      : enterLink(link, nowUs, Math.min(bytes, link.config.mtuBytes));
  const rule = lost ?? (touched === 'link-corrupt' ? touched : null);
  if (rule === null) return { ...record, arriveUs };
  const line = rule === 'link-down' ? link.line : null;
  return { ...record, arriveUs, fate: 'lost', networkCause: { rule, line, trigger: NETWORK_TRIGGER } };
}

function heldRecord(record: IcmpRecord, line: number | null): IcmpRecord {
  return {
    ...record,
    fate: 'held',
    arriveUs: null,
    networkCause: { rule: 'link-hold', line, trigger: NETWORK_TRIGGER },
  };
}

/** Holds the messages that are on their way from one host, or from a router on its link, to another. */
export function holdIcmp(world: World, from: Host, to: Host, line: number | null): void {
  const link = linkBetween(world, from.index, to.index);
  const events = removeEvents(
    world.queue,
    ({ kind, id }) => kind === 'icmp' && linkOf(world, icmpRecord(world, id)) === link,
  );
  for (const { id } of events) putIcmp(world, heldRecord(icmpRecord(world, id), line));
  link.heldIcmp = [...link.heldIcmp, ...events.map(({ id, atUs }) => ({ id, dueUs: atUs }))];
}

/** Releases those that would have arrived by `untilUs`: each arrives at once or when it would have, whichever is later. */
export function releaseIcmp(world: World, link: LinkState, untilUs: number): void {
  const waiting = link.heldIcmp;
  if (waiting.length === 0) return;
  link.heldIcmp = waiting.filter(({ dueUs }) => dueUs > untilUs);
  for (const { id, dueUs } of waiting) {
    if (dueUs > untilUs) continue;
    const arriveUs = Math.max(dueUs, world.timeUs);
    queueArrival(world, putIcmp(world, { ...icmpRecord(world, id), fate: 'in-flight', arriveUs }), arriveUs);
  }
}

function faultyRecord(record: IcmpRecord, { id, fault }: NonNullable<ReturnType<typeof decideIcmpFault>>): IcmpRecord {
  const { action, line, text } = fault;
  const touched = { ...record, fault: { id, line, text } };
  const causeOf = (rule: RuleId): Cause => ({ rule, line, trigger: NETWORK_TRIGGER });
  if (action.kind === 'delay') {
    return { ...touched, arriveUs: (record.arriveUs ?? 0) + action.byUs, networkCause: causeOf('fault-delay') };
  }
  return { ...touched, fate: 'dropped', networkCause: causeOf('fault-drop') };
}

/** A message reaches the host that it is for: IP hands it to the connection that sent the quoted segment (MUST-54). */
export function arriveIcmp(world: World, id: IcmpId, sink: EventSink): void {
  const record = putIcmp(world, { ...icmpRecord(world, id), fate: 'delivered' });
  if (sink !== null) sink({ kind: 'icmp-arrived', timeUs: world.timeUs, host: record.to, record });
  const host = hostNamed(world, record.to);
  const slot = slotOf(world, host, record.message.quoted);
  const { context } = world;
  context.nowUs = world.timeUs;
  context.line = record.cause.line;
  context.sink = sink;
  if (slot === null) {
    unknownConnection(world, host, id, context);
    return;
  }
  icmpReceived(slot.tcb, record.message, id, context);
  settle(world, slot);
}

function unknownConnection(world: World, host: Host, id: IcmpId, context: TcpContext): void {
  context.trigger = { kind: 'icmp', icmp: id };
  ignoreIcmp(mainSlot(world, host).tcb, id, context, 'icmp-no-connection');
}

/** The connection that the quoted addresses and ports name, if it has sent anything. */
function slotOf(world: World, host: Host, { source, destination }: Segment): Slot | null {
  const slot = slotBetween(world, host, source, destination);
  return slot !== null && lives(slot) && slot.tcb.iss !== null ? slot : null;
}

/** The ICMP messages on their way to a host, whichever of its connections they are about, also those that a router has still to make. */
export function icmpTowards(world: World, actor: string): readonly IcmpId[] {
  const { index } = hostNamed(world, parseActor(actor).host);
  return world.queue.heap
    .filter((event) => (event.kind === 'icmp' || event.kind === 'icmp-made') && event.link === index)
    .sort((a, b) => a.atUs - b.atUs || a.order - b.order)
    .map((event) => event.id);
}

/** Whether a kind exists in the IP version of these addresses. */
export function existsFor(kind: IcmpKind, { source }: Segment): boolean {
  return !source.address.includes(':') || ICMP_KINDS[kind].v6 !== null;
}
