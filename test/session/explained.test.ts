import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../src/engine/events';
import { waitingReasons } from '../../src/engine/sim/waiting';
import { connection, stepWorld, type World } from '../../src/engine/sim/world';
import { pendingOutput } from '../../src/engine/tcp/connection';
import { unsentBytes } from '../../src/engine/tcp/windows';
import { becauseLine } from '../../src/session/because';
import { type ChainSource, chainOf } from '../../src/session/chain';
import { createLog } from '../../src/session/log';
import { runs } from '../support/runs';
import { makeApplications, makeTransfer, TRANSFERS, type Transfer } from '../support/transfers';
import { scenarioOf } from './support';

/** The calls of a transfer come from no script: this one is read for the text of lines only. */
const NO_SCRIPT = scenarioOf('wait 1us');

interface Traced {
  readonly source: ChainSource;
  readonly events: readonly EngineEvent[];
}

/** Runs a transfer of at most so many steps; every event is kept, `look` is called after each step. */
function traced(transfer: Transfer, steps: number, look: (world: World) => void): Traced {
  const world = makeTransfer(transfer);
  const events: EngineEvent[] = [];
  const sink = (event: EngineEvent) => void events.push(event);
  const act = makeApplications(world, transfer, sink);
  for (let step = 0; step < steps; step++) {
    act();
    look(world);
    const result = stepWorld(world, sink);
    if (result === 'idle') break;
    look(world);
  }
  return { source: { scenario: NO_SCRIPT, log: createLog(), world, moments: null }, events };
}

describe('of any transfer over any link', () => {
  it('every event has a chain that ends at a call, or in the network', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(TRANSFERS, (transfer) => {
        const { source, events } = traced(transfer, 600, () => undefined);
        // Chains grow with the run: of a long one every seventh event is asked for.
        const stride = events.length > 400 ? 7 : 1;
        for (let index = 0; index < events.length; index += stride) {
          const event = events[index];
          if (event === undefined) continue;
          const chain = chainOf(source, event, null, 100_000);
          const last = chain.at(-1);
          const whole = `${event.kind}:\n${chain.map(becauseLine).join('\n')}`;
          expect(['line', 'loss'], whole).toContain(last?.kind);
          if (last?.kind === 'line') expect(last.rule, whole).toMatch(/^call-/);
          expect(
            chain.map(({ kind }) => kind),
            whole,
          ).not.toContain('more');
          for (const { rule } of chain) seen.add(rule ?? '');
        }
      }),
      { numRuns: runs(120), seed: 6298 },
    );
    // The property speaks of all kinds of causes, and not of the plain ones alone.
    if (runs(120) < 120) return;
    for (const rule of [
      'retransmission-timeout',
      'fast-retransmit',
      'slow-start',
      'rto-back-off',
      'link-loss',
      'window-update',
    ]) {
      expect([...seen]).toContain(rule);
    }
  }, 120_000);

  it('whoever has unsent data and sends nothing has a reason that holds it back', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(TRANSFERS, (transfer) => {
        traced(transfer, 1500, (world) => {
          for (const host of ['a', 'b']) {
            const tcb = connection(world, host);
            const reasons = waitingReasons(world, host);
            const pending = pendingOutput(tcb) !== 'none';
            expect(reasons.length).toBeGreaterThan(0);
            expect(reasons[0]?.rule === 'wait-due').toBe(pending);
            if (pending) continue;
            const holds = reasons.map((reason) => reason.holds);
            expect(holds.includes('data'), `${tcb.state}: ${reasons.map(({ text }) => text).join(' ')}`).toBe(
              unsentBytes(tcb) > 0,
            );
            if (tcb.owed.fin !== null) expect(holds).toContain('fin');
            for (const { rule, untilUs } of reasons) {
              seen.add(rule);
              if (untilUs !== null) expect(untilUs).toBeGreaterThanOrEqual(world.timeUs);
            }
          }
        });
      }),
      { numRuns: runs(150), seed: 9937 },
    );
    if (runs(150) < 150) return;
    for (const rule of [
      'wait-nagle',
      'wait-cwnd',
      'wait-prr',
      'wait-window-full',
      'wait-delayed-ack',
      'wait-tail-probe',
    ]) {
      expect([...seen]).toContain(rule);
    }
  }, 120_000);
});
