import type { HostConfig, LinkConfig, WorldConfig } from '../config';
import type { IcmpRecord, SegmentId } from '../events';
import type { Endpoint } from '../segment';
import type { TcpState } from '../states';
import { cloneConnection, createConnection } from '../tcp/connection';
import type { TcpContext } from '../tcp/context';
import { createContext } from '../tcp/context';
import type { OutputKind } from '../tcp/output';
import type { Tcb } from '../tcp/tcb';
import { TIMER_NAMES } from '../tcp/timers';
import { isIpv6 } from '../wire';
import type { FaultState } from './faults';
import type { LinkState } from './link';
import { cloneLink, createLink } from './link';
import type { Pending } from './pending';
import { clonePending, createPending } from './pending';
import type { EventQueue } from './queue';
import { cloneQueue, createQueue } from './queue';
import { createRandom, nextUint32 } from './random';
import type { RecordStore } from './records';
import { cloneRecords, createRecords } from './records';
import type { TimerHeap } from './timerHeap';

/** A host and its connections. */
export interface Host {
  readonly index: number;
  readonly config: HostConfig;
  /** Whether its address is one of IPv6. */
  readonly isIpv6: boolean;
  /** The host's share of its initial sequence numbers (RFC 9293 section 3.4.1), drawn from the seed. */
  readonly isnSecret: number;
  /** Indices of its connections in `World.slots`, in the order in which they were made; at least one. */
  readonly slots: number[];
  /** Index of the connection that the host's bare name means: the earliest that lives, else the last that lived. */
  main: number;
  /** Index of the connection in LISTEN that takes whoever comes; -1 while the host does not listen. */
  listener: number;
  /** Index of the connection that the last segment was for; only a place to look first. */
  latest: number;
  /** Until when a SYN cookie may come back; `-Infinity` when none was sent (RFC 4987 section 3.6). */
  cookiesUntilUs: number;
}

/** The place of one connection, and what the world has to remember about it. */
export interface Slot {
  readonly index: number;
  readonly host: number;
  readonly tcb: Tcb;
  /** The state and the remote socket as {@link settle} last saw them. */
  seenState: TcpState;
  seenRemote: Endpoint | null;
  /** Whether it has been ESTABLISHED, so that people may want to look at it after its end. */
  wasOpen: boolean;
  /** Its place goes to another connection as soon as it has sent what it owes. */
  leaving: boolean;
  /** Its place in `World.timers`; -1 while no timer of it runs. */
  heapAt: number;
  /** For each of TIMER_NAMES: when it was last seen to expire, and its place in the order of insertion. */
  readonly timerAtUs: number[];
  readonly timerOrder: number[];
  /** Index in TIMER_NAMES of the timer that expires next; -1 when none runs. */
  nextTimer: number;
  /** When that timer expires; Infinity when none runs. */
  nextAtUs: number;
  nextOrder: number;
  /** What it sends next; unless that is nothing, it is in `World.pending`. */
  output: OutputKind;
}

/**
 * Everything there is. It is changed in place by the functions of `world.ts`; `cloneWorld` makes a copy that lives on
 * its own. What has the word "immutable" or "replaced" beside it is shared between copies.
 */
export interface World {
  readonly config: WorldConfig;
  readonly hosts: readonly Host[];
  /** All connections; those whose index is in `free` belong to nobody. */
  readonly slots: Slot[];
  readonly free: number[];
  /** Connections that have ended and are kept to be looked at, the one that ended first in front. */
  readonly ended: number[];
  readonly timers: TimerHeap;
  /** By `from * hosts.length + to`; null until a segment or the script needs it. */
  readonly links: (LinkState | null)[];
  readonly queue: EventQueue;
  readonly records: RecordStore;
  readonly faults: FaultState[];
  /** Every ICMP message by its id from 1; records are replaced, never changed. */
  readonly icmp: IcmpRecord[];
  /** Indices of slots that have output to send, in the order in which they came to have it. */
  readonly pending: Pending;
  /** Reused from event to event. */
  readonly context: TcpContext;
  timeUs: number;
  /** Segments sent, arrivals, timers and wakes so far: what `limits.maxEvents` bounds. */
  eventCount: number;
  /** The segment that arrived last; 0 before the first. */
  lastArrival: SegmentId;
  /** The next place in the order of insertion. */
  nextOrder: number;
  nextWake: number;
}

const NEVER = Number.POSITIVE_INFINITY;

