import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HostConfig, LinkConfig } from '../../../src/engine/config';
import { DEFAULT_HOST, DEFAULT_LIMITS, DEFAULT_LINK } from '../../../src/engine/config';
import type { EngineEvent } from '../../../src/engine/events';
import { octetAt, octetsLength, octetsOfPattern } from '../../../src/engine/octets';
import { FREEBSD } from '../../../src/engine/profiles/freebsd';
import { LINUX } from '../../../src/engine/profiles/linux';
import { seq, seqAdd, seqDiff, seqLeq } from '../../../src/engine/seq';
import type { World } from '../../../src/engine/sim/world';
import {
  callWorld,
  cloneWorld,
  connection,
  createWorld,
  nextEventTimeUs,
  segmentRecords,
  stepWorld,
} from '../../../src/engine/sim/world';
import { VARIABLE_NAMES, VARIABLES } from '../../../src/engine/variables';
import { runs } from '../../support/runs';

/** Hosts that are patient: no attempt is given up while the link works at all. */
type Kind = Omit<HostConfig, 'name' | 'address' | 'port'>;
const PATIENT = { retries: 1000, synRetries: 1000 };
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

const TRANSFERS = fc.record({
  link: LINKS,
  a: fc.nat(KINDS.length - 1),
  b: fc.nat(KINDS.length - 1),
  isns: fc.tuple(fc.constantFrom(1000, 2 ** 32 - 5000, 2 ** 31 - 10), fc.constantFrom(5000, 2 ** 32 - 1)),
  there: fc.constantFrom(1, 1000, 5000, 30_000, 100_000),
  back: fc.constantFrom(0, 1000, 30_000),
  seed: fc.nat(1_000_000),
});
type Transfer = typeof TRANSFERS extends fc.Arbitrary<infer T> ? T : never;

function makeTransfer({ link, a, b, isns, seed }: Transfer): World {
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

function write(world: World, host: string, lengthBytes: number): void {
  callWorld(
    world,
    host,
    { kind: 'send', octets: octetsOfPattern(0, lengthBytes), push: false, urgent: false },
    2,
    null,
  );
}

/** The applications: each writes what it has once it can, `a` closes when it has read all, and `b` follows. */
function makeApplications(world: World, { there, back }: Transfer): () => void {
  const done = { wrote: back === 0, closedA: false, closedB: false };
  callWorld(world, 'b', { kind: 'open-passive' }, 1, null);
  callWorld(world, 'a', { kind: 'open-active', remoteHost: 'b' }, 1, null);
  write(world, 'a', there);
  return () => {
    const a = connection(world, 'a');
    const b = connection(world, 'b');
    if (!done.wrote && b.state === 'ESTABLISHED') {
      done.wrote = true;
      write(world, 'b', back);
    }
    if (!done.closedA && a.receiveBuffer.takenBytes >= back && b.receiveBuffer.takenBytes >= there) {
      done.closedA = callWorld(world, 'a', { kind: 'shutdown' }, 3, null).ok;
    }
    if (!done.closedB && b.state === 'CLOSE-WAIT') {
      done.closedB = callWorld(world, 'b', { kind: 'shutdown' }, 4, null).ok;
    }
  };
}

/** What has to be true of a connection at all times. */
function checkConnection(world: World, host: string): void {
  const { snd, retransmissionQueue: queue, congestion, iss } = connection(world, host);
  if (iss === null) return;
  if (!seqLeq(snd.una, snd.nxt) || !seqLeq(snd.nxt, snd.max)) throw new Error(`${host}: SND.UNA, SND.NXT, SND.MAX`);
  const sums = [queue.bytes, queue.sackedBytes, queue.lostBytes, queue.resentBytes, queue.sackedSegments];
  if (sums.some((sum) => sum < 0)) throw new Error(`${host}: the scoreboard does not add up`);
  if (!(congestion.cwndBytes >= 1)) throw new Error(`${host}: cwnd is ${congestion.cwndBytes}`);
}

/** Runs a transfer to its end; how many octets of the pattern each host got in order. */
function run(transfer: Transfer): Record<string, number> {
  const world = makeTransfer(transfer);
  const act = makeApplications(world, transfer);
  const got: Record<string, number> = { a: 0, b: 0 };
  const sink = (event: EngineEvent): void => {
    if (event.kind !== 'delivered') return;
    const at = got[event.host] ?? 0;
    if (octetAt(event.octets, 0) !== at % 251) throw new Error(`${event.host} got an octet that is not number ${at}`);
    got[event.host] = at + octetsLength(event.octets);
  };
  for (;;) {
    act();
    const result = stepWorld(world, sink);
    if (result === 'idle') break;
    if (result === 'limit') throw new Error(`not finished at ${nextEventTimeUs(world)}`);
    checkConnection(world, 'a');
    checkConnection(world, 'b');
  }
  return {
    ...got,
    aClosed: Number(connection(world, 'a').state === 'CLOSED'),
    bClosed: Number(connection(world, 'b').state === 'CLOSED'),
  };
}

/** Everything that can be seen of a connection, and what recovery and congestion control remember. */
function shown(world: World, host: string): unknown {
  const { recovery, congestion, options, ecn, ...tcb } = connection(world, host);
  const variables = VARIABLE_NAMES.map((name) => VARIABLES[name]?.read({ recovery, congestion, options, ecn, ...tcb }));
  return { variables, recovery, congestion, options, ecn };
}

describe('whatever the link does', () => {
  it('the octets read are the octets written, in order, and both sides end CLOSED', () => {
    fc.assert(
      fc.property(TRANSFERS, (transfer) => {
        expect(run(transfer)).toEqual({ a: transfer.back, b: transfer.there, aClosed: 1, bClosed: 1 });
      }),
      { numRuns: runs(300), seed: 9293 },
    );
  }, 120_000);

  it('a copy of a world goes on as the world itself does', () => {
    fc.assert(
      fc.property(TRANSFERS, fc.nat(400), (transfer, steps) => {
        const world = makeTransfer(transfer);
        makeApplications(world, transfer);
        for (let step = 0; step < steps; step++) stepWorld(world, null);
        const copy = cloneWorld(world);
        for (const one of [world, copy]) for (let step = 0; step < 300; step++) stepWorld(one, null);
        expect(segmentRecords(copy)).toEqual(segmentRecords(world));
        for (const host of ['a', 'b']) expect(shown(copy, host)).toEqual(shown(world, host));
      }),
      { numRuns: runs(60), seed: 8985 },
    );
  });

  it('the window of the remote TCP is never overrun', () => {
    fc.assert(
      fc.property(TRANSFERS, (transfer) => {
        const world = makeTransfer({ ...transfer, b: 8 });
        const act = makeApplications(world, transfer);
        for (let step = 0; step < 2000; step++) {
          act();
          if (stepWorld(world, null) === 'idle') break;
          const { snd } = connection(world, 'a');
          // A window probe, and our FIN, are the one number more.
          expect(seqDiff(snd.nxt, seqAdd(snd.una, snd.wnd))).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: runs(60), seed: 7323 },
    );
  });
});
