import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../../src/engine/events';
import { octetAt, octetsLength } from '../../../src/engine/octets';
import { seqAdd, seqDiff, seqLeq } from '../../../src/engine/seq';
import type { World } from '../../../src/engine/sim/world';
import { cloneWorld, connection, nextEventTimeUs, segmentRecords, stepWorld } from '../../../src/engine/sim/world';
import { VARIABLE_NAMES, VARIABLES } from '../../../src/engine/variables';
import { runs } from '../../support/runs';
import { makeApplications, makeTransfer, TRANSFERS, type Transfer } from '../../support/transfers';

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
