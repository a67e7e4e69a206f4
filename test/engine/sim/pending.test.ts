import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addPending,
  clonePending,
  createPending,
  dropPending,
  firstPending,
  listPending,
} from '../../../src/engine/sim/pending';

describe('what has output to send', () => {
  it('keeps its order, whoever comes and goes; a copy goes its own way', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(6), { maxLength: 60 }), (slots) => {
        const pending = createPending();
        let model: number[] = [];
        for (const slot of slots) {
          const before = clonePending(pending);
          if (model.includes(slot)) dropPending(pending, slot);
          else addPending(pending, slot);
          expect(listPending(before)).toEqual(model);
          model = model.includes(slot) ? model.filter((other) => other !== slot) : [...model, slot];
          expect(listPending(pending)).toEqual(model);
          expect(firstPending(pending)).toBe(model[0] ?? -1);
        }
      }),
      { seed: 9293 },
    );
  });
});
