import { describe, expect, it } from 'vitest';
import type { HostConfig } from '../../../src/engine/config';
import { seq, seqAdd, seqDiff } from '../../../src/engine/seq';
import { timestampAt } from '../../../src/engine/tcp/options';
import { takeTimestampSample, updateRecent, withTimestamp } from '../../../src/engine/tcp/timestamps';
import { type Bench, inState, type PeerSegment, peerSegment, rulesOf } from './harness';
import { notes } from './scene';

const RECENT = 5000;
const DAY = 86_400_000_000;

/** ESTABLISHED with timestamps: the latest TSval was 5000, octets up to 1000 have arrived, and it is 10 s. */
function stamped(config: Partial<HostConfig> = {}): Bench {
  const b = inState('ESTABLISHED', { timestamps: true, sack: true, ...config });
  Object.assign(b.tcb.options, { timestamps: true, sack: true, tsRecent: RECENT, tsRecentAtUs: 10_000_000 });
  b.tcb.rcv.nxt = seqAdd(b.peerIss, 1001);
  b.tcb.options.lastAckSent = b.tcb.rcv.nxt;
  b.ctx.nowUs = 10_000_000;
  b.events.length = 0;
  return b;
}

const at = (ts: number, fields: PeerSegment = {}): PeerSegment => ({ seq: 1001, ...fields, options: { ts: [ts, 1] } });

/** Whether the segment passes, and by which rule it is dropped. */
function paws(b: Bench, names: string, fields: PeerSegment): [boolean, ...string[]] {
  return [withTimestamp(b.tcb, peerSegment(b, names, fields), 1, b.ctx), ...rulesOf(b, 'segment-discarded')];
}

const PASSES = [true];
const OLD = [false, 'timestamp-old'];

