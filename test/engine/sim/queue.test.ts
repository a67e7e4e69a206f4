import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventQueue, QueuedEvent } from '../../../src/engine/sim/queue';
import { cloneQueue, createQueue, peekEvent, popEvent, pushEvent, removeEvents } from '../../../src/engine/sim/queue';

function event(atUs: number, order: number): QueuedEvent {
  return { atUs, order, kind: 'wake', id: order, link: -1 };
}

function drain(queue: EventQueue): QueuedEvent[] {
  const out: QueuedEvent[] = [];
  for (let next = popEvent(queue); next !== undefined; next = popEvent(queue)) out.push(next);
  return out;
}

function sorted(events: readonly QueuedEvent[]): QueuedEvent[] {
  return [...events].sort((a, b) => a.atUs - b.atUs || a.order - b.order);
}

const times = fc.array(fc.nat(20), { maxLength: 60 });

describe('the event queue', () => {
  test('gives the least time first, and of equal times the one queued first', () => {
    fc.assert(
      fc.property(times, (all) => {
        const queue = createQueue();
        const events = all.map((atUs, order) => event(atUs, order));
        for (const each of events) pushEvent(queue, each);
        expect(drain(queue)).toEqual(sorted(events));
      }),
      { seed: 9293 },
    );
  });

  test('keeps its order when taking and queueing alternate', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(20)), { maxLength: 80 }), (acts) => {
        const queue = createQueue();
        let model: QueuedEvent[] = [];
        for (const [order, atUs] of acts.entries()) {
          if (atUs !== null) {
            pushEvent(queue, event(atUs, order));
            model = sorted([...model, event(atUs, order)]);
          } else {
            expect(popEvent(queue)).toEqual(model.shift());
          }
          expect(peekEvent(queue)).toEqual(model[0]);
        }
      }),
      { seed: 9293 },
    );
  });

  test('takes out what matches and keeps the rest in order', () => {
    fc.assert(
      fc.property(times, (all) => {
        const queue = createQueue();
        const events = all.map((atUs, order) => event(atUs, order));
        for (const each of events) pushEvent(queue, each);
        const isOdd = (each: QueuedEvent) => each.order % 2 === 1;
        expect(removeEvents(queue, isOdd)).toEqual(sorted(events.filter(isOdd)));
        expect(drain(queue)).toEqual(sorted(events.filter((each) => !isOdd(each))));
      }),
      { seed: 9293 },
    );
  });

  test('a copy goes its own way', () => {
    const queue = createQueue();
    pushEvent(queue, event(5, 1));
    const copy = cloneQueue(queue);
    pushEvent(copy, event(1, 2));
    popEvent(queue);
    expect(peekEvent(queue)).toBeUndefined();
    expect(drain(copy).map((each) => each.atUs)).toEqual([1, 5]);
  });
});
