import type { LinkConfig } from '../config';
import type { EventSink } from '../events';
import type { Host, World } from './state';
import { hostNamed, linkBetween } from './state';
import { hold, release } from './transit';

/** One direction between two hosts, by their names. */
export interface Direction {
  readonly from: string;
  readonly to: string;
}

/** How a field of a link is written for people; the same words as in a script. */
const FIELD_TEXT: { readonly [K in keyof LinkConfig]: (value: LinkConfig[K]) => string } = {
  delayUs: (value) => `delay ${durationText(value)}`,
  jitterUs: (value) => `jitter ${durationText(value)}`,
  rateBps: (value) => (value === null ? 'no rate limit' : `rate ${value} bps`),
  loss: (value) => `loss ${percentText(value)}`,
  duplicate: (value) => `duplicate ${percentText(value)}`,
  reorder: (value) => `reorder ${percentText(value)}`,
  corrupt: (value) => `corrupt ${percentText(value)}`,
  queueSegments: (value) => (value === null ? 'no queue limit' : `queue ${value} segments`),
  mtuBytes: (value) => `mtu ${value} bytes`,
  icmp: (value) => `icmp ${value}`,
  up: (value) => (value ? 'up' : 'down'),
};

function durationText(us: number): string {
  if (us % 1_000_000 === 0 && us > 0) return `${us / 1_000_000} s`;
  return us % 1000 === 0 ? `${us / 1000} ms` : `${us} us`;
}

function percentText(chance: number): string {
  return `${Number((chance * 100).toFixed(4))}%`;
}

/**
 * Changes the link: one direction, or every one when `direction` is null. Segments that are on their way already are not
 * touched: also on a link that goes down they still arrive.
 */
export function changeLink(
  world: World,
  direction: Direction | null,
  change: Partial<LinkConfig>,
  line: number,
  sink: EventSink,
): void {
  eachDirection(world, direction, (from, to) => {
    const link = linkBetween(world, from.index, to.index);
    link.config = { ...link.config, ...change };
    link.line = line;
  });
  announce(world, direction, changeText(change), line, sink);
}

function changeText(change: Partial<LinkConfig>): string {
  const parts: string[] = [];
  for (const key of Object.keys(FIELD_TEXT) as (keyof LinkConfig)[]) {
    const text = fieldText(key, change);
    if (text !== null) parts.push(text);
  }
  return parts.join(', ');
}

function fieldText<K extends keyof LinkConfig>(key: K, change: Partial<LinkConfig>): string | null {
  const value: LinkConfig[K] | undefined = change[key];
  return value === undefined ? null : FIELD_TEXT[key](value);
}

/** Holds one direction, or every one when `direction` is null: segments wait in flight. */
export function holdDirection(world: World, direction: Direction | null, line: number | null, sink: EventSink): void {
  eachDirection(world, direction, (from, to) => hold(world, from, to, line));
  announce(world, direction, 'held', line, sink);
}

/** Releases one direction, or every one when `direction` is null. */
export function releaseDirection(
  world: World,
  direction: Direction | null,
  line: number | null,
  sink: EventSink,
): void {
  eachDirection(world, direction, (from, to) => release(world, from, to));
  announce(world, direction, 'released', line, sink);
}

function eachDirection(world: World, direction: Direction | null, act: (from: Host, to: Host) => void): void {
  if (direction !== null) {
    act(hostNamed(world, direction.from), hostNamed(world, direction.to));
    return;
  }
  for (const from of world.hosts) for (const to of world.hosts) act(from, to);
}

function announce(world: World, direction: Direction | null, what: string, line: number | null, sink: EventSink): void {
  if (sink === null || line === null) return;
  const where = direction === null ? 'link' : `link ${direction.from} -> ${direction.to}`;
  sink({ kind: 'link-changed', timeUs: world.timeUs, text: `${where}: ${what}`, line });
}
