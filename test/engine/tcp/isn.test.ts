import { describe, expect, it } from 'vitest';
import { seq, seqAdd, seqDiff } from '../../../src/engine/seq';
import { chooseIss, isnOffset } from '../../../src/engine/tcp/isn';
import { arrive, bench, connect, inState, rulesOf, sent } from './harness';

const A = { address: '10.0.0.1', port: 4000 };
const B = { address: '10.0.0.2', port: 80 };

describe('initial sequence numbers (RFC 6528 section 3)', () => {
  it('depend on all four parts of the connection and on the secret', () => {
    const offsets = [
      isnOffset(A, B, 1),
      isnOffset(A, B, 2),
      isnOffset({ ...A, port: 4001 }, B, 1),
      isnOffset(A, { ...B, port: 81 }, 1),
      isnOffset({ ...A, address: '10.0.0.3' }, B, 1),
      isnOffset(B, A, 1),
    ];
    expect(new Set(offsets).size).toBe(offsets.length);
    expect(offsets.every((offset) => Number.isInteger(offset) && offset >= 0 && offset < 2 ** 32)).toBe(true);
    expect(isnOffset(A, B, 1)).toBe(offsets[0]);
  });

  it('spread over the whole space', () => {
    const high = Array.from({ length: 1000 }, (_, port) => isnOffset({ ...A, port }, B, 7) > 2 ** 31).filter(Boolean);
    expect(high.length).toBeGreaterThan(400);
    expect(high.length).toBeLessThan(600);
  });

  it('follow the clock of 4 microseconds', () => {
    const early = bench({ isn: null });
    connect(early);
    const late = bench({ isn: null });
    late.ctx.nowUs = 4_000_000;
    connect(late);
    expect(seqDiff(late.tcb.snd.una, early.tcb.snd.una)).toBe(1_000_000);
  });

  it('differ from one remote socket to the next (MUST-9)', () => {
    const choose = (remote: typeof B | null): number => {
      const b = bench({ isn: null });
      b.tcb.remote = remote;
      return chooseIss(b.tcb, b.ctx);
    };
    expect(new Set([choose(null), choose(B), choose({ ...B, port: 81 })]).size).toBe(3);
    expect(choose(B)).toBe(isnOffset(A, B, bench().ctx.isnSecret));
  });

  it.each([
    // Microseconds since the first connection chose ISS = 1000, and the number after the last it used: the next ISS.
    [4000, 1001, 2000],
    [4003, 1001, 2000],
    [4000, 2000, 2000],
    [4000, 2001, 2002],
    [4000, 90_000, 90_001],
  ])(
    'of a later connection follow the clock, beyond what the last one used: %i µs, %i (MAY-2)',
    (afterUs, used, iss) => {
      const b = bench();
      b.ctx.nowUs = 1_000_000;
      expect(chooseIss(b.tcb, b.ctx)).toBe(1000);
      b.tcb.snd.max = seq(used);
      b.ctx.nowUs += afterUs;
      expect(chooseIss(b.tcb, b.ctx)).toBe(iss);
    },
  );

  it('wrap as the clock does', () => {
    const b = bench({}, 2 ** 32 - 1);
    chooseIss(b.tcb, b.ctx);
    b.tcb.snd.max = seqAdd(seq(2 ** 32 - 1), 1);
    b.ctx.nowUs += 8;
    expect(chooseIss(b.tcb, b.ctx)).toBe(1);
  });
});

describe('the limit of challenge ACKs (RFC 5961 section 7)', () => {
  it('lets so many out in a second, and no more', () => {
    const b = inState('ESTABLISHED', { challengeAcksPerSecond: 2 });
    const challenge = (): string[] => {
      arrive(b, 'RST', { seq: 50 });
      return sent(b);
    };
    expect([challenge(), challenge(), challenge()]).toEqual([['ACK seq 1 ack 1'], ['ACK seq 1 ack 1'], []]);
    expect(rulesOf(b, 'note')).toEqual(['challenge-limit']);
    b.ctx.nowUs += 1_000_000;
    expect(challenge()).toEqual(['ACK seq 1 ack 1']);
  });
});
