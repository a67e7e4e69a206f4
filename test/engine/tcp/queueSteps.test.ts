import { describe, expect, it } from 'vitest';
import { octetsFromText, octetsToBytes } from '../../../src/engine/octets';
import { FLAG } from '../../../src/engine/segment';
import { seq, seqAdd } from '../../../src/engine/seq';
import {
  cloneRetransmissionQueue,
  createRetransmissionQueue,
  entryAt,
  flushRetransmissionQueue,
  front,
  joinEntries,
  nothingOutstanding,
  outstandingSegments,
  pushSent,
  type RetransmissionQueue,
  replaceEntry,
  type SentSegment,
  shiftAcknowledged,
} from '../../../src/engine/tcp/retransmissionQueue';
import {
  acknowledge,
  cloneSendQueue,
  createSendQueue,
  enqueue,
  flushSendQueue,
  queuedBytes,
  queueEnd,
  type SendQueue,
  stretch,
} from '../../../src/engine/tcp/sendQueue';

const PLAIN: Omit<SentSegment, 'seq'> = {
  lengthBytes: 10,
  flags: 0,
  sentAtUs: 0,
  order: 0,
  transmissions: 1,
  line: null,
  sacked: false,
  lost: false,
  resent: false,
};

/** Segments of these lengths, one after the other from 100 on. */
function sentQueue(...segments: (Partial<SentSegment> & { lengthBytes: number })[]): RetransmissionQueue {
  const queue = createRetransmissionQueue();
  let at = seq(100);
  for (const segment of segments) {
    pushSent(queue, { ...PLAIN, ...segment, seq: at });
    at = seqAdd(at, segment.lengthBytes);
  }
  return queue;
}

/** Without the bounds of `queueMarks.ts`, which say nothing new. */
const sums = ({
  entries: _entries,
  head: _head,
  resendFrom: _resendFrom,
  judgedTo: _judgedTo,
  sackedTo: _sackedTo,
  told: _told,
  ...rest
}: RetransmissionQueue) => rest;
const NOTHING = sums(createRetransmissionQueue());

describe('the sums of the retransmission queue', () => {
  const marked = () =>
    sentQueue(
      { lengthBytes: 10 },
      { lengthBytes: 20, sacked: true },
      { lengthBytes: 30, lost: true },
      { lengthBytes: 40, lost: true, resent: true },
    );
  const ALL = {
    bytes: 100,
    sackedBytes: 20,
    sackedSegments: 1,
    lostBytes: 70,
    lostSegments: 2,
    resentBytes: 40,
    resentSegments: 1,
  };

  it('count each mark, in bytes and in segments', () => {
    expect(sums(marked())).toEqual(ALL);
    expect(NOTHING).toEqual({ ...ALL, ...Object.fromEntries(Object.keys(ALL).map((name) => [name, 0])) });
  });

  it('follow what is replaced', () => {
    const queue = marked();
    const sent = entryAt(queue, 3);
    if (sent === null) throw new Error('no entry');
    replaceEntry(queue, 3, { ...sent, sacked: true, lost: false, resent: false });
    expect(sums(queue)).toEqual({
      ...ALL,
      sackedBytes: 60,
      sackedSegments: 2,
      lostBytes: 30,
      lostSegments: 1,
      resentBytes: 0,
      resentSegments: 0,
    });
  });

  it('follow what is acknowledged, up to nothing', () => {
    const queue = marked();
    expect(shiftAcknowledged(queue, seq(109))).toBeNull();
    expect(shiftAcknowledged(queue, seq(110))?.lengthBytes).toBe(10);
    expect(shiftAcknowledged(queue, seq(160))?.sacked).toBe(true);
    expect(sums(queue)).toEqual({ ...ALL, bytes: 70, sackedBytes: 0, sackedSegments: 0 });
    expect([outstandingSegments(queue), nothingOutstanding(queue)]).toEqual([2, false]);
    expect(entryAt(queue, 1)?.lengthBytes).toBe(40);
    expect(entryAt(queue, 2)).toBeNull();
    shiftAcknowledged(queue, seq(200));
    shiftAcknowledged(queue, seq(200));
    expect(sums(queue)).toEqual(NOTHING);
    expect([outstandingSegments(queue), nothingOutstanding(queue), front(queue)]).toEqual([0, true, null]);
    expect(shiftAcknowledged(queue, seq(200))).toBeNull();
    expect(queue).toMatchObject({ entries: [], head: 0 });
  });

  it('are of a copy as of the queue, and each lives on its own', () => {
    const queue = marked();
    shiftAcknowledged(queue, seq(110));
    const copy = cloneRetransmissionQueue(queue);
    expect(sums(copy)).toEqual(sums(queue));
    expect([copy.head, copy.entries.length]).toEqual([0, 3]);
    shiftAcknowledged(copy, seq(200));
    expect([outstandingSegments(copy), outstandingSegments(queue)]).toEqual([2, 3]);
    flushRetransmissionQueue(queue);
    expect([outstandingSegments(queue), outstandingSegments(copy)]).toEqual([0, 2]);
    expect(sums(queue)).toEqual(NOTHING);
  });

  it('dropped entries give their memory back once they are the greater half, and more than 64', () => {
    const queue = sentQueue(...Array.from({ length: 200 }, () => ({ lengthBytes: 10 })));
    const heads: number[] = [];
    for (let acked = 1; acked <= 101; acked++) {
      shiftAcknowledged(queue, seq(100 + 10 * acked));
      heads.push(queue.head);
    }
    expect([heads[63], heads[64], heads[99], heads[100]]).toEqual([64, 65, 100, 0]);
    expect([queue.entries.length, outstandingSegments(queue)]).toEqual([99, 99]);
    const short = sentQueue(...Array.from({ length: 70 }, () => ({ lengthBytes: 10 })));
    for (let acked = 1; acked <= 64; acked++) shiftAcknowledged(short, seq(100 + 10 * acked));
    expect([short.head, short.entries.length]).toEqual([64, 70]);
    shiftAcknowledged(short, seq(750));
    expect([short.head, short.entries.length]).toEqual([0, 5]);
  });
});

