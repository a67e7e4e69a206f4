import type { HostConfig, LinkConfig, WorldConfig } from '../config';
import type { SegmentId } from '../events';
import { cloneConnection, createConnection } from '../tcp/connection';
import type { TcpContext } from '../tcp/context';
import { createContext } from '../tcp/context';
import type { OutputKind } from '../tcp/output';
import { nextOutput } from '../tcp/output';
import type { Tcb } from '../tcp/tcb';
import { TIMER_NAMES } from '../tcp/timers';
import type { FaultState } from './faults';
import type { LinkState } from './link';
import { cloneLink, createLink } from './link';
import type { EventQueue } from './queue';
import { cloneQueue, createQueue } from './queue';
import { createRandom, nextUint32 } from './random';
import type { RecordStore } from './records';
import { cloneRecords, createRecords } from './records';

/** A host. Immutable; what changes is in its connections. */
export interface Host {
  readonly index: number;
  readonly config: HostConfig;
  /** The host's share of its initial sequence numbers (RFC 9293 section 3.4.1), drawn from the seed. */
  readonly isnSecret: number;
  /** Indices of its connections in `World.slots`; one for now. */
  readonly slots: readonly number[];
}

/** The place of one connection, and what the world has to remember about it. */
export interface Slot {
  readonly index: number;
  readonly host: number;
  readonly tcb: Tcb;
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
  readonly slots: readonly Slot[];
  /** By `from * hosts.length + to`; null until a segment or the script needs it. */
  readonly links: (LinkState | null)[];
  readonly queue: EventQueue;
  readonly records: RecordStore;
  readonly faults: FaultState[];
  /** Indices of slots that have output to send, in the order in which they came to have it. */
  readonly pending: number[];
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
    return { index, config: host, isnSecret, slots: [index] };
  });
  return {
    config,
    hosts,
    slots: config.hosts.map(createSlot),
    links: new Array<LinkState | null>(hosts.length * hosts.length).fill(null),
    queue: createQueue(),
    records: createRecords(),
    faults: [],
    pending: [],
    context: createContext(0, null),
    timeUs: 0,
    eventCount: 0,
    lastArrival: 0,
    nextOrder: 1,
    nextWake: 1,
  };
}

function createSlot(config: HostConfig, index: number): Slot {
  return {
    index,
    host: index,
    tcb: createConnection(config),
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
    slots: world.slots.map(cloneSlot),
    links: world.links.map((link) => (link === null ? null : cloneLink(link))),
    queue: cloneQueue(world.queue),
    records: cloneRecords(world.records),
    faults: world.faults.slice(),
    pending: world.pending.slice(),
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

/** The host's connection; the one that a script means when it names the host. */
export function mainSlot(world: World, host: Host): Slot {
  return slotAt(world, host.slots[0] ?? -1);
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

/**
 * To be called after anything has happened to a connection: keeps the order in which connections came to have output,
 * and gives each timer that was started since its place in the order of insertion.
 */
export function settle(world: World, slot: Slot): void {
  const { tcb } = slot;
  const wasPending = slot.output !== 'none';
  slot.output = nextOutput(tcb);
  const isPending = slot.output !== 'none';
  if (isPending && !wasPending) world.pending.push(slot.index);
  else if (wasPending && !isPending) forgetPending(world.pending, slot.index);
  if (!tcb.timersChanged) return;
  tcb.timersChanged = false;
  observeTimers(world, slot);
}

function forgetPending(pending: number[], slot: number): void {
  // Nearly always it is the one that has just sent.
  if (pending[0] === slot) pending.shift();
  else pending.splice(pending.indexOf(slot), 1);
}

function observeTimers(world: World, slot: Slot): void {
  const { timers } = slot.tcb;
  slot.nextTimer = -1;
  slot.nextAtUs = NEVER;
  // By name and in the order of TIMER_NAMES: a loop over the names, whose keys differ, takes four times as long.
  observeTimer(world, slot, 0, timers['delayed-ack']);
  observeTimer(world, slot, 1, timers.reordering);
  observeTimer(world, slot, 2, timers['loss-probe']);
  observeTimer(world, slot, 3, timers.retransmission);
  observeTimer(world, slot, 4, timers.persist);
  observeTimer(world, slot, 5, timers['keep-alive']);
  observeTimer(world, slot, 6, timers.user);
  observeTimer(world, slot, 7, timers['time-wait']);
}

function observeTimer(world: World, slot: Slot, index: number, atUs: number): void {
  if (slot.timerAtUs[index] !== atUs) {
    slot.timerAtUs[index] = atUs;
    slot.timerOrder[index] = atUs === NEVER ? 0 : world.nextOrder++;
  }
  // Timers of one connection that are due at the same instant expire in the order of TIMER_NAMES.
  if (atUs < slot.nextAtUs) {
    slot.nextTimer = index;
    slot.nextAtUs = atUs;
    slot.nextOrder = slot.timerOrder[index] ?? 0;
  }
}
