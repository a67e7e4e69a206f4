import type { Actor } from '../actor';
import type { CallResult, UserCall } from '../calls';
import type { Endpoint } from '../segment';
import { failure, NO_CONNECTION, REMOTE_UNSPECIFIED } from '../tcp/calls/table';
import { userCall } from '../tcp/connection';
import type { TcpContext } from '../tcp/context';
import { shareIsnClock } from '../tcp/lifecycle';
import { settle } from './settle';
import { addSlot, freePort, lives, releaseSlot, slotWith } from './slots';
import type { Host, Slot, World } from './state';
import { findHost, mainSlot, slotAt } from './state';

/** "error: insufficient resources": the world has no room for another connection, or the host no free port. */
const NO_ROOM = failure('insufficient resources', 'connection-limit');

/** What a call came to, and the connection that it was about; null when there is none. */
export interface CallOutcome {
  readonly result: CallResult;
  readonly slot: Slot | null;
}

/** Finds, or makes, the connection that a call is about, and makes the call. `context` is prepared but for the remote socket. */
export function makeCall(world: World, host: Host, actor: Actor, call: UserCall, context: TcpContext): CallOutcome {
  switch (call.kind) {
    case 'open-passive':
      return passiveOpen(world, host, actor.peer, call, context);
    case 'open-active':
      return activeOpen(world, host, call, context);
    case 'close':
    case 'abort':
      if (actor.peer === null) return closeMain(world, host, call, context);
      break;
    case 'forget':
      if (actor.peer === null) return crash(world, host, call, context);
      break;
    default:
      break;
  }
  const slot = actor.peer === null ? mainSlot(world, host) : slotWith(world, host, actor.peer);
  return slot === null ? { result: NO_CONNECTION, slot } : callOn(world, slot, call, null, context);
}

function callOn(
  world: World,
  slot: Slot,
  call: UserCall,
  remote: Endpoint | null,
  context: TcpContext,
): CallOutcome & { readonly slot: Slot } {
  context.remote = remote;
  const result = userCall(slot.tcb, call, context);
  context.remote = null;
  settle(world, slot);
  return { result, slot };
}

function endpointOf(world: World, name: string): Endpoint | null {
  const host = findHost(world, name);
  return host === null ? null : { address: host.config.address, port: host.config.port };
}

/**
 * A passive OPEN: in the main connection's place when that is CLOSED, else in a new one, while the others go their way
 * (RFC 9293 section 3.9.1.1, MUST-41 and MUST-42); an error while the host listens already. With a `peer` it waits for that one only.
 */
function passiveOpen(world: World, host: Host, peer: string | null, call: UserCall, context: TcpContext): CallOutcome {
  const main = mainSlot(world, host);
  const remote = peer === null ? null : endpointOf(world, peer);
  if (peer !== null && remote === null) return { result: REMOTE_UNSPECIFIED, slot: null };
  const known = peer === null ? listenerOf(world, host, main) : slotWith(world, host, peer);
  if (known !== null && lives(known)) return callOn(world, known, call, remote, context);
  const place = main.tcb.state === 'CLOSED' ? main : addSlot(world, host, host.config.port);
  if (place === null) return { result: NO_ROOM, slot: null };
  if (place !== main) shareIsnClock(place.tcb, main.tcb);
  place.tcb.peer = peer;
  return callOn(world, place, call, remote, context);
}

/** The connection that makes a second passive OPEN an error: the one that listens, as long as the application has not seen its end. */
function listenerOf(world: World, host: Host, main: Slot): Slot | null {
  if (host.listener < 0) return null;
  return main.tcb.state === 'CLOSED' ? null : slotAt(world, host.listener);
}

/**
 * An active OPEN: an error when there is a connection with that host; else in the main connection's place when that is
 * CLOSED or in LISTEN, else in a new one with a local port of its own.
 */
function activeOpen(
  world: World,
  host: Host,
  call: Extract<UserCall, { kind: 'open-active' }>,
  context: TcpContext,
): CallOutcome {
  const main = mainSlot(world, host);
  const remote = endpointOf(world, call.remoteHost);
  if (remote === null) return { result: REMOTE_UNSPECIFIED, slot: main };
  const known = slotWith(world, host, call.remoteHost);
  const isFree = main.tcb.state === 'CLOSED' || main.index === host.listener;
  const place = known !== null && lives(known) ? known : isFree ? main : ownPort(world, host, main);
  if (place === null) return { result: NO_ROOM, slot: null };
  if (!lives(place) || place.tcb.remote === null) place.tcb.peer = call.remoteHost;
  if (place !== known && known !== null && !lives(known)) releaseSlot(world, known);
  return callOn(world, place, call, remote, context);
}

function ownPort(world: World, host: Host, main: Slot): Slot | null {
  const port = freePort(world, host);
  const slot = port === null ? null : addSlot(world, host, port);
  if (slot !== null) shareIsnClock(slot.tcb, main.tcb);
  return slot;
}

/** CLOSE and ABORT of a host, and not of one connection, end its listening as well. */
function closeMain(world: World, host: Host, call: UserCall, context: TcpContext): CallOutcome {
  const main = mainSlot(world, host);
  if (host.listener >= 0 && host.listener !== main.index) releaseSlot(world, slotAt(world, host.listener));
  return callOn(world, main, call, null, context);
}

/** A host that crashes loses all its connections. */
function crash(world: World, host: Host, call: UserCall, context: TcpContext): CallOutcome {
  const main = mainSlot(world, host);
  if (host.listener >= 0 && host.listener !== main.index) releaseSlot(world, slotAt(world, host.listener));
  for (const index of host.slots.slice()) {
    const slot = slotAt(world, index);
    if (slot !== main && lives(slot)) callOn(world, slot, call, null, context);
  }
  return callOn(world, main, call, null, context);
}
