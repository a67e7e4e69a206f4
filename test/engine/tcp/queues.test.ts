import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { octetsFromText, octetsLength, octetsToBytes } from '../../../src/engine/octets';
import { seq, seqAdd, seqDiff, seqLeq } from '../../../src/engine/seq';
import {
  type Block,
  blockEnd,
  createReassemblyQueue,
  insertBlock,
  type ReassemblyQueue,
  reassemblyBytes,
  takeNext,
} from '../../../src/engine/tcp/reassembly';
import { createReceiveBuffer, fill, take } from '../../../src/engine/tcp/receiveBuffer';
import {
  createRetransmissionQueue,
  firstFrom,
  front,
  outstandingSegments,
  pushSent,
  removeAcknowledged,
} from '../../../src/engine/tcp/retransmissionQueue';
import {
  acknowledge,
  createSendQueue,
  enqueue,
  queuedBytes,
  queueEnd,
  stretch,
} from '../../../src/engine/tcp/sendQueue';
import { arrive, ISNS, inState, receivedBytes, rulesOf, sent, statesEntered } from './harness';

/** The stretch of one long text from `start` to `end` as a block. */
const block = (base: number, start: number, end: number): Block => ({
  seq: seqAdd(seq(base), start),
  push: false,
  octets: { kind: 'pattern', start, lengthBytes: end - start },
});

const ranges = fc.array(
  fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 20 })).map(([start, length]) => [start, start + length] as const),
  { minLength: 1, maxLength: 12 },
);

describe('the reassembly queue', () => {
  it.each(ISNS)('holds each octet once, in order, whatever overlaps: %s', (_name, base) => {
    fc.assert(
      fc.property(ranges, (parts) => {
        const wanted = new Set<number>();
        let queue: ReassemblyQueue = createReassemblyQueue();
        for (const [start, end] of parts) {
          for (let i = start; i < end; i++) wanted.add(i);
          queue = insertBlock(queue, block(base, start, end));
        }
        const held: number[] = [];
        for (const { seq: at, octets } of queue) {
          const offset = seqDiff(at, seq(base));
          // The octets are those of their place: none was shifted.
          expect(octets).toMatchObject({ start: offset });
          for (let i = 0; i < octetsLength(octets); i++) held.push(offset + i);
        }
        expect(held).toEqual([...wanted].sort((a, b) => a - b));
        expect(reassemblyBytes(queue)).toBe(wanted.size);
      }),
    );
  });

  it('keeps the first copy of an octet', () => {
    const first: Block = { seq: seq(10), push: false, octets: octetsFromText('abc') };
    const second: Block = { seq: seq(8), push: false, octets: octetsFromText('XXXXXXX') };
    const queue = insertBlock(insertBlock(createReassemblyQueue(), first), second);
    const text = queue.map(({ octets }) => new TextDecoder().decode(octetsToBytes(octets))).join('');
    expect(text).toBe('XXabcXX');
  });

  it('gives out what joins up, and waits at a gap', () => {
    let queue = insertBlock(createReassemblyQueue(), block(0, 5, 10));
    expect(takeNext(queue, seq(4))).toBeNull();
    const taken = takeNext(queue, seq(7));
    expect(taken?.block).toEqual(block(0, 7, 10));
    queue = taken?.rest ?? queue;
    expect(queue).toEqual([]);
    expect(takeNext(insertBlock(queue, block(0, 1, 3)), seq(3))).toEqual({ block: null, rest: [] });
  });

  it('a block ends where the next number is', () => expect(blockEnd(block(2 ** 32 - 3, 0, 5))).toBe(2));
});

describe('the retransmission queue', () => {
  it.each(ISNS)('finds where the segments from a number on begin, also after some have gone: %s', (_name, base) => {
    const queue = createRetransmissionQueue();
    const marks = { transmissions: 1, sacked: false, lost: false, resent: false, line: null };
    for (let index = 0; index < 200; index++) {
      const at = { seq: seqAdd(seq(base), index * 10), lengthBytes: 10, flags: 0, sentAtUs: 0, order: index };
      pushSent(queue, { ...marks, ...at });
    }
    removeAcknowledged(queue, seqAdd(seq(base), 1000));
    const found = [0, 1000, 1001, 1010, 1995, 5000].map((left) => firstFrom(queue, seqAdd(seq(base), left)));
    expect(found).toEqual([0, 0, 1, 1, 100, 100]);
    expect(firstFrom(createRetransmissionQueue(), seq(base))).toBe(0);
  });
});