describe('segments that are sent again together', () => {
  it.each<[string, (Partial<SentSegment> & { lengthBytes: number })[], number, number, number[]]>([
    ['as far as there is room', [{ lengthBytes: 10 }, { lengthBytes: 20 }, { lengthBytes: 30 }], 0, 59, [30, 30]],
    ['up to the last octet', [{ lengthBytes: 10 }, { lengthBytes: 20 }, { lengthBytes: 30 }], 0, 60, [60]],
    ['from the second on', [{ lengthBytes: 10 }, { lengthBytes: 20 }, { lengthBytes: 30 }], 1, 99, [10, 50]],
    [
      'not what was SACKed',
      [{ lengthBytes: 10 }, { lengthBytes: 20, sacked: true }, { lengthBytes: 5 }],
      0,
      99,
      [10, 20, 5],
    ],
    ['a FIN takes no room', [{ lengthBytes: 10 }, { lengthBytes: 21, flags: FLAG.FIN }], 0, 30, [31]],
    ['an octet beside a FIN does', [{ lengthBytes: 10 }, { lengthBytes: 22, flags: FLAG.FIN }], 0, 30, [10, 22]],
    ['the last has none after it', [{ lengthBytes: 10 }], 0, 99, [10]],
    ['nothing at all', [], 0, 99, []],
  ])('%s', (_name, segments, index, most, lengths) => {
    const queue = sentQueue(...segments);
    joinEntries(queue, index, most);
    expect(queue.entries.map(({ lengthBytes }) => lengthBytes)).toEqual(lengths);
    expect(queue.bytes).toBe(lengths.reduce((sum, bytes) => sum + bytes, 0));
  });

  it('bear the control bits of all, and count as one', () => {
    const queue = sentQueue(
      { lengthBytes: 5 },
      { lengthBytes: 10, flags: FLAG.PSH },
      { lengthBytes: 4, flags: FLAG.FIN },
    );
    shiftAcknowledged(queue, seq(105));
    joinEntries(queue, 0, 99);
    expect(outstandingSegments(queue)).toBe(1);
    expect(front(queue)).toMatchObject({ seq: 105, lengthBytes: 14, flags: FLAG.PSH | FLAG.FIN });
  });

  it('a lost one that joins is no longer a loss of its own', () => {
    const queue = sentQueue({ lengthBytes: 10, lost: true }, { lengthBytes: 20, lost: true });
    joinEntries(queue, 0, 99);
    expect(sums(queue)).toEqual({ ...NOTHING, bytes: 30, lostBytes: 30, lostSegments: 1 });
  });
});

