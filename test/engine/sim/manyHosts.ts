import type { CallResult, UserCall } from '../../../src/engine/calls';
import type { HostConfig, LinkConfig } from '../../../src/engine/config';
import { DEFAULT_LIMITS, DEFAULT_LINK } from '../../../src/engine/config';
import type { EngineEvent, EventSink } from '../../../src/engine/events';
import { FLAG } from '../../../src/engine/segment';
import { seq } from '../../../src/engine/seq';
import type { World } from '../../../src/engine/sim/world';
import {
  callWorld,
  connection,
  connectionsOf,
  createWorld,
  injectWorld,
  nextEventTimeUs,
  stepWorld,
} from '../../../src/engine/sim/world';
import { host, SYN } from './support';

/** `server` (10.0.0.1:80) and as many clients as names, each at an address of its own, over links of 10 ms. */
export function serverWith(
  names: readonly string[],
  server: Partial<HostConfig> = {},
  client: Partial<HostConfig> = {},
  link: Partial<LinkConfig> = {},
): World {
  const clients = names.map((name, i) =>
    host(name, `10.0.1.${i + 1}`, 49_152, { isn: seq(1000 * (i + 1)), ...client }),
  );
  return createWorld({
    hosts: [host('server', '10.0.0.1', 80, { isn: seq(5000), ...server }), ...clients],
    links: [],
    defaultLink: { ...DEFAULT_LINK, ...link },
    seed: 7,
    limits: DEFAULT_LIMITS,
  });
}

/** A call of line 1. */
export function call(world: World, actor: string, request: UserCall, sink: EventSink = null): CallResult {
  return callWorld(world, actor, request, 1, sink);
}

export const listen = (world: World, actor = 'server', sink: EventSink = null): CallResult =>
  call(world, actor, { kind: 'open-passive' }, sink);
export const connect = (world: World, from: string, to = 'server', sink: EventSink = null): CallResult =>
  call(world, from, { kind: 'open-active', remoteHost: to }, sink);
export const close = (world: World, actor: string): CallResult => call(world, actor, { kind: 'close' });
export const write = (world: World, actor: string, lengthBytes: number): CallResult =>
  call(world, actor, {
    kind: 'send',
    octets: { kind: 'pattern', start: 0, lengthBytes },
    push: true,
    urgent: false,
  });

/** Does all that happens up to this time, or until nothing is left to happen; every event on the way. */
export function runUntil(world: World, timeUs: number): EngineEvent[] {
  const events: EngineEvent[] = [];
  for (let next = nextEventTimeUs(world); next !== null && next <= timeUs; next = nextEventTimeUs(world)) {
    if (stepWorld(world, (event) => events.push(event)) === 'limit') break;
  }
  return events;
}

/** Steps until something is true; it has to become so. */
export function stepUntil(world: World, holds: () => boolean): void {
  while (!holds()) if (stepWorld(world, null) === 'idle') throw new Error('it never became true');
}

/** Everything that each connection of a host is: `alice ESTABLISHED`, `- LISTEN`; the main one first. */
export function states(world: World, name = 'server'): string[] {
  return connectionsOf(world, name).map((tcb) => `${tcb.peer ?? '-'} ${tcb.state}`);
}

/** The state of one connection. */
export function state(world: World, actor: string): string {
  return connection(world, actor).state;
}

/** Puts a SYN on the wire that claims to come from a socket that nobody has. */
export function flood(world: World, forger: string, address: string, port: number, sink: EventSink = null): void {
  const pattern = { ...SYN, flags: FLAG.SYN };
  const injection = { host: forger, pattern, spoof: { address, port }, towards: 'server', line: 2 } as const;
  const id = injectWorld(world, injection, sink);
  if (typeof id === 'string') throw new Error(id);
}

/** The rules by which segments were thrown away, in order. */
export function discards(events: readonly EngineEvent[]): string[] {
  return events.flatMap((event) => (event.kind === 'segment-discarded' ? [event.cause.rule] : []));
}
