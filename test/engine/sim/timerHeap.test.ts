import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSlot, type Slot } from '../../../src/engine/sim/state';
import { firstTimer, placeTimer, removeTimer, type TimerHeap } from '../../../src/engine/sim/timerHeap';
import { host } from './support';

const COUNT = 12;
const CONFIG = host('server', '10.0.0.1', 80);

const CHANGES = fc.array(
  fc.record({ slot: fc.nat(COUNT - 1), atUs: fc.option(fc.nat(20), { nil: null }), gone: fc.boolean() }),
  { maxLength: 80 },
);

/** The slot whose timer expires first, found by looking at each. */
function first(slots: readonly Slot[], gone: ReadonlySet<number>): Slot | null {
  const running = slots.filter(({ index, nextTimer }) => nextTimer >= 0 && !gone.has(index));
  return running.sort((a, b) => a.nextAtUs - b.nextAtUs || a.nextOrder - b.nextOrder)[0] ?? null;
}

it('always knows the timer that expires first, however timers start, move, stop and go away', () => {
  fc.assert(
    fc.property(CHANGES, (changes) => {
      const slots = Array.from({ length: COUNT }, (_, index) => createSlot(index, 0, CONFIG, 80, index === 0));
      const heap: TimerHeap = [];
      const gone = new Set<number>();
      changes.forEach((change, order) => {
        const slot = slots[change.slot];
        if (slot === undefined) throw new Error('no such slot');
        slot.nextTimer = change.atUs === null ? -1 : 0;
        slot.nextAtUs = change.atUs ?? Number.POSITIVE_INFINITY;
        slot.nextOrder = order;
        if (change.gone) {
          gone.add(slot.index);
          removeTimer(heap, slots, slot);
        } else {
          gone.delete(slot.index);
          placeTimer(heap, slots, slot);
        }
        expect(firstTimer(heap, slots)).toBe(first(slots, gone));
      });
    }),
  );
});