describe('the send queue, piece by piece', () => {
  /** `abc` of line 1, `def` of line 2 with PUSH, `ghi` of line 3; the first octet has the number 1. */
  function letters(): SendQueue {
    const queue = createSendQueue();
    queue.baseSeq = seq(1);
    enqueue(queue, octetsFromText('abc'), false, 1);
    enqueue(queue, octetsFromText('def'), true, 2);
    enqueue(queue, octetsFromText('ghi'), false, 3);
    return queue;
  }

  const piece = (queue: SendQueue, from: number, length: number): [string, boolean, number | null] => {
    const { octets, push, line } = stretch(queue, seq(from), length);
    return [new TextDecoder().decode(octetsToBytes(octets)), push, line];
  };

  it.each<[number, number, [string, boolean, number | null]]>([
    [1, 3, ['abc', false, 1]],
    [1, 2, ['ab', false, 1]],
    [2, 2, ['bc', false, 1]],
    [4, 3, ['def', true, 2]],
    [4, 2, ['de', false, 2]],
    [5, 2, ['ef', true, 2]],
    [2, 4, ['bcde', false, 1]],
    [2, 5, ['bcdef', true, 1]],
    [2, 6, ['bcdefg', true, 1]],
    [6, 2, ['fg', true, 2]],
    [7, 2, ['gh', false, 3]],
    [7, 3, ['ghi', true, 3]],
    [1, 9, ['abcdefghi', true, 1]],
    [3, 0, ['', false, null]],
    [3, -1, ['', false, null]],
  ])('from %i, %i octets', (from, length, expected) => {
    expect(piece(letters(), from, length)).toEqual(expected);
  });

  it('a stretch that ends where a SEND without PUSH ends is not pushed', () => {
    const queue = letters();
    enqueue(queue, octetsFromText('jkl'), false, 4);
    enqueue(queue, octetsFromText('m'), false, 5);
    expect(piece(queue, 7, 6)).toEqual(['ghijkl', false, 3]);
    expect(piece(queue, 7, 7)).toEqual(['ghijklm', true, 3]);
  });

  it('an empty queue has nothing', () => expect(piece(createSendQueue(), 0, 5)).toEqual(['', false, null]));

  it('a chunk is dropped as its last octet is acknowledged', () => {
    const queue = letters();
    acknowledge(queue, seq(3));
    expect([queue.head, queue.headPosition, queue.baseSeq]).toEqual([0, 2, 3]);
    acknowledge(queue, seq(4));
    expect([queue.head, queue.headPosition, queue.baseSeq]).toEqual([1, 3, 4]);
    acknowledge(queue, seq(2));
    expect([queue.head, queue.headPosition, queue.baseSeq]).toEqual([1, 3, 4]);
    expect(piece(queue, 4, 4)).toEqual(['defg', true, 2]);
    acknowledge(queue, seq(20));
    expect([queue.head, queuedBytes(queue), queueEnd(queue)]).toEqual([3, 0, 10]);
  });

  it('a copy lives on its own, and forgetting leaves it alone', () => {
    const queue = letters();
    acknowledge(queue, seq(4));
    queue.waiting = [{ untilPosition: 3, line: 1 }];
    const copy = cloneSendQueue(queue);
    expect([copy.head, copy.chunks.length, queuedBytes(copy)]).toEqual([0, 2, 6]);
    enqueue(copy, octetsFromText('x'), false, 4);
    expect(queuedBytes(queue)).toBe(6);
    flushSendQueue(queue);
    expect(queue).toEqual({ ...createSendQueue(), baseSeq: 4 });
    expect(piece(copy, 10, 1)).toEqual(['x', true, 4]);
    expect(createSendQueue().waiting).toEqual([]);
  });

  it('dropped chunks give their memory back once they are the greater half, and more than 64', () => {
    const queue = createSendQueue();
    for (let index = 0; index < 200; index++) enqueue(queue, octetsFromText('x'), false, index);
    const heads: number[] = [];
    for (let acked = 1; acked <= 101; acked++) {
      acknowledge(queue, seq(acked));
      heads.push(queue.head);
    }
    expect([heads[63], heads[64], heads[99], heads[100]]).toEqual([64, 65, 100, 0]);
    expect([queue.chunks.length, stretch(queue, seq(101), 1).line]).toEqual([99, 101]);
    const short = createSendQueue();
    for (let index = 0; index < 70; index++) enqueue(short, octetsFromText('x'), false, index);
    acknowledge(short, seq(64));
    expect([short.head, short.chunks.length]).toEqual([64, 70]);
    acknowledge(short, seq(65));
    expect([short.head, short.chunks.length]).toEqual([0, 5]);
  });
});
