import fc from 'fast-check';
import type { HostConfig, LinkConfig } from '../../src/engine/config';
import { DEFAULT_HOST, DEFAULT_LIMITS, DEFAULT_LINK } from '../../src/engine/config';
import type { EventSink } from '../../src/engine/events';
import { octetsOfPattern } from '../../src/engine/octets';
import { FREEBSD } from '../../src/engine/profiles/freebsd';
import { LINUX } from '../../src/engine/profiles/linux';
import { seq } from '../../src/engine/seq';
import type { World } from '../../src/engine/sim/world';
import { callWorld, connection, createWorld } from '../../src/engine/sim/world';

/** Hosts that are patient: no attempt is given up while the link works at all. */
type Kind = Omit<HostConfig, 'name' | 'address' | 'port'>;
const PATIENT = { retries: 1000, orphanRetries: null, synRetries: 1000, synAckRetries: null };
const KINDS: readonly Kind[] = [
  DEFAULT_HOST,
  LINUX,
  FREEBSD,
  { ...LINUX, sack: false },
  { ...LINUX, timestamps: false, congestionControl: 'reno' },
  { ...DEFAULT_HOST, sack: true },
  { ...DEFAULT_HOST, sack: true, rack: true, tailLossProbe: true, undo: true, frto: true, timestamps: true },
  { ...DEFAULT_HOST, windowScale: 3, rcvbufBytes: 300_000 },
  { ...DEFAULT_HOST, rcvbufBytes: 3000, ecn: 'on', delayedAckUs: 200_000, nagle: true },
  { ...DEFAULT_HOST, congestionControl: 'off', mssBytes: 100 },
].map((kind) => ({ ...kind, ...PATIENT }) as Kind);

const LINKS = fc.record({
  loss: fc.constantFrom(0, 0.01, 0.05, 0.2),
  reorder: fc.constantFrom(0, 0.05),
  duplicate: fc.constantFrom(0, 0.05),
  corrupt: fc.constantFrom(0, 0.02),
  jitterUs: fc.constantFrom(0, 3000),
  rateBps: fc.constantFrom(null, 5e6),
});

/** Transfers of any size between hosts of any kind, over links that do anything. */
export const TRANSFERS = fc.record({
  link: LINKS,
  a: fc.nat(KINDS.length - 1),
  b: fc.nat(KINDS.length - 1),
  isns: fc.tuple(fc.constantFrom(1000, 2 ** 32 - 5000, 2 ** 31 - 10), fc.constantFrom(5000, 2 ** 32 - 1)),
  there: fc.constantFrom(1, 1000, 5000, 30_000, 100_000),
  back: fc.constantFrom(0, 1000, 30_000),
  seed: fc.nat(1_000_000),
});
/** One such transfer. */
export type Transfer = typeof TRANSFERS extends fc.Arbitrary<infer T> ? T : never;

/** The world of a transfer before anybody has made a call. */
export function makeTransfer({ link, a, b, isns, seed }: Transfer): World {
  const config: LinkConfig = { ...DEFAULT_LINK, ...link, queueSegments: link.rateBps === null ? null : 20 };
  return createWorld({
    hosts: [
      { ...(KINDS[a] ?? DEFAULT_HOST), name: 'a', address: '10.0.0.1', port: 1, isn: seq(isns[0]) },
      { ...(KINDS[b] ?? DEFAULT_HOST), name: 'b', address: '10.0.0.2', port: 2, isn: seq(isns[1]) },
    ],
    links: [],
    defaultLink: config,
    seed,
    limits: { ...DEFAULT_LIMITS, maxTimeUs: 3.6e10 },
  });
}

function write(world: World, host: string, lengthBytes: number, sink: EventSink): void {
  callWorld(
    world,
    host,
    { kind: 'send', octets: octetsOfPattern(0, lengthBytes), push: false, urgent: false },
    2,
    sink,
  );
}

/** The applications, on lines 1 to 4: each writes what it has once it can, `a` closes when it has read all, and `b` follows. */
export function makeApplications(world: World, { there, back }: Transfer, sink: EventSink = null): () => void {
  const done = { wrote: back === 0, closedA: false, closedB: false };
  callWorld(world, 'b', { kind: 'open-passive' }, 1, sink);
  callWorld(world, 'a', { kind: 'open-active', remoteHost: 'b' }, 1, sink);
  write(world, 'a', there, sink);
  return () => {
    const a = connection(world, 'a');
    const b = connection(world, 'b');
    if (!done.wrote && b.state === 'ESTABLISHED') {
      done.wrote = true;
      write(world, 'b', back, sink);
    }
    if (!done.closedA && a.receiveBuffer.takenBytes >= back && b.receiveBuffer.takenBytes >= there) {
      done.closedA = callWorld(world, 'a', { kind: 'shutdown' }, 3, sink).ok;
    }
    if (!done.closedB && b.state === 'CLOSE-WAIT') {
      done.closedB = callWorld(world, 'b', { kind: 'shutdown' }, 4, sink).ok;
    }
  };
}