describe.each(ISNS)('out-of-order arrival, %s', (_name, iss, peerIss) => {
  it('is kept, asked for with duplicate ACKs, and delivered when the gap closes (SHLD-31, MUST-59)', () => {
    const b = inState('ESTABLISHED', {}, iss, peerIss);
    arrive(b, 'ACK', { seq: 101, len: 100 });
    arrive(b, 'FIN-ACK', { seq: 301, len: 100 });
    expect(sent(b)).toEqual(['ACK seq 1 ack 1']);
    expect(rulesOf(b, 'segment-queued')).toEqual(['text-out-of-order', 'text-out-of-order']);
    arrive(b, 'ACK', { seq: 1, len: 150 });
    expect(receivedBytes(b)).toBe(200);
    expect(sent(b)).toEqual(['ACK seq 1 ack 201']);
    arrive(b, 'ACK', { seq: 151, len: 200 });
    expect(receivedBytes(b)).toBe(400);
    expect(statesEntered(b)).toEqual(['CLOSE-WAIT']);
    expect(sent(b)).toEqual(['ACK seq 1 ack 402']);
  });

  it('a FIN ahead of a gap is remembered without octets', () => {
    const b = inState('ESTABLISHED', {}, iss, peerIss);
    arrive(b, 'FIN-ACK', { seq: 11 });
    expect(sent(b)).toEqual(['ACK seq 1 ack 1']);
    arrive(b, 'ACK', { len: 10 });
    expect(b.tcb.state).toBe('CLOSE-WAIT');
  });

  it('any order and overlap of segments gives the same octets', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(99), fc.integer({ min: 1, max: 40 })), { maxLength: 30 }), (pieces) => {
        const b = inState('ESTABLISHED', {}, iss, peerIss);
        const delivered: number[] = [];
        const sink = b.ctx.sink;
        b.ctx.sink = (event) => {
          if (event.kind === 'delivered') delivered.push(...octetsToBytes(event.octets));
          sink?.(event);
        };
        for (const [start, len] of pieces) {
          arrive(b, 'ACK', { seq: 1 + start, len: Math.min(len, 100 - start) });
        }
        arrive(b, 'ACK', { seq: 1, len: 100 });
        expect(delivered).toEqual(Array.from({ length: 100 }, (_, i) => i % 251));
        expect(b.tcb.reassembly).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the send queue', () => {
  it.each(ISNS)('cuts any stretch out of what is queued, whatever was acknowledged: %s', (_name, base) => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 100 }),
        fc.array(fc.nat(40), { maxLength: 100 }),
        (sizes, acks) => {
          const queue = createSendQueue();
          queue.baseSeq = seq(base);
          const text: number[] = [];
          for (const [i, size] of sizes.entries()) {
            const bytes = Uint8Array.from({ length: size }, (_, j) => (i * 31 + j) % 256);
            enqueue(queue, { kind: 'bytes', bytes }, false, i);
            text.push(...bytes);
          }
          let acked = 0;
          for (const more of acks) {
            acked = Math.min(text.length, acked + more);
            acknowledge(queue, seqAdd(seq(base), acked));
            expect(queuedBytes(queue)).toBe(text.length - acked);
            const from = Math.min(text.length, acked + (more >> 1));
            const to = Math.min(text.length, from + 25);
            const piece = stretch(queue, seqAdd(seq(base), from), to - from);
            expect([...octetsToBytes(piece.octets)]).toEqual(text.slice(from, to));
            if (to > from) expect(piece.push).toBe(to === text.length);
          }
          expect(queueEnd(queue)).toBe(seqAdd(seq(base), text.length));
        },
      ),
    );
  });

  it('names the line of the SEND that the first octet came from', () => {
    const queue = createSendQueue();
    enqueue(queue, octetsFromText('abc'), false, 4);
    enqueue(queue, octetsFromText('def'), false, 5);
    expect([stretch(queue, seq(2), 2).line, stretch(queue, seq(3), 2).line]).toEqual([4, 5]);
  });

  it('an ACK that counts a SYN or a FIN acknowledges no octet for it', () => {
    const queue = createSendQueue();
    queue.baseSeq = seq(1);
    enqueue(queue, octetsFromText('ab'), false, 1);
    acknowledge(queue, seq(1));
    expect(queuedBytes(queue)).toBe(2);
    acknowledge(queue, seq(4));
    expect(queuedBytes(queue)).toBe(0);
  });
});

describe('the retransmission queue', () => {
  it.each(ISNS)('loses exactly what is entirely acknowledged: %s', (_name, base) => {
    const queue = createRetransmissionQueue();
    for (let i = 0; i < 300; i++) {
      const at = seqAdd(seq(base), i * 10);
      pushSent(queue, {
        seq: at,
        lengthBytes: 10,
        flags: 0,
        sentAtUs: 0,
        order: i,
        transmissions: 1,
        line: null,
        sacked: false,
        lost: false,
        resent: false,
      });
    }
    for (let acked = 0; acked <= 3000; acked += 7) {
      const una = seqAdd(seq(base), acked);
      removeAcknowledged(queue, una);
      expect(outstandingSegments(queue)).toBe(300 - Math.floor(acked / 10));
      const first = front(queue);
      if (first !== null) expect(seqLeq(seqAdd(first.seq, 10), una)).toBe(false);
    }
  });
});

describe('the receive buffer', () => {
  it('hands out in order what was filled in, in any portions', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20), fc.nat(25)), { maxLength: 40 }), (steps) => {
        const buffer = createReceiveBuffer();
        let filled = 0;
        const out: number[] = [];
        for (const [more, less] of steps) {
          fill(buffer, { kind: 'pattern', start: filled, lengthBytes: more }, false);
          filled += more;
          out.push(...octetsToBytes(take(buffer, less)));
          expect(buffer.bytes).toBe(filled - out.length);
        }
        expect(out).toEqual(Array.from({ length: out.length }, (_, i) => i % 251));
        expect(buffer.takenBytes).toBe(out.length);
      }),
    );
  });
});
