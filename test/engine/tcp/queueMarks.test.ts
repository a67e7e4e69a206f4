import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seq, seqAdd, seqDiff } from '../../../src/engine/seq';
import { judgedSegments, lastSacked, noteJudged, oldestLost } from '../../../src/engine/tcp/queueMarks';
import {
  cloneRetransmissionQueue,
  createRetransmissionQueue,
  entryAt,
  flushRetransmissionQueue,
  joinEntries,
  outstandingSegments,
  pushSent,
  type RetransmissionQueue,
  replaceEntries,
  replaceEntry,
  type SentSegment,
  shiftAcknowledged,
} from '../../../src/engine/tcp/retransmissionQueue';

const LENGTH_BYTES = 10;
const PLAIN: Omit<SentSegment, 'seq'> = {
  lengthBytes: LENGTH_BYTES,
  flags: 0,
  sentAtUs: 0,
  order: 0,
  transmissions: 1,
  line: null,
  sacked: false,
  lost: false,
  resent: false,
};

const MARKS: readonly Partial<SentSegment>[] = [
  { sacked: false, lost: false, resent: false },
  { sacked: true, lost: false, resent: false },
  { sacked: false, lost: true, resent: false },
  { sacked: false, lost: true, resent: true },
];

/** What may happen to a queue, at an entry that a fraction from 0 to 1 names. */
const ACTS = ['push', 'mark', 'acknowledge', 'join', 'cut', 'judge', 'copy', 'flush'] as const;
const act = fc.record({
  kind: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('push' as const, 'mark' as const) },
    { weight: 1, arbitrary: fc.constantFrom(...ACTS) },
  ),
  where: fc.double({ min: 0, max: 0.999, noNaN: true }),
  mark: fc.constantFrom(...MARKS),
});

const live = (queue: RetransmissionQueue): SentSegment[] => queue.entries.slice(queue.head);

/** Does what is asked, if it can be; returns the queue that goes on. */
function perform(
  queue: RetransmissionQueue,
  { kind, where, mark }: typeof act extends fc.Arbitrary<infer A> ? A : never,
) {
  const index = Math.floor(where * outstandingSegments(queue));
  const sent = entryAt(queue, index);
  const last = entryAt(queue, outstandingSegments(queue) - 1);
  if (kind === 'flush') flushRetransmissionQueue(queue);
  if (kind === 'copy') return cloneRetransmissionQueue(queue);
  if (kind === 'push') {
    pushSent(queue, { ...PLAIN, seq: last === null ? seq(2 ** 32 - 500) : seqAdd(last.seq, last.lengthBytes) });
  }
  if (sent === null) return queue;
  if (kind === 'mark') replaceEntry(queue, index, { ...sent, ...mark });
  if (kind === 'acknowledge') while (shiftAcknowledged(queue, sent.seq) !== null);
  if (kind === 'join') joinEntries(queue, index, 3 * LENGTH_BYTES);
  if (kind === 'cut' && sent.lengthBytes > 1) {
    const half = sent.lengthBytes >> 1;
    const rest = { ...sent, seq: seqAdd(sent.seq, half), lengthBytes: sent.lengthBytes - half };
    replaceEntries(queue, index, 1, [{ ...sent, lengthBytes: half }, rest]);
  }
  if (kind === 'judge') {
    const open = live(queue).findIndex(({ sacked, lost }) => !sacked && !lost);
    noteJudged(queue, open < 0 ? outstandingSegments(queue) : open);
  }
  return queue;
}

describe('where the marked segments lie', () => {
  it('is what a search of the whole queue finds, whatever has happened to it', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 200 }), (acts) => {
        let queue = createRetransmissionQueue();
        for (const each of acts) {
          queue = perform(queue, each);
          const segments = live(queue);
          expect(oldestLost(queue)).toBe(segments.findIndex(({ lost, resent }) => lost && !resent));
          expect(lastSacked(queue)).toBe(segments.map(({ sacked }) => sacked).lastIndexOf(true));
          const judged = segments.slice(0, judgedSegments(queue));
          expect(judged.every(({ sacked, lost }) => sacked || lost)).toBe(true);
        }
      }),
      { seed: 9293, numRuns: 300 },
    );
  });

  it('is known without a search where nothing has changed', () => {
    const queue = createRetransmissionQueue();
    for (let i = 0; i < 1000; i++)
      pushSent(queue, { ...PLAIN, seq: seq(i * LENGTH_BYTES), sacked: i < 900, lost: i === 950 });
    expect([oldestLost(queue), lastSacked(queue)]).toEqual([950, 899]);
    expect([queue.resendFrom, queue.sackedTo]).toEqual([950, 900]);
    noteJudged(queue, 900);
    expect(judgedSegments(queue)).toBe(900);
    while (shiftAcknowledged(queue, seq(100 * LENGTH_BYTES)) !== null);
    expect([oldestLost(queue), lastSacked(queue), judgedSegments(queue)]).toEqual([850, 799, 800]);
    const front = entryAt(queue, 0);
    expect(front === null ? null : seqDiff(front.seq, seq(0))).toBe(100 * LENGTH_BYTES);
  });
});
