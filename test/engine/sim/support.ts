import type { HostConfig, LinkConfig, WorldConfig } from '../../../src/engine/config';
import { DEFAULT_HOST, DEFAULT_LIMITS, DEFAULT_LINK } from '../../../src/engine/config';
import type { EngineEvent, SegmentId, SegmentRecord } from '../../../src/engine/events';
import type { SegmentPattern } from '../../../src/engine/pattern';
import { FLAG, flagNames } from '../../../src/engine/segment';
import { seq } from '../../../src/engine/seq';
import type { Fault, FaultAction, FaultCount, StepResult, World } from '../../../src/engine/sim/world';
import { createWorld, injectWorld, segmentRecords, stepWorld, worldTimeUs } from '../../../src/engine/sim/world';

const OPEN = { lengthBytes: null, text: null, seq: null, ack: null, wnd: null, up: null, options: null } as const;

/** Patterns as a script would write them. */
export const ANY: SegmentPattern = { kind: 'any', flags: 0, ...OPEN };
export const DATA: SegmentPattern = { kind: 'data', flags: 0, ...OPEN };
export const SYN: SegmentPattern = { kind: 'flags', flags: FLAG.SYN, ...OPEN };
export const FIN: SegmentPattern = { kind: 'flags', flags: FLAG.FIN, ...OPEN };

/** A host with the plain defaults. */
export function host(name: string, address: string, port: number, more: Partial<HostConfig> = {}): HostConfig {
  return { ...DEFAULT_HOST, name, address, port, ...more };
}

/** client (10.0.0.1:49152, ISN 1000) and server (10.0.0.2:80, ISN 5000) over a link of 10 ms. */
export function makeWorld(link: Partial<LinkConfig> = {}, more: Partial<WorldConfig> = {}): World {
  return createWorld({
    hosts: [host('client', '10.0.0.1', 49152, { isn: seq(1000) }), host('server', '10.0.0.2', 80, { isn: seq(5000) })],
    links: [],
    defaultLink: { ...DEFAULT_LINK, ...link },
    seed: 1,
    limits: DEFAULT_LIMITS,
    ...more,
  });
}

/** A fault of line 7; `drop next` unless told otherwise. */
export function makeFault(action: FaultAction, more: Partial<Omit<Fault, 'action'>> = {}): Fault {
  const count: FaultCount = { kind: 'next', count: 1 };
  return { action, count, pattern: ANY, from: null, to: null, line: 7, text: `${action.kind} next`, ...more };
}

/** Takes down every event. */
export function makeSink(): { readonly events: EngineEvent[]; readonly sink: (event: EngineEvent) => void } {
  const events: EngineEvent[] = [];
  return { events, sink: (event) => events.push(event) };
}

/** Forges a RST with this number, which a CLOSED host takes in without an answer. */
export function sendReset(world: World, number: number, from = 'client', lengthBytes: number | null = null): SegmentId {
  const wanted = { kind: 'absolute', value: seq(number) } as const;
  const pattern: SegmentPattern = { ...OPEN, kind: 'flags', flags: FLAG.RST, seq: wanted, lengthBytes };
  const id = injectWorld(world, { host: from, pattern, spoof: null, towards: null, line: 3 }, null);
  if (typeof id === 'string') throw new Error(id);
  return id;
}

/** Steps until nothing happens any more; what the last step said. */
export function runToEnd(world: World, sink: ((event: EngineEvent) => void) | null = null): StepResult {
  for (;;) {
    const result = stepWorld(world, sink);
    if (result === 'idle' || result === 'limit') return result;
  }
}

/** Runs to the end: the numbers of the segments in the order in which they arrived, each with the time in ms. */
export function arrivalsOf(world: World): string[] {
  const arrived: string[] = [];
  runToEnd(world, (event) => {
    if (event.kind === 'segment-arrived') arrived.push(`${event.record.segment.seq}@${worldTimeUs(world) / 1000}`);
  });
  return arrived;
}

/** Every segment of the run on a line of its own: `client SYN 1000+0 ack 0 delivered`. */
export function trace(world: World): string[] {
  return segmentRecords(world).map(lineOf);
}

function lineOf({ from, segment, fate }: SegmentRecord): string {
  const length = segment.payload.kind === 'bytes' ? segment.payload.bytes.length : segment.payload.lengthBytes;
  return `${from} ${flagNames(segment.flags).join('-')} ${segment.seq}+${length} ack ${segment.ack} ${fate}`;
}
