import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inWindow, seq, seqAdd, seqDiff, seqGeq, seqGt, seqLeq, seqLt, seqMax, seqMin } from '../../src/engine/seq';

const HALF = 2 ** 31;
const numbers = fc
  .oneof(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.constantFrom(0, 1, HALF - 1, HALF, 2 ** 32 - 1))
  .map(seq);
const near = fc.integer({ min: -HALF + 1, max: HALF - 1 });
const SEED = { seed: 9293 };

describe('around the wrap', () => {
  const last = seq(2 ** 32 - 1);

  test('the number after the last is 0', () => {
    expect(seqAdd(last, 1)).toBe(0);
    expect(seqAdd(seq(0), -1)).toBe(last);
    expect(seqDiff(seq(0), last)).toBe(1);
    expect(seqLt(last, seq(0))).toBe(true);
    expect(seqGt(seq(5), seq(2 ** 32 - 5))).toBe(true);
  });

  test('any safe integer has its number', () => {
    expect(seq(-1)).toBe(2 ** 32 - 1);
    expect(seq(2 ** 32)).toBe(0);
    expect(seq(5 * 2 ** 32 + 7)).toBe(7);
    expect(seq(Number.MIN_SAFE_INTEGER)).toBe(Number((BigInt(Number.MIN_SAFE_INTEGER) % 2n ** 32n) + 2n ** 32n));
  });

  test('a window may lie across the wrap', () => {
    expect(inWindow(seq(3), seq(2 ** 32 - 10), 20)).toBe(true);
    expect(inWindow(seq(10), seq(2 ** 32 - 10), 20)).toBe(false);
    expect(inWindow(seq(2 ** 32 - 11), seq(2 ** 32 - 10), 20)).toBe(false);
    expect(inWindow(seq(7), seq(7), 0)).toBe(false);
  });
});

describe('for all numbers', () => {
  test('adding and taking the distance undo each other', () => {
    fc.assert(
      fc.property(numbers, near, (a, n) => {
        expect(seqDiff(seqAdd(a, n), a)).toBe(n);
      }),
      SEED,
    );
  });

  test('adding agrees with exact arithmetic', () => {
    fc.assert(
      fc.property(numbers, near, (a, n) => {
        expect(BigInt(seqAdd(a, n))).toBe(BigInt.asUintN(32, BigInt(a) + BigInt(n)));
      }),
      SEED,
    );
  });

  test('exactly one of before, same, after holds within half the circle', () => {
    fc.assert(
      fc.property(numbers, near, (a, n) => {
        const b = seqAdd(a, n);
        expect([seqLt(a, b), a === b, seqGt(a, b)].filter(Boolean)).toHaveLength(1);
        expect(seqLt(a, b)).toBe(n > 0);
        expect(seqLeq(a, b)).toBe(n >= 0);
        expect(seqGeq(a, b)).toBe(n <= 0);
        expect(seqMax(a, b)).toBe(n > 0 ? b : a);
        expect(seqMin(a, b)).toBe(n > 0 ? a : b);
      }),
      SEED,
    );
  });

  test('being in a window is start =< a < start + size', () => {
    fc.assert(
      fc.property(numbers, near, fc.nat(HALF - 1), (start, n, size) => {
        const a = seqAdd(start, n);
        expect(inWindow(a, start, size)).toBe(n >= 0 && n < size);
      }),
      SEED,
    );
  });
});