describe('PAWS (RFC 7323 section 5.3, R1)', () => {
  it.each<[string, number, number, unknown[]]>([
    ['the same as the latest', RECENT, RECENT, PASSES],
    ['newer', RECENT, RECENT + 1, PASSES],
    ['older', RECENT, RECENT - 1, OLD],
    ['newer over the wrap', 2 ** 32 - 1, 0, PASSES],
    ['older over the wrap', 0, 2 ** 32 - 1, OLD],
    ['newer by less than half the circle', RECENT, RECENT + 2 ** 31 - 1, PASSES],
    ['older by half the circle', RECENT, RECENT + 2 ** 31, OLD],
  ])('a timestamp that is %s', (_what, recent, ts, wanted) => {
    const b = stamped();
    b.tcb.options.tsRecent = recent;
    expect(paws(b, 'ACK', at(ts))).toEqual(wanted);
    // "Send an acknowledgment in reply".
    expect(b.tcb.owed.ack?.rule ?? null).toBe(wanted === OLD ? 'timestamp-old' : null);
  });

  it('a reset is taken whatever its timestamp says (section 5.2)', () => {
    expect(paws(stamped(), 'RST', at(1))).toEqual(PASSES);
    expect(paws(stamped(), 'RST', { seq: 1001 })).toEqual(PASSES);
  });

  it('a segment without one is dropped in silence, where the host requires them (section 3.2)', () => {
    const strict = stamped();
    expect(paws(strict, 'ACK', { seq: 1001 })).toEqual([false, 'timestamp-missing']);
    expect(strict.tcb.owed.ack).toBeNull();
    expect(paws(stamped({ timestampsRequired: false }), 'ACK', { seq: 1001 })).toEqual(PASSES);
  });

  it('where they were not agreed on nothing is checked', () => {
    const b = stamped();
    b.tcb.options.timestamps = false;
    expect(paws(b, 'ACK', at(1))).toEqual(PASSES);
    expect(paws(b, 'ACK', { seq: 1001 })).toEqual(PASSES);
  });

  it('before the first there is nothing to compare with', () => {
    const b = stamped();
    b.tcb.options.tsRecent = null;
    expect(paws(b, 'ACK', at(1))).toEqual(PASSES);
  });

  it.each([
    [24 * DAY, OLD],
    [24 * DAY + 1, PASSES],
  ])('the latest is no longer believed after 24 days: %i µs (section 5.5)', (silentUs, wanted) => {
    const b = stamped();
    b.ctx.nowUs += silentUs;
    expect(paws(b, 'ACK', at(1))).toEqual(wanted);
  });

  it.each([
    [RECENT - 2, PASSES],
    [RECENT - 3, OLD],
  ])('with a slack of two ticks %i', (ts, wanted) => {
    expect(paws(stamped({ timestampSlackTicks: 2 }), 'ACK', at(ts))).toEqual(wanted);
  });

  it('text that came twice is reported as such, and ACKs are quick from then on', () => {
    const b = stamped({ delayedAckUs: 40_000, delayedAckMaxUs: 200_000, quickAcks: 16 });
    b.tcb.pace.quick = 0;
    expect(paws(b, 'ACK', at(1, { seq: 801, len: 300 }))).toEqual(OLD);
    expect(b.tcb.rcv.dsack?.map((edge) => seqDiff(edge, b.peerIss))).toEqual([801, 1001]);
    expect(b.tcb.pace.quick).toBeGreaterThan(0);
  });

  it('text above RCV.NXT has come once at most', () => {
    const b = stamped({ delayedAckUs: 40_000, delayedAckMaxUs: 200_000, quickAcks: 16 });
    b.tcb.pace.quick = 0;
    expect(paws(b, 'ACK', at(1, { seq: 1001, len: 300 }))).toEqual(OLD);
    expect([b.tcb.rcv.dsack, b.tcb.pace.quick]).toEqual([null, 0]);
  });

  it('an old ACK without text does not make ACKs quick', () => {
    const b = stamped({ delayedAckUs: 40_000, delayedAckMaxUs: 200_000, quickAcks: 16 });
    b.tcb.pace.quick = 0;
    paws(b, 'ACK', at(1, { seq: 901 }));
    expect(b.tcb.pace.quick).toBe(0);
  });

  it('what may not be answered now is not reported as a duplicate either', () => {
    const b = stamped({ challengeAcksPerSecond: 0 });
    expect(paws(b, 'FIN-ACK', at(1, { seq: 900 }))).toEqual([false, 'timestamp-old-unanswered']);
    expect([b.tcb.owed.ack, b.tcb.rcv.dsack, notes(b)]).toEqual([null, null, ['challenge-limit']]);
  });
});

describe('old ACKs that are spared (Linux: tcp_disordered_ack_check)', () => {
  const spared = (fields: PeerSegment, late: number, names = 'ACK'): unknown[] => {
    const b = stamped({ timestampSparesAcks: true });
    b.tcb.rto.rtoUs = 1_000_000;
    return [...paws(b, names, at(RECENT - late, fields)), b.tcb.owed.ack?.rule ?? null];
  };

  it.each<[string, PeerSegment, number, unknown[]]>([
    ['a duplicate that was overtaken by the RTO', {}, 1000, [true, null]],
    ['a duplicate that is later than that', {}, 1001, [...OLD, 'timestamp-old']],
    ['one that acknowledges something else', { ack: 0 }, 1, [...OLD, 'timestamp-old']],
    ['one from before RCV.NXT, dropped in silence', { seq: 1000 }, 1, [false, 'timestamp-old-ack', null]],
    ['one from beyond RCV.NXT', { seq: 1002 }, 1, [...OLD, 'timestamp-old']],
    ['one with text', { len: 1 }, 1, [...OLD, 'timestamp-old']],
  ])('%s', (_what, fields, late, wanted) => {
    expect(spared(fields, late)).toEqual(wanted);
  });

  it('a segment without ACK is none', () => {
    expect(spared({ seq: 1000 }, 1, '')).toEqual([...OLD, 'timestamp-old']);
  });

  it('other hosts drop and answer them all', () => {
    const b = stamped();
    expect(paws(b, 'ACK', at(RECENT - 1))).toEqual(OLD);
  });
});

