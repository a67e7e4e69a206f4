import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Check, Moment, MomentKind, ThreadLabel } from '../../src/session/moment';
import {
  continueTo,
  failedCheckAt,
  nextEvent,
  nextStatement,
  previousStop,
  reverseContinue,
  type Steppable,
  seekForward,
  stepOut,
} from '../../src/session/stepping';

const SCRIPT: ThreadLabel = { id: 0, kind: 'script', line: 1 };
const HANDLER: ThreadLabel = { id: 1, kind: 'on', line: 2 };

interface Row {
  readonly kind: MomentKind;
  readonly line?: number;
  readonly thread?: ThreadLabel;
  readonly failed?: boolean;
}

/** A run whose moments are given; they become known one by one, as in a run that is made while one steps. */
class GivenRun implements Steppable {
  readonly firstMoment = 0;
  position = 0;
  momentCount = 1;
  private readonly rows: readonly Row[];

  constructor(rows: readonly Row[]) {
    this.rows = rows;
  }

  get finished(): boolean {
    return this.momentCount === this.rows.length;
  }

  moment(index: number): Moment {
    const row = this.rows[index];
    if (row === undefined || index >= this.momentCount) throw new RangeError(String(index));
    const span = { line: row.line ?? 0, column: 1, endLine: row.line ?? 0, endColumn: 2 };
    return {
      index,
      kind: row.kind,
      timeUs: 0,
      statement: row.line === undefined ? null : { span, text: `line ${row.line}` },
      thread: row.thread ?? SCRIPT,
      title: row.kind,
      host: null,
      connection: null,
      segment: null,
      timer: null,
      cause: null,
      events: [],
    };
  }

  forward(): boolean {
    if (this.position + 1 >= this.rows.length) return false;
    this.position++;
    this.momentCount = Math.max(this.momentCount, this.position + 1);
    return true;
  }

  travel(index: number): void {
    if (index < 0 || index >= this.momentCount) throw new RangeError(String(index));
    this.position = index;
  }

  checks(): readonly Check[] {
    return this.rows.slice(0, this.momentCount).flatMap(({ kind, failed }, moment): Check[] =>
      kind !== 'verdict'
        ? []
        : [
            {
              span: { line: 1, column: 1, endLine: 1, endColumn: 2 },
              kind: 'expect',
              ok: failed !== true,
              text: '',
              expected: '',
              actual: '',
              why: null,
              reference: null,
              related: [],
              because: [],
              waiting: [],
              moment,
              timeUs: 0,
            },
          ],
    );
  }
}

/** Line 1 sends; line 3 waits, and during the wait a handler of line 2 runs lines 20 and 21; line 4 checks in vain. */
const ROWS: readonly Row[] = [
  { kind: 'start' },
  { kind: 'statement', line: 1 },
  { kind: 'call', line: 1 },
  { kind: 'segment-sent', line: 1 },
  { kind: 'verdict', line: 1 },
  { kind: 'statement', line: 3 },
  { kind: 'segment-arrived', line: 3 },
  { kind: 'statement', line: 20, thread: HANDLER },
  { kind: 'call', line: 20, thread: HANDLER },
  { kind: 'statement', line: 21, thread: HANDLER },
  { kind: 'timer', line: 3 },
  { kind: 'statement', line: 4 },
  { kind: 'verdict', line: 4, failed: true },
  { kind: 'end' },
];

function at(position: number): GivenRun {
  const run = new GivenRun(ROWS);
  while (run.position < position) run.forward();
  return run;
}

/** Where a movement leads from each moment. */
function table(move: (run: GivenRun) => number): Record<number, number> {
  return Object.fromEntries(ROWS.map((_, from) => [from, move(at(from))]));
}

describe('stepping', () => {
  it('steps into single events, a failed check among them, but no check that passed', () => {
    expect(table(nextEvent)).toEqual({
      0: 1,
      1: 2,
      2: 3,
      3: 5,
      4: 5,
      5: 6,
      6: 7,
      7: 8,
      8: 9,
      9: 10,
      10: 11,
      11: 12,
      12: 13,
      13: 13,
    });
  });

  it('steps over to the next statement of the same strand or of the script', () => {
    expect(table(nextStatement)).toEqual({
      0: 1,
      1: 5,
      2: 5,
      3: 5,
      4: 5,
      5: 11,
      6: 11,
      7: 9,
      8: 9,
      9: 11,
      10: 11,
      11: 13,
      12: 13,
      13: 13,
    });
  });

  it('steps out of an event to the next statement, out of a handler to the script, out of the script to the end', () => {
    expect(table(stepOut)).toEqual({
      0: 13,
      1: 13,
      2: 5,
      3: 5,
      4: 5,
      5: 13,
      6: 11,
      7: 11,
      8: 9,
      9: 11,
      10: 11,
      11: 13,
      12: 13,
      13: 13,
    });
  });

  it('steps back by events to where stepping into them came from', () => {
    expect(table((run) => previousStop(run, 'event'))).toEqual({
      0: 0,
      1: 1,
      2: 1,
      3: 2,
      4: 3,
      5: 3,
      6: 5,
      7: 6,
      8: 7,
      9: 8,
      10: 9,
      11: 10,
      12: 11,
      13: 12,
    });
  });

  it('steps back by statements from a statement, and by events from inside one', () => {
    expect(table((run) => previousStop(run, 'statement'))).toEqual({
      0: 0,
      1: 1,
      2: 1,
      3: 2,
      4: 3,
      5: 1,
      6: 5,
      7: 5,
      8: 7,
      9: 7,
      10: 9,
      11: 5,
      12: 11,
      13: 11,
    });
  });

  it('continues to breakpoints in both directions, and else to either end', () => {
    const isLine20 = (line: number): boolean => line === 20;
    expect(continueTo(at(1), isLine20)).toBe(7);
    expect(continueTo(at(7), isLine20)).toBe(13);
    expect(reverseContinue(at(13), isLine20)).toBe(7);
    expect(reverseContinue(at(7), isLine20)).toBe(1);
  });

  it('stands where it came to when its budget is spent, and goes on from there', () => {
    const run = new GivenRun(ROWS);
    expect(seekForward(run, ({ kind }) => kind === 'timer', 4)).toBe('more');
    expect(run.position).toBe(4);
    expect(seekForward(run, ({ kind }) => kind === 'timer', 400)).toBe('found');
    expect(run.position).toBe(10);
    expect(seekForward(run, () => false)).toBe('end');
  });

  it('costs no budget to go through what is known', () => {
    const run = at(13);
    run.travel(0);
    expect(seekForward(run, ({ kind }) => kind === 'timer', 1)).toBe('found');
    expect(run.position).toBe(10);
  });

  it('finds the check that failed at a moment, and only that', () => {
    expect(ROWS.map((_, index) => failedCheckAt(at(13), index)?.moment ?? null)).toEqual(
      ROWS.map((_, index) => (index === 12 ? 12 : null)),
    );
  });

  it('goes to the same moment whether the run is known or is made on the way', () => {
    const moves = [nextEvent, nextStatement, stepOut];
    fc.assert(
      fc.property(fc.nat(ROWS.length - 1), fc.constantFrom(...moves), (from, move) => {
        const known = at(ROWS.length - 1);
        known.travel(from);
        expect(move(known)).toBe(move(at(from)));
      }),
    );
  });
});
