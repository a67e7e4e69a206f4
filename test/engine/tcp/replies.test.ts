import { describe, expect, it } from 'vitest';
import type { HostConfig } from '../../../src/engine/config';
import { NO_OCTETS, octetsFromText } from '../../../src/engine/octets';
import { LINUX } from '../../../src/engine/profiles/linux';
import { FLAG } from '../../../src/engine/segment';
import { seqAdd } from '../../../src/engine/seq';
import {
  oweAck,
  oweChallengeAck,
  replyEmpty,
  replyReset,
  replyWith,
  sendJoinedAck,
  sendReset,
} from '../../../src/engine/tcp/replies';
import { inState, peerSegment, rulesOf } from './harness';

const DUE = { rule: 'text-in-order', line: 3, trigger: { kind: 'network' } } as const;

const established = (config: Partial<HostConfig> = {}) => {
  const b = inState('ESTABLISHED', config);
  b.tcb.rcv.wnd = 5000;
  return b;
};

describe('resets (RFC 9293 section 3.5.2)', () => {
  it.each([
    ['ACK', { seq: 50, ack: 77, len: 10 }, { seq: 1077, ack: 0, flags: FLAG.RST }],
    ['', { seq: 50, len: 10 }, { seq: 0, ack: 5060, flags: FLAG.RST | FLAG.ACK }],
    ['SYN', { seq: 50 }, { seq: 0, ack: 5051, flags: FLAG.RST | FLAG.ACK }],
    ['FIN', { seq: 50, len: 10 }, { seq: 0, ack: 5061, flags: FLAG.RST | FLAG.ACK }],
  ])('the answer to <CTL=%s>', (names, fields, wanted) => {
    const b = established();
    const segment = peerSegment(b, names, fields);
    replyReset(b.tcb, segment, b.ctx, 'closed-answers-reset');
    const { source, destination } = segment;
    expect(b.tcb.owed.replies).toMatchObject([
      {
        segment: { ...wanted, source: destination, destination: source, wnd: 0, up: 0, ecn: 0, payload: NO_OCTETS },
        cause: { rule: 'closed-answers-reset' },
      },
    ]);
  });

  it.each([
    [false, { ack: 0, flags: FLAG.RST }],
    [true, { ack: 5001, flags: FLAG.RST | FLAG.ACK }],
  ])('the reset of ABORT acknowledges %s', (abortAcknowledges, wanted) => {
    const b = established({ abortAcknowledges });
    b.tcb.options.sack = true;
    b.tcb.rcv.sacks = [[seqAdd(b.tcb.rcv.nxt, 10), seqAdd(b.tcb.rcv.nxt, 20)]];
    sendReset(b.tcb, b.ctx, 'abort-reset');
    const { local: source, remote: destination } = b.tcb;
    expect(b.tcb.owed.replies).toMatchObject([
      {
        segment: { ...wanted, seq: 1001, wnd: 0, source, destination, options: {} },
        cause: { rule: 'abort-reset' },
      },
    ]);
    expect(b.tcb.owed.replies[0]?.segment.options.sack).toBeUndefined();
  });

  it.each([
    ['leaves before it when it was due before the application acted', true, DUE, 2, null],
    ['is not sent when it might have waited', false, DUE, 1, DUE],
    ['is not made up', true, null, 1, null],
  ])('an ACK %s', (_name, alone, ack, count, left) => {
    const b = established();
    b.tcb.pace.alone = alone;
    b.tcb.owed.ack = ack;
    sendReset(b.tcb, b.ctx, 'abort-reset');
    expect(b.tcb.owed.replies).toHaveLength(count);
    expect(b.tcb.owed.ack).toBe(left);
    if (count === 2)
      expect(b.tcb.owed.replies[0]).toMatchObject({ segment: { seq: 1001, ack: 5001, flags: FLAG.ACK }, cause: DUE });
  });

  it('nobody is told where nobody is known', () => {
    const b = inState('LISTEN');
    b.tcb.owed.ack = DUE;
    b.tcb.pace.alone = true;
    sendReset(b.tcb, b.ctx, 'abort-reset');
    replyEmpty(b.tcb, b.tcb.snd.nxt, DUE, b.ctx);
    expect(b.tcb.owed).toMatchObject({ replies: [], ack: DUE });
  });
});

