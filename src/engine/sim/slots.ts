/**
 * The connections of a host: making one, finding one, and giving its place to another.
 *
 * A host always has at least one, which a bare `server` means: its main connection. A place whose connection has ended is
 * given away when nobody can want to look at it any more, so that a flood of SYNs does not make a world grow.
 */
import type { Endpoint } from '../segment';
import type { Tcb } from '../tcp/tcb';
import type { Host, Slot, World } from './state';
import { createSlot, hostAt, mainSlot, slotAt } from './state';
import { removeTimer } from './timerHeap';

/** Most connections of a world at a time, those that listen and those that have ended and are still shown included. */
export const MAX_CONNECTIONS = 2048;

/** How many connections that have ended are kept to be looked at. */
const MOST_ENDED = 128;

/** The first dynamic port (RFC 6335 section 6), where a search for a free one begins again. */
const DYNAMIC_PORT = 49_152;
const LAST_PORT = 65_535;

/** Whether there is a connection, or somebody waits for one. */
export function lives(slot: Slot): boolean {
  return slot.tcb.state !== 'CLOSED' && !slot.leaving;
}

/** Whether two sockets are the same. */
export function sameSocket(a: Endpoint, b: Endpoint): boolean {
  return a.port === b.port && a.address === b.address;
}

/** A new connection of a host, CLOSED; null when the world has as many as it may. */
export function addSlot(world: World, host: Host, port: number): Slot | null {
  const index = world.free.pop() ?? world.slots.length;
  if (index >= MAX_CONNECTIONS) {
    dropOldestEnded(world);
    if (world.free.length === 0) return null;
    return addSlot(world, host, port);
  }
  const slot = createSlot(index, host.index, host.config, port, false);
  world.slots[index] = slot;
  host.slots.push(index);
  return slot;
}

/** Gives the place of a connection away: at once, or when what it owes has been sent. The main connection always stays. */
export function releaseSlot(world: World, slot: Slot): void {
  const host = hostAt(world, slot.host);
  if (host.main === slot.index) return;
  if (host.listener === slot.index) host.listener = -1;
  slot.leaving = true;
  if (slot.output === 'none') freeSlot(world, slot);
}

/** Gives the place of a connection away, now. */
export function freeSlot(world: World, slot: Slot): void {
  const host = hostAt(world, slot.host);
  host.slots.splice(host.slots.indexOf(slot.index), 1);
  if (host.latest === slot.index) host.latest = host.main;
  forgetEnded(world, slot);
  removeTimer(world.timers, world.slots, slot);
  world.free.push(slot.index);
}

/** Keeps an ended connection so that it can be looked at; the one that ended first goes when there are too many. */
export function keepEnded(world: World, slot: Slot): void {
  world.ended.push(slot.index);
  if (world.ended.length > MOST_ENDED) dropOldestEnded(world);
}

/** The connection is not one of the ended any more. */
export function forgetEnded(world: World, slot: Slot): void {
  const at = world.ended.indexOf(slot.index);
  if (at >= 0) world.ended.splice(at, 1);
}

function dropOldestEnded(world: World): void {
  const oldest = world.ended.shift();
  if (oldest !== undefined) releaseSlot(world, slotAt(world, oldest));
}

/** From now on the host's bare name means this connection. */
export function makeMain(world: World, host: Host, slot: Slot): void {
  const before = mainSlot(world, host);
  if (before === slot) return;
  before.tcb.isMain = false;
  slot.tcb.isMain = true;
  host.main = slot.index;
  forgetEnded(world, slot);
  if (!lives(before)) keepEnded(world, before);
}

/** The host at this address: the one that has the port too, else the first one there; null when nobody has the address. */
export function hostAtAddress(world: World, address: string, port: number): Host | null {
  const { hosts } = world;
  // Asked with each segment, so by index, and apart from the search that hardly ever follows.
  for (let index = 0; index < hosts.length; index++) {
    const host = hosts[index];
    if (host !== undefined && host.config.port === port && host.config.address === address) return host;
  }
  return hostWithPort(world, address, port);
}

/** Of the hosts at one address, the one that has a connection with this local port, else the first. */
function hostWithPort(world: World, address: string, port: number): Host | null {
  const owns = (index: number): boolean => slotAt(world, index).tcb.local.port === port;
  const there = world.hosts.filter((host) => host.config.address === address);
  return there.find((host) => host.slots.some(owns)) ?? there[0] ?? null;
}

/** The host that has this socket, by its name; for a socket that nobody has, the socket itself. */
export function nameOfSocket(world: World, { address, port }: Endpoint): string {
  const host = hostAtAddress(world, address, port);
  if (host !== null) return host.config.name;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Notes whom a connection is with, for people. */
export function nameRemote(world: World, slot: Slot): void {
  const { tcb } = slot;
  slot.seenRemote = tcb.remote;
  tcb.peer = tcb.remote === null ? null : nameOfSocket(world, tcb.remote);
}

/** The host's connection with `peer`: the earliest that lives, else the latest that has ended; null when there was none. */
export function slotWith(world: World, host: Host, peer: string): Slot | null {
  let ended: Slot | null = null;
  for (const index of host.slots) {
    const slot = slotAt(world, index);
    if (slot.tcb.peer !== peer || slot.leaving) continue;
    if (lives(slot)) return slot;
    ended = slot;
  }
  return ended;
}

/** The connection of `host` between these two sockets: one that lives, else the latest that has ended; null when there was none. */
export function slotBetween(world: World, host: Host, local: Endpoint, remote: Endpoint): Slot | null {
  let ended: Slot | null = null;
  for (const index of host.slots) {
    const slot = slotAt(world, index);
    if (!isBetween(slot.tcb, local, remote)) continue;
    if (lives(slot)) return slot;
    ended = slot;
  }
  return ended;
}

/** Whether a connection is the one between these two sockets. */
export function isBetween(tcb: Tcb, local: Endpoint, remote: Endpoint): boolean {
  return tcb.remote !== null && tcb.local.port === local.port && sameSocket(tcb.remote, remote);
}

/** The next free local port of a host, after its own; null when all are taken. */
export function freePort(world: World, host: Host): number | null {
  const taken = new Set<number>();
  for (const other of world.hosts) {
    if (other.config.address !== host.config.address) continue;
    taken.add(other.config.port);
    for (const index of other.slots) taken.add(slotAt(world, index).tcb.local.port);
  }
  const first = Math.max(host.config.port, DYNAMIC_PORT - 1);
  for (let port = first + 1; port <= LAST_PORT; port++) if (!taken.has(port)) return port;
  for (let port = DYNAMIC_PORT; port <= first; port++) if (!taken.has(port)) return port;
  return null;
}