describe('TS.Recent (RFC 7323 section 4.3)', () => {
  it.each<[string, number, number, number]>([
    ['a segment at Last.ACK.sent', 1001, RECENT + 5, RECENT + 5],
    ['a segment before it', 901, RECENT + 5, RECENT + 5],
    ['a segment beyond it', 1002, RECENT + 5, RECENT],
    ['an older timestamp', 1001, RECENT - 1, RECENT],
  ])('%s', (_what, number, ts, recent) => {
    const b = stamped();
    b.ctx.nowUs += 7;
    updateRecent(b.tcb, peerSegment(b, 'ACK', at(ts, { seq: number })), b.ctx);
    expect(b.tcb.options.tsRecent).toBe(recent);
    expect(b.tcb.options.tsRecentAtUs).toBe(recent === RECENT ? 10_000_000 : 10_000_007);
  });

  it('the same timestamp again is as good as new', () => {
    const b = stamped();
    b.ctx.nowUs += 7;
    updateRecent(b.tcb, peerSegment(b, 'ACK', at(RECENT)), b.ctx);
    expect(b.tcb.options.tsRecentAtUs).toBe(10_000_007);
  });

  it('the first one is taken, whatever it is', () => {
    const b = stamped();
    b.tcb.options.tsRecent = null;
    updateRecent(b.tcb, peerSegment(b, 'ACK', at(2 ** 32 - 1)), b.ctx);
    expect(b.tcb.options.tsRecent).toBe(2 ** 32 - 1);
  });

  it('stays where timestamps were not agreed on, or the segment has none', () => {
    const b = stamped();
    updateRecent(b.tcb, peerSegment(b, 'ACK', { seq: 1001 }), b.ctx);
    b.tcb.options.timestamps = false;
    updateRecent(b.tcb, peerSegment(b, 'ACK', at(RECENT + 5)), b.ctx);
    expect(b.tcb.options.tsRecent).toBe(RECENT);
  });
});

describe('RTTM (RFC 7323 section 4.1)', () => {
  /** SRTT in milliseconds after an ACK that echoes a timestamp of so many ticks ago. */
  function sample(ticksAgo: number, change: (b: Bench) => void = () => undefined): number | null {
    const b = stamped();
    b.tcb.rto.srttUs = null;
    b.tcb.rto.timing = null;
    change(b);
    const echo = timestampAt(b.ctx.nowUs) - ticksAgo;
    takeTimestampSample(b.tcb, peerSegment(b, 'ACK', { seq: 1001, options: { ts: [RECENT, echo] } }), b.ctx);
    return b.tcb.rto.srttUs === null ? null : b.tcb.rto.srttUs / 1000;
  }

  it.each([
    [40, 40],
    [1, 1],
    // Less than a tick is measured as one.
    [0, 1],
    // An echo from the future measures nothing.
    [-1, null],
    // Nor does an echo of 0: "none".
    [10_001, null],
  ])('an echo of %i ticks ago measures %s ms', (ticksAgo, ms) => expect(sample(ticksAgo)).toBe(ms));

  it('takes none while a segment is being timed: its own time is finer', () => {
    expect(sample(40, (b) => (b.tcb.rto.timing = { end: seq(1), sentAtUs: 0 }))).toBeNull();
  });

  it('takes none where timestamps were not agreed on, or the segment has none', () => {
    expect(sample(40, (b) => (b.tcb.options.timestamps = false))).toBeNull();
    const b = stamped();
    b.tcb.rto.srttUs = null;
    takeTimestampSample(b.tcb, peerSegment(b, 'ACK', { seq: 1001 }), b.ctx);
    expect(b.tcb.rto.srttUs).toBeNull();
  });
});
