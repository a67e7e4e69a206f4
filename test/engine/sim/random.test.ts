import { describe, expect, test } from 'vitest';
import { cloneRandom, createRandom, nextChance, nextInteger, nextUint32 } from '../../../src/engine/sim/random';

describe('the generator', () => {
  test('gives the same numbers for the same seed and stream, and others for any other', () => {
    const take = (seed: number, stream: number) => {
      const random = createRandom(seed, stream);
      return Array.from({ length: 8 }, () => nextUint32(random));
    };
    expect(take(1, 0)).toEqual(take(1, 0));
    const all = [take(1, 0), take(2, 0), take(1, 1), take(2 ** 32 + 1, 0), take(-1, 0)].map((numbers) =>
      numbers.join(),
    );
    expect(new Set(all).size).toBe(all.length);
  });

  test("is sfc32: these are the numbers of its author's algorithm for (1, 0, 0, 1) after twelve rounds", () => {
    let [a, b, c, d] = [1n, 0n, 0n, 1n];
    const mask = 0xffff_ffffn;
    const reference = () => {
      const sum = (a + b + d) & mask;
      d = (d + 1n) & mask;
      a = b ^ (b >> 9n);
      b = (c + (c << 3n)) & mask;
      c = ((((c << 21n) & mask) | (c >> 11n)) + sum) & mask;
      return Number(sum);
    };
    for (let i = 0; i < 12; i++) reference();
    const random = createRandom(1, 0);
    for (let i = 0; i < 1000; i++) expect(nextUint32(random)).toBe(reference());
  });

  test('a copy goes on by itself', () => {
    const random = createRandom(7, 0);
    const copy = cloneRandom(random);
    const first = [nextUint32(random), nextUint32(random)];
    expect([nextUint32(copy), nextUint32(copy)]).toEqual(first);
  });

  test('a chance comes true about as often as it says, 0 never and 1 always', () => {
    const random = createRandom(3, 0);
    const hits = (chance: number) =>
      Array.from({ length: 10_000 }, () => nextChance(random, chance)).filter(Boolean).length;
    expect(hits(0)).toBe(0);
    expect(hits(1)).toBe(10_000);
    expect(Math.abs(hits(0.1) - 1000)).toBeLessThan(120);
  });

  test('integers reach both ends and nothing beyond, evenly', () => {
    const random = createRandom(4, 0);
    const counts = new Array<number>(5).fill(0);
    for (let i = 0; i < 10_000; i++) {
      const value = nextInteger(random, 4);
      counts[value] = (counts[value] ?? 0) + 1;
    }
    expect(counts).toHaveLength(5);
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200);
    expect(nextInteger(random, 0)).toBe(0);
  });
});
