import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventQueue, QueuedEvent } from '../../../src/engine/sim/queue';
import {
  cloneQueue,
  createQueue,
  listEvents,
  peekEvent,
  popEvent,
  pushEvent,
  removeEvents,
} from '../../../src/engine/sim/queue';

/** A wake, or the arrival of a segment on one of ten links, more than have a lane. */
function event(atUs: number, order: number): QueuedEvent {
  const link = (order * 7) % 11;
  return link === 10
    ? { atUs, order, kind: 'wake', id: order, link: -1, carried: null }
    : { atUs, order, kind: 'arrival', id: order, link, carried: null };
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

  test('holds any number of arrivals of one link, in order or not', () => {
    const queue = createQueue();
    const at = (order: number) =>
      ({
        atUs: order % 100 === 50 ? order - 70 : order,
        order,
        kind: 'arrival',
        id: order,
        link: 1,
        carried: null,
      }) as const;
    const events = Array.from({ length: 1000 }, (_, order) => at(order));
    const out: QueuedEvent[] = [];
    for (const each of events) {
      pushEvent(queue, each);
      // Taken more slowly than queued: places are used again and have to grow.
      if (each.order % 3 === 0) out.push(...[popEvent(queue)].filter((one) => one !== undefined));
    }
    out.push(...drain(queue));
    expect(out.map(({ id }) => id).sort((a, b) => a - b)).toEqual(events.map(({ id }) => id));
    expect(out.slice(400)).toEqual(sorted(out.slice(400)));
  });

  test('lists all without taking any', () => {
    const queue = createQueue();
    const events = [5, 3, 9, 1, 3].map((atUs, order) => event(atUs, order));
    for (const each of events) pushEvent(queue, each);
    expect(listEvents(queue)).toEqual(sorted(events));
    expect(drain(queue)).toEqual(sorted(events));
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
