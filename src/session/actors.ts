import { actorText, parseActor } from '../engine/actor';
import type { EngineEvent, SegmentRecord } from '../engine/events';
import { connection, connectionsOf, hasConnection, sourceHost, type World } from '../engine/sim/world';
import type { Tcb } from '../engine/tcp/tcb';

/** An event that a connection of a host had. */
export type ConnectionEvent = Extract<EngineEvent, { readonly peer: string | null }>;

/** The connection that an event is about, `server:bob`; the host alone while it is with nobody. */
export function actorOf({ host, peer }: ConnectionEvent): string {
  return actorText(host, peer);
}

/** Whether a segment was sent by an actor: by any connection of a host, or to the peer of `server:bob`. */
export function isFrom({ from, to }: SegmentRecord, actor: string): boolean {
  const { host, peer } = parseActor(actor);
  return from === host && (peer === null || to === peer);
}

/** Whether a segment was sent to an actor: to any connection of a host, or by the peer of `server:bob`. */
export function isTowards(world: World, { to, segment }: SegmentRecord, actor: string): boolean {
  const { host, peer } = parseActor(actor);
  return to === host && (peer === null || sourceHost(world, segment) === peer);
}

/**
 * Whether a `send` of an actor may mean this segment. A bare host means its main connection, and what belongs to none of
 * its connections, such as a reset for a stranger.
 */
export function mayBeSentBy(world: World, record: SegmentRecord, actor: string): boolean {
  const { host, peer } = parseActor(actor);
  if (record.from !== host) return false;
  if (peer !== null || record.to === null) return peer === null || record.to === peer;
  const main = connection(world, host);
  if (main.peer === null || main.peer === record.to) return true;
  return !connectionsOf(world, host).some((tcb) => tcb.peer === record.to && tcb.state !== 'CLOSED');
}

/** The state of an actor in words that say so when there never was such a connection. */
export function stateText(world: World, actor: string): string {
  const { state } = connection(world, actor);
  if (hasConnection(world, actor)) return state;
  const { host, peer } = parseActor(actor);
  return `${state}: ${host} has no connection with ${peer ?? 'anybody'}`;
}

/** One connection of a host as people are told of it. */
export interface NamedConnection {
  /** `server`, `server:bob`; `server (listening)` for the one that takes whoever comes behind the main one. */
  readonly name: string;
  /** Whether the host's bare name means it. */
  readonly isMain: boolean;
  readonly tcb: Tcb;
}

/**
 * The connections of a host, the main one first. A host with one connection has it under its own name; where there are
 * several, each is named by its peer.
 */
export function namedConnections(world: World, host: string): readonly NamedConnection[] {
  const all = connectionsOf(world, host);
  const peers = all.filter(({ peer }) => peer !== null).length;
  return all.map((tcb) => ({ name: nameOf(host, tcb, peers > 1), isMain: tcb.isMain, tcb }));
}

function nameOf(host: string, { peer, isMain, state }: Tcb, several: boolean): string {
  if (peer !== null && (several || !isMain)) return actorText(host, peer);
  return isMain || state !== 'LISTEN' ? host : `${host} (listening)`;
}

/** The connections of a host that have something to show: each but the one that only goes on listening behind another. */
export function shownConnections(world: World, host: string): readonly NamedConnection[] {
  return namedConnections(world, host).filter(({ isMain, tcb }) => isMain || tcb.state !== 'LISTEN');
}
