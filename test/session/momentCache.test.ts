import { describe, expect, it } from 'vitest';
import type { Moment } from '../../src/session/moment';
import { MomentCache, STRETCH_MOMENTS } from '../../src/session/momentCache';
import { NumberColumn } from '../../src/session/numberColumn';

function moment(index: number): Moment {
  const thread = { id: 0, kind: 'script', line: 1 } as const;
  const nothing = {
    statement: null,
    host: null,
    connection: null,
    segment: null,
    timer: null,
    cause: null,
    events: [],
  };
  return { index, kind: 'timer', timeUs: index, thread, title: '', ...nothing };
}

function fill(cache: MomentCache, from: number, to: number): void {
  for (let index = from; index < to; index++) cache.add(moment(index));
}

describe('the cache of moments', () => {
  it('keeps moments that follow each other', () => {
    const cache = new MomentCache();
    fill(cache, 0, 3);
    expect([0, 2, 3].map((index) => cache.get(index)?.index)).toEqual([0, 2, undefined]);
    expect(cache.keptUpTo(1)).toBe(3);
  });

  it('keeps none behind a gap, and none twice', () => {
    const cache = new MomentCache();
    fill(cache, 0, 3);
    fill(cache, 5, 7);
    fill(cache, 1, 2);
    expect([1, 2, 5, 6].map((index) => cache.get(index)?.index)).toEqual([1, 2, undefined, undefined]);
    fill(cache, 3, 4);
    expect(cache.keptUpTo(0)).toBe(4);
  });

  it('can begin in the middle of a stretch, and forget it to begin sooner', () => {
    const cache = new MomentCache();
    fill(cache, 10, 12);
    expect([9, 10, 11].map((index) => cache.get(index)?.index)).toEqual([undefined, 10, 11]);
    expect([cache.keptUpTo(9), cache.keptUpTo(10), cache.keptUpTo(STRETCH_MOMENTS)]).toEqual([null, 12, null]);
    cache.forget(9);
    fill(cache, 8, 10);
    expect([8, 10].map((index) => cache.get(index)?.index)).toEqual([8, undefined]);
  });

  it('forgets the stretch that was not used for longest', () => {
    const cache = new MomentCache();
    fill(cache, 0, 16 * STRETCH_MOMENTS);
    expect(cache.get(0)?.index).toBe(0);
    fill(cache, 16 * STRETCH_MOMENTS, 16 * STRETCH_MOMENTS + 1);
    const found = [0, 1, 2, 16].map((number) => cache.get(number * STRETCH_MOMENTS)?.index);
    expect(found).toEqual([0, undefined, 2 * STRETCH_MOMENTS, 16 * STRETCH_MOMENTS]);
  });
});

describe('a column of numbers', () => {
  it('is 0 where nothing was set, and holds what was set, far apart too', () => {
    const column = new NumberColumn();
    column.set(3, 7);
    column.set(1_000_000, 2 ** 31 - 1);
    column.set(3, 8);
    expect([0, 3, 4, 4096, 999_999, 1_000_000, 1_000_001, 9_999_999].map((index) => column.get(index))).toEqual([
      0,
      8,
      0,
      0,
      0,
      2 ** 31 - 1,
      0,
      0,
    ]);
  });
});