/** The stream of the seed from which host number `index` draws; links take the streams from 0 on. */
function hostStream(index: number): number {
  return 0x8000_0000 + index;
}

/** A world at time 0 in which every connection is CLOSED. */
export function createWorld(config: WorldConfig): World {
  const hosts = config.hosts.map((host, index): Host => {
    const isnSecret = nextUint32(createRandom(config.seed, hostStream(index)));
    const none = { listener: -1, cookiesUntilUs: Number.NEGATIVE_INFINITY };
    const isIpv6Host = isIpv6(host.address);
    return { index, config: host, isIpv6: isIpv6Host, isnSecret, slots: [index], main: index, latest: index, ...none };
  });
  return {
    config,
    hosts,
    slots: config.hosts.map((host, index) => createSlot(index, index, host, host.port, true)),
    free: [],
    ended: [],
    timers: [],
    links: new Array<LinkState | null>(hosts.length * hosts.length).fill(null),
    queue: createQueue(),
    records: createRecords(),
    faults: [],
    icmp: [],
    pending: createPending(),
    context: createContext(0, null),
    timeUs: 0,
    eventCount: 0,
    lastArrival: 0,
    nextOrder: 1,
    nextWake: 1,
  };
}

/** The place of a connection that is CLOSED, with its local port; `main`: the one that the host's bare name means. */
export function createSlot(index: number, host: number, config: HostConfig, port: number, main: boolean): Slot {
  const tcb = createConnection(config, port);
  tcb.isMain = main;
  return {
    index,
    host,
    tcb,
    seenState: tcb.state,
    seenRemote: null,
    wasOpen: false,
    leaving: false,
    heapAt: -1,
    timerAtUs: TIMER_NAMES.map(() => NEVER),
    timerOrder: TIMER_NAMES.map(() => 0),
    nextTimer: -1,
    nextAtUs: NEVER,
    nextOrder: 0,
    output: 'none',
  };
}

/** A copy of which neither sees the other's changes; cheap, since everything immutable is shared. */
export function cloneWorld(world: World): World {
  return {
    ...world,
    hosts: world.hosts.map((host) => ({ ...host, slots: host.slots.slice() })),
    slots: world.slots.map(cloneSlot),
    free: world.free.slice(),
    ended: world.ended.slice(),
    timers: world.timers.slice(),
    links: world.links.map((link) => (link === null ? null : cloneLink(link))),
    queue: cloneQueue(world.queue),
    records: cloneRecords(world.records),
    faults: world.faults.slice(),
    icmp: world.icmp.slice(),
    pending: clonePending(world.pending),
    context: { ...world.context, sink: null },
  };
}

function cloneSlot(slot: Slot): Slot {
  return {
    ...slot,
    tcb: cloneConnection(slot.tcb),
    timerAtUs: slot.timerAtUs.slice(),
    timerOrder: slot.timerOrder.slice(),
  };
}

/** The host with this name, or null. */
export function findHost(world: World, name: string): Host | null {
  return world.hosts.find((host) => host.config.name === name) ?? null;
}

/** The host with this name. Names are checked before a world is made, so that an unknown one is a bug: throws. */
export function hostNamed(world: World, name: string): Host {
  const host = findHost(world, name);
  if (host === null) throw new Error(`no host is named ${name}`);
  return host;
}

/** The host at this index. */
export function hostAt(world: World, index: number): Host {
  const host = world.hosts[index];
  if (host === undefined) throw new Error(`no host has the index ${index}`);
  return host;
}

/** The slot at this index. */
export function slotAt(world: World, index: number): Slot {
  const slot = world.slots[index];
  if (slot === undefined) throw new Error(`no connection has the index ${index}`);
  return slot;
}

/** The connection that a script means when it names the host and nobody else. */
export function mainSlot(world: World, host: Host): Slot {
  return slotAt(world, host.main);
}

/** The direction between two hosts; made when it is first needed. */
export function linkBetween(world: World, from: number, to: number): LinkState {
  const index = from * world.hosts.length + to;
  const known = world.links[index];
  if (known !== undefined && known !== null) return known;
  const link = createLink(configOf(world, from, to), world.config.seed, index);
  world.links[index] = link;
  return link;
}

function configOf(world: World, from: number, to: number): LinkConfig {
  const fromName = hostAt(world, from).config.name;
  const toName = hostAt(world, to).config.name;
  const own = world.config.links.find((link) => link.from === fromName && link.to === toName);
  return own === undefined ? world.config.defaultLink : own.config;
}
