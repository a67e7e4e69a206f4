import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonPieces } from '../../src/cli/json';

function* streamed(rows: readonly unknown[]): Generator<unknown> {
  yield* rows;
}

const text = (value: unknown): string => [...jsonPieces(value)].join('');

describe('JSON in pieces', () => {
  test('is what JSON.stringify gives, whatever the data', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(fc.jsonValue()), (one, rows) => {
        const whole = { one, rows, none: undefined, inside: { rows, after: 1 }, empty: [] };
        const pieces = {
          one,
          rows: streamed(rows),
          none: undefined,
          inside: { rows: streamed(rows), after: 1 },
          empty: streamed([]),
        };
        expect(text(pieces)).toBe(JSON.stringify(whole, null, 2));
        expect(text(streamed(rows))).toBe(JSON.stringify(rows, null, 2));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test('lists inside the rows of lists', () => {
    const pieces = streamed([{ a: streamed([1, 'line\nend']) }, { a: streamed([]), b: null }]);
    expect(text(pieces)).toBe(JSON.stringify([{ a: [1, 'line\nend'] }, { a: [], b: null }], null, 2));
  });

  test('a row is made when the one before has been given away', () => {
    let made = 0;
    function* rows(): Generator<number> {
      for (;;) yield made++;
    }
    const pieces = jsonPieces({ rows: rows() });
    for (let taken = 0; taken < 20; taken++) pieces.next();
    expect(made).toBeLessThan(20);
  });
});
