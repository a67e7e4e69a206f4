import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Seq } from '../../../src/engine/seq';
import { seqAdd } from '../../../src/engine/seq';
import { markLost } from '../../../src/engine/tcp/recovery/detect';
import { takeSackBlocks } from '../../../src/engine/tcp/recovery/scoreboard';
import { MSS, marks, newsOf, type Scene, scene } from './scene';

const SEGMENTS = 12;

/** Blocks in halves of a segment, so that some edges lie inside one; a loss may be seen between two ACKs. */
const ack = fc.record({
  blocks: fc.array(
    fc.tuple(fc.nat(2 * SEGMENTS), fc.nat(2 * SEGMENTS)).filter(([left, right]) => left < right),
    { minLength: 1, maxLength: 3 },
  ),
  lost: fc.option(fc.nat(SEGMENTS - 1)),
});

function told(b: Scene, blocks: readonly (readonly [number, number])[]): (readonly [Seq, Seq])[] {
  const at = (halves: number): Seq => seqAdd(b.at(0), (halves * MSS) / 2);
  return blocks.map(([left, right]) => [at(left), at(right)]);
}

it('blocks that an ACK told of before are marked as if they were new', () => {
  fc.assert(
    fc.property(fc.array(ack, { minLength: 1, maxLength: 8 }), (acks) => {
      const remembers = scene('.'.repeat(SEGMENTS), { sacks: true });
      const forgets = scene('.'.repeat(SEGMENTS), { sacks: true });
      for (const { blocks, lost } of acks) {
        const news = [remembers, forgets].map((b) => {
          const one = newsOf(b);
          if (lost !== null) markLost(b.tcb, lost);
          takeSackBlocks(b.tcb, told(b, blocks), b.at(0), one, b.ctx);
          return one;
        });
        forgets.tcb.retransmissionQueue.told = [];
        expect(news[0]).toEqual(news[1]);
        expect(marks(remembers)).toBe(marks(forgets));
      }
    }),
    { seed: 9293, numRuns: 500 },
  );
});
