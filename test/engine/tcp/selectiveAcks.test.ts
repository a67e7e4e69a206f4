import { describe, expect, it } from 'vitest';
import type { HostConfig } from '../../../src/engine/config';
import { type Seq, seqAdd, seqDiff } from '../../../src/engine/seq';
import {
  forgetPassed,
  heldAlready,
  isFarBlock,
  noteDuplicate,
  noteHeld,
  type SackBlock,
  sackBlocks,
} from '../../../src/engine/tcp/selectiveAcks';
import { type Bench, ISNS, inState } from './harness';

/** Numbers from the peer's ISN: where a piece begins, and how many octets it has. */
type Piece = readonly [at: number, length: number];
type Edges = readonly [left: number, right: number];

describe.each(ISNS)('selective acknowledgments (RFC 2018 section 4), %s', (_name, iss, peerIss) => {
  const at = (number: number): Seq => seqAdd(inState('ESTABLISHED', {}, iss, peerIss).peerIss, number);

  /** ESTABLISHED with SACK; these pieces are in the reassembly queue, and these blocks were reported before. */
  function holding(pieces: readonly Piece[], blocks: readonly Edges[] = [], config: Partial<HostConfig> = {}): Bench {
    const b = inState('ESTABLISHED', config, iss, peerIss);
    b.tcb.options.sack = true;
    b.tcb.reassembly = pieces.map(([from, lengthBytes]) => ({
      ...{ seq: at(from), octets: { kind: 'pattern', start: from, lengthBytes } as const, push: false },
    }));
    b.tcb.rcv.sacks = blocks.map(([left, right]): SackBlock => [at(left), at(right)]);
    return b;
  }

  const edges = (block: SackBlock): Edges => [seqDiff(block[0], at(0)), seqDiff(block[1], at(0))];
  const reported = (b: Bench): Edges[] => b.tcb.rcv.sacks.map(edges);

  const PIECES: readonly Piece[] = [
    [11, 10],
    [21, 10],
    [41, 10],
    [51, 10],
    [71, 10],
  ];

  it.each<[string, number, Edges[]]>([
    ['pieces that touch are one block', 11, [[11, 31]]],
    ['whichever of them came', 21, [[11, 31]]],
    ['its last octet', 30, [[11, 31]]],
    ['the next block', 41, [[41, 61]]],
    ['the last block', 71, [[71, 81]]],
    ['the last octet of all', 80, [[71, 81]]],
    ['a number before all', 10, []],
    ['a number between two', 31, []],
    ['a number behind all', 81, []],
  ])('%s', (_what, number, blocks) => {
    const b = holding(PIECES);
    noteHeld(b.tcb, at(number));
    expect(reported(b)).toEqual(blocks);
  });

  it('nothing is held', () => {
    const b = holding([]);
    noteHeld(b.tcb, at(11));
    expect(reported(b)).toEqual([]);
  });

  it.each<[string, Edges[], Edges[]]>([
    [
      'the block that changed last is first, the others follow',
      [
        [41, 61],
        [71, 81],
      ],
      [
        [11, 31],
        [41, 61],
        [71, 81],
      ],
    ],
    [
      'what it has grown over is not told twice',
      [
        [11, 21],
        [41, 61],
      ],
      [
        [11, 31],
        [41, 61],
      ],
    ],
    [
      'nor what it touches',
      [
        [31, 35],
        [5, 11],
        [41, 61],
      ],
      [
        [11, 31],
        [41, 61],
      ],
    ],
    [
      'what just does not touch it stays',
      [
        [32, 35],
        [5, 10],
      ],
      [
        [11, 31],
        [32, 35],
        [5, 10],
      ],
    ],
    [
      'four are remembered',
      [
        [41, 61],
        [71, 81],
        [91, 95],
        [101, 105],
      ],
      [
        [11, 31],
        [41, 61],
        [71, 81],
        [91, 95],
      ],
    ],
  ])('%s', (_what, before, after) => {
    const b = holding(PIECES, before);
    noteHeld(b.tcb, at(11));
    expect(reported(b)).toEqual(after);
  });

  it('without SACK nothing is noted', () => {
    const b = holding(PIECES);
    b.tcb.options.sack = false;
    noteHeld(b.tcb, at(11));
    noteDuplicate(b.tcb, at(1), at(5));
    expect([reported(b), b.tcb.rcv.dsack]).toEqual([[], null]);
  });

  it.each<[string, number, number, Edges[]]>([
    // The number of the FIN, and what came.
    ['a FIN takes the number after the text', 81, 71, [[71, 82]]],
    ['also when it comes by itself', 81, 81, [[71, 82]]],
    ['a FIN behind a gap is a block of its own', 91, 91, [[91, 92]]],
    ['text that does not reach it', 81, 41, [[41, 61]]],
    ['nothing is there', 91, 35, []],
  ])('%s', (_what, fin, number, blocks) => {
    const b = holding(PIECES);
    b.tcb.rcv.fin = at(fin);
    noteHeld(b.tcb, at(number));
    expect(reported(b)).toEqual(blocks);
  });

  it('what RCV.NXT has passed is forgotten', () => {
    const b = holding(
      [],
      [
        [41, 61],
        [11, 31],
        [12, 31],
      ],
    );
    b.tcb.rcv.nxt = at(11);
    forgetPassed(b.tcb);
    expect(reported(b)).toEqual([
      [41, 61],
      [12, 31],
    ]);
  });

  it.each<[string, Edges[], Edges, boolean]>([
    [
      'at the block that changed last',
      [
        [101, 111],
        [201, 211],
        [301, 311],
      ],
      [111, 121],
      false,
    ],
    [
      'before it',
      [
        [101, 111],
        [201, 211],
        [301, 311],
      ],
      [91, 101],
      false,
    ],
    [
      'at the second',
      [
        [101, 111],
        [201, 211],
        [301, 311],
      ],
      [205, 221],
      false,
    ],
    [
      'at the third',
      [
        [101, 111],
        [201, 211],
        [301, 311],
      ],
      [311, 321],
      true,
    ],
    [
      'at none of three',
      [
        [101, 111],
        [201, 211],
        [301, 311],
      ],
      [401, 411],
      true,
    ],
    [
      'at none of two',
      [
        [101, 111],
        [201, 211],
      ],
      [112, 121],
      true,
    ],
    ['at none of one', [[101, 111]], [401, 411], false],
    [
      'just not at the first',
      [
        [101, 111],
        [201, 211],
      ],
      [91, 100],
      true,
    ],
  ])('text %s is told at once (Linux: TCP_SACK_BLOCKS_EXPECTED)', (_what, blocks, [left, right], far) => {
    expect(isFarBlock(holding([], blocks).tcb, at(left), at(right))).toBe(far);
  });

  describe('what came twice (RFC 2883 section 4)', () => {
    it.each<[string, Edges, Edges | null]>([
      ['inside a piece', [13, 17], [13, 17]],
      ['from before one into it', [5, 15], [11, 15]],
      ['from inside one to beyond it', [55, 65], [55, 61]],
      ['over several: the first', [5, 100], [11, 21]],
      ['up to where one begins', [5, 11], null],
      ['from where one ends', [61, 71], null],
      ['beyond all', [81, 90], null],
    ])('%s', (_what, [left, right], wanted) => {
      const block = heldAlready(holding(PIECES).tcb.reassembly, at(left), at(right));
      expect(block === null ? null : edges(block)).toEqual(wanted);
    });

    it.each<[string, Partial<HostConfig>, Edges, Edges | null]>([
      ['is noted', {}, [5, 9], [5, 9]],
      ['not where nothing is', {}, [5, 5], null],
      ['not on a host that does not tell', { dsack: false }, [5, 9], null],
    ])('%s', (_what, config, [left, right], wanted) => {
      const b = holding([], [], config);
      noteDuplicate(b.tcb, at(left), at(right));
      expect(b.tcb.rcv.dsack === null ? null : edges(b.tcb.rcv.dsack)).toEqual(wanted);
    });

    it('is not in TIME-WAIT', () => {
      const b = inState('TIME-WAIT', {}, iss, peerIss);
      b.tcb.options.sack = true;
      noteDuplicate(b.tcb, at(1), at(2));
      expect(b.tcb.rcv.dsack).toBeNull();
    });
  });

  describe('the blocks of the next ACK (RFC 2018 section 3)', () => {
    const FOUR: Edges[] = [
      [11, 21],
      [31, 41],
      [51, 61],
      [71, 81],
    ];

    it.each<[string, Edges[], Edges | null, boolean, Edges[] | null]>([
      ['none', [], null, false, null],
      ['as they are', [[11, 21]], null, false, [[11, 21]]],
      ['four', FOUR, null, false, FOUR],
      ['three beside timestamps', FOUR, null, true, FOUR.slice(0, 3)],
      ['first what came twice', FOUR, [1, 5], false, [[1, 5], ...FOUR.slice(0, 3)]],
      ['that alone', [], [1, 5], false, [[1, 5]]],
    ])('%s', (_what, blocks, dsack, timestamps, wanted) => {
      const b = holding([], blocks);
      b.tcb.options.timestamps = timestamps;
      b.tcb.rcv.dsack = dsack === null ? null : [at(dsack[0]), at(dsack[1])];
      expect(sackBlocks(b.tcb)?.map(edges) ?? null).toEqual(wanted);
    });
  });
});
