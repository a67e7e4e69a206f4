/**
 * A host that listens: it takes whoever comes, one connection for each, until its backlog is full.
 *
 * A connection in LISTEN becomes the connection with whom sent the SYN, as RFC 9293 section 3.10.7.2 says; a fresh one goes
 * on listening behind it (RFC 9293 section 3.9.1.1, MUST-41). When a half-open connection returns to LISTEN, one of the two is
 * one too many. A host with `backlog off` has no second one: its passive OPEN makes one connection only.
 */
import type { SegmentId } from '../events';
import type { Segment } from '../segment';
import { FLAG } from '../segment';
import type { TcpContext } from '../tcp/context';
import { causeOf } from '../tcp/context';
import { deleteTcb, listenLike, refuseSyn } from '../tcp/lifecycle';
import { COOKIE_LIFETIME_US, replyCookie, takeCookie } from '../tcp/synCookies';
import { addSlot, keepEnded, lives, MAX_CONNECTIONS, makeMain, nameOfSocket, releaseSlot, slotBetween } from './slots';
import type { Host, Slot, World } from './state';
import { hostAt, mainSlot, slotAt } from './state';

/** To be called when a connection has changed its state: keeps the host's connections in order. */
export function keepConnections(world: World, slot: Slot): void {
  const host = hostAt(world, slot.host);
  const from = slot.seenState;
  const { tcb } = slot;
  slot.seenState = tcb.state;
  if (from === 'LISTEN' && host.listener === slot.index) leaveListen(world, host, slot);
  switch (tcb.state) {
    case 'LISTEN':
      if (tcb.listenRemote === null) enterListen(world, host, slot, from === 'CLOSED');
      return;
    case 'CLOSED':
      endConnection(world, host, slot);
      return;
    case 'SYN-RECEIVED':
      slot.wasOpen ||= tcb.origin === 'active';
      return;
    default:
      slot.wasOpen = true;
  }
}

/** Somebody has come: a fresh connection goes on listening in the place of this one. */
function leaveListen(world: World, host: Host, slot: Slot): void {
  host.listener = -1;
  if (slot.tcb.origin !== 'passive' || host.config.backlog === null) return;
  const next = addSlot(world, host, host.config.port);
  if (next === null) throw new Error('a SYN was admitted without room for another connection');
  listenLike(next.tcb, slot.tcb);
  next.seenState = next.tcb.state;
  host.listener = next.index;
}

/** A passive OPEN, or a half-open connection that came to nothing. */
function enterListen(world: World, host: Host, slot: Slot, opened: boolean): void {
  const other = host.listener;
  if (opened || other < 0) {
    if (opened || host.config.backlog === null) {
      if (other >= 0) releaseSlot(world, slotAt(world, other));
      host.listener = slot.index;
      return;
    }
    // Somebody has closed the listening meanwhile.
    deleteTcb(slot.tcb, 'connection closing', world.context, 'close-listen');
    slot.seenState = slot.tcb.state;
    endConnection(world, host, slot);
    return;
  }
  if (host.main !== slot.index) {
    slot.leaving = true;
    return;
  }
  releaseSlot(world, slotAt(world, other));
  host.listener = slot.index;
}

/** The main connection hands its name to the next that lives; one that was never open leaves without a trace. */
function endConnection(world: World, host: Host, slot: Slot): void {
  if (host.listener === slot.index) host.listener = -1;
  if (host.main === slot.index) {
    const next = host.slots.find((index) => index !== host.listener && lives(slotAt(world, index)));
    if (next !== undefined) handOver(world, host, slotAt(world, next));
  } else if (slot.wasOpen) keepEnded(world, slot);
  else slot.leaving = true;
}

function handOver(world: World, host: Host, next: Slot): void {
  makeMain(world, host, next);
  const { context } = world;
  if (context.sink === null) return;
  const { peer, isMain, state } = next.tcb;
  const cause = causeOf(context, 'main-connection');
  const { name } = host.config;
  context.sink({ kind: 'main-connection', timeUs: world.timeUs, host: name, peer, main: isMain, state, cause });
}

/** How many connections wait for the ACK that completes their handshake: what the backlog bounds. */
export function halfOpen(world: World, host: Host): number {
  let count = 0;
  for (const index of host.slots) {
    const { tcb } = slotAt(world, index);
    if (tcb.state === 'SYN-RECEIVED' && tcb.origin === 'passive') count++;
  }
  return count;
}

/**
 * What a host does with a segment for its connection in LISTEN before TCP sees it: a SYN may find the backlog full
 * (RFC 4987), an ACK may carry a cookie. True when TCP is to see it.
 */
export function admit(
  world: World,
  host: Host,
  slot: Slot,
  segment: Segment,
  id: SegmentId,
  context: TcpContext,
): boolean {
  switch (segment.flags & (FLAG.SYN | FLAG.ACK | FLAG.RST)) {
    case FLAG.SYN:
      return admitSyn(world, host, slot, segment, id, context);
    case FLAG.ACK:
      if (world.timeUs <= host.cookiesUntilUs) {
        admitAck(world, host, slot, segment, id, context);
        return false;
      }
      return true;
    default:
      return true;
  }
}

function admitSyn(world: World, host: Host, slot: Slot, segment: Segment, id: SegmentId, context: TcpContext): boolean {
  const { backlog, synCookies } = host.config;
  if (backlog !== null && host.listener === slot.index && halfOpen(world, host) >= backlog) {
    if (!synCookies) refuseSyn(slot.tcb, id, context, 'backlog-full');
    else {
      host.cookiesUntilUs = world.timeUs + COOKIE_LIFETIME_US;
      replyCookie(slot.tcb, segment, id, context);
    }
    return false;
  }
  return receive(world, host, slot, segment, id, context);
}

function admitAck(world: World, host: Host, slot: Slot, segment: Segment, id: SegmentId, context: TcpContext): void {
  takeCookie(slot.tcb, segment, id, context, () => receive(world, host, slot, segment, id, context));
}

/** Prepares the connection in LISTEN for whom the segment comes from; false when the world has no room for one more. */
function receive(world: World, host: Host, slot: Slot, segment: Segment, id: SegmentId, context: TcpContext): boolean {
  if (!hasRoom(world)) {
    refuseSyn(slot.tcb, id, context, 'connection-limit');
    return false;
  }
  const { tcb } = slot;
  const before = slotBetween(world, host, segment.destination, segment.source);
  if (!lives(mainSlot(world, host))) makeMain(world, host, slot);
  if (before === null || before === slot) return true;
  // The new connection's numbers lie beyond those of the last one between these sockets (RFC 9293 section 3.6.1, MAY-2).
  tcb.isnOrigin = before.tcb.isnOrigin;
  tcb.snd.max = before.tcb.snd.max;
  releaseSlot(world, before);
  return true;
}

function hasRoom(world: World): boolean {
  return world.slots.length < MAX_CONNECTIONS || world.free.length + world.ended.length > 0;
}

/** Names the sender in what a connection in LISTEN says about this segment. */
export function nameSender(world: World, slot: Slot, segment: Segment): void {
  if (slot.tcb.remote === null) slot.tcb.peer = nameOfSocket(world, segment.source);
}