describe('ACKs', () => {
  it.each([
    [5000, 0, 5000],
    [65_536, 0, 65_535],
    [5007, 3, 625],
    [1_000_000, 2, 65_535],
  ])('tell a window of %i with a shift of %i as %i (RFC 7323 section 2.3)', (wnd, rcvShift, wanted) => {
    const b = established();
    b.tcb.rcv.wnd = wnd;
    b.tcb.options.rcvShift = rcvShift;
    const payload = octetsFromText('x');
    replyWith(b.tcb, seqAdd(b.tcb.snd.una, -1), payload, DUE, b.ctx);
    const { local: source, remote: destination } = b.tcb;
    const segment = { source, destination, seq: 1000, ack: 5001, flags: FLAG.ACK, wnd: wanted, up: 0, payload, ecn: 0 };
    expect(b.tcb.owed.replies).toMatchObject([{ segment, cause: DUE }]);
  });

  it('carry no octets where none are given, and SACK blocks where there are some', () => {
    const b = established();
    b.tcb.options.sack = true;
    b.tcb.rcv.sacks = [[seqAdd(b.tcb.rcv.nxt, 10), seqAdd(b.tcb.rcv.nxt, 20)]];
    replyEmpty(b.tcb, b.tcb.snd.nxt, DUE, b.ctx);
    expect(b.tcb.owed.replies).toMatchObject([{ segment: { seq: 1001, payload: NO_OCTETS } }]);
    expect(b.tcb.owed.replies[0]?.segment.options.sack).toHaveLength(1);
  });

  it.each([
    ['counted', LINUX.receiveMemory, 3000],
    ['not counted', null, 5000],
  ])('where memory is %s the window is chosen as they leave', (_name, receiveMemory, wanted) => {
    const b = established({ receiveMemory, delayedAckMaxUs: 200_000 });
    Object.assign(b.tcb.rcv, { wnd: receiveMemory === null ? 5000 : 1000, unackedBytes: 10 });
    Object.assign(b.tcb.memory, { clamp: 60_000, threshold: 3000 });
    b.tcb.options.rcvShift = 3;
    const before = { ...b.tcb.rcv };
    replyEmpty(b.tcb, b.tcb.snd.nxt, DUE, b.ctx);
    expect(b.tcb.rcv.wnd).toBe(wanted);
    Object.assign(b.tcb.rcv, before);
    oweAck(b.tcb, b.ctx, 'text-in-order');
    expect(b.tcb.rcv.wnd).toBe(wanted);
  });

  it.each([
    [null, false],
    [200_000, true],
  ])('that are owed leave before the application runs where a host paces them (%s): %s', (delayedAckMaxUs, alone) => {
    const b = established({ delayedAckMaxUs });
    b.ctx.line = 4;
    oweAck(b.tcb, b.ctx, 'text-in-order');
    expect(b.tcb.owed.ack).toMatchObject({ rule: 'text-in-order', line: 4 });
    expect(b.tcb.pace.alone).toBe(alone);
  });

  it('one that stands for several leaves, and nothing waits any longer', () => {
    const b = established();
    b.tcb.pace.joined = 4;
    b.tcb.timers['delayed-ack'] = 1_000_000;
    sendJoinedAck(b.tcb, b.ctx);
    expect(b.tcb.pace.joined).toBe(0);
    expect(b.tcb.timers['delayed-ack']).toBe(Number.POSITIVE_INFINITY);
    expect(rulesOf(b, 'timer-stopped')).toEqual(['delayed-ack-stop']);
    expect(b.tcb.owed.replies).toMatchObject([
      { segment: { seq: 1001, ack: 5001 }, cause: { rule: 'text-out-of-order' } },
    ]);
  });
});

describe('challenge ACKs (RFC 5961 section 7)', () => {
  const challenges = (config: Partial<HostConfig>, names: string, len: number, times: readonly number[]) => {
    const b = established(config);
    const segment = peerSegment(b, names, { len });
    const owed = times.map((nowUs) => {
      b.ctx.nowUs = nowUs;
      b.tcb.owed.ack = null;
      const result = oweChallengeAck(b.tcb, segment, b.ctx, 'syn-challenge-ack');
      expect(b.tcb.owed.ack !== null).toBe(result);
      return result;
    });
    expect(rulesOf(b, 'note')).toEqual(owed.filter((one) => !one).map(() => 'challenge-limit'));
    return owed;
  };
  const spaced = { invalidAckIntervalUs: 500_000 };
  const counted = { challengeAcksPerSecond: 2 };

  it.each([
    ['without a limit', {}, 'ACK', 0, [0, 0, 0], [true, true, true]],
    [
      'half a second apart',
      spaced,
      'ACK',
      0,
      [0, 499_999, 500_000, 999_999, 1_000_000],
      [true, false, true, false, true],
    ],
    ['text always gets one', spaced, 'ACK', 1, [0, 0, 0], [true, true, true]],
    ['but not with a SYN', spaced, 'SYN-ACK', 1, [0, 0], [true, false]],
    [
      'two in a second',
      counted,
      'ACK',
      0,
      [2_000_000, 2_000_001, 2_999_999, 3_000_000, 3_000_001, 3_000_002],
      [true, true, false, true, true, false],
    ],
    ['text does not count', counted, 'ACK', 1, [0, 0, 0], [true, true, true]],
  ] as [string, Partial<HostConfig>, string, number, number[], boolean[]][])(
    '%s',
    (_name, config, names, len, times, wanted) => {
      expect(challenges(config, names, len, times)).toEqual(wanted);
    },
  );
});
