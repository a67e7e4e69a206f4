import { describe, expect, it } from 'vitest';
import type { HostConfig } from '../../../src/engine/config';
import { LINUX } from '../../../src/engine/profiles/linux';
import { seqAdd, seqDiff } from '../../../src/engine/seq';
import type { TcpState } from '../../../src/engine/states';
import {
  finMayGo,
  largestWindow,
  leavingNow,
  mayReceiveData,
  maySendData,
  nagleHolds,
  openReceiveWindow,
  sendableBytes,
  unsentBytes,
  usableWindow,
  windowUpdate,
} from '../../../src/engine/tcp/windows';
import { bench, inState, send, sent } from './harness';

const CLOSING = { rule: 'close-established', line: null, trigger: { kind: 'network' } } as const;

interface Sending {
  queued: number;
  wnd?: number;
  maxWnd?: number;
  cwnd?: number;
  leaving?: number;
  small?: boolean;
  outstanding?: number;
  sackBlock?: boolean;
  config?: Partial<HostConfig>;
  state?: TcpState;
}

/** A connection with an MSS of 1460 that has `queued` octets to send. */
function sending({ queued, outstanding = 0, config = {}, state = 'ESTABLISHED', ...more }: Sending) {
  const { tcb, ...b } = inState('ESTABLISHED', config);
  if (outstanding > 0) {
    send({ tcb, ...b }, outstanding);
    sent({ tcb, ...b });
  }
  if (queued > 0) send({ tcb, ...b }, queued);
  const { snd } = tcb;
  tcb.state = state;
  snd.wnd = more.wnd ?? 60_000;
  snd.maxWnd = more.maxWnd ?? 60_000;
  tcb.congestion.cwndBytes = more.cwnd ?? 14_600;
  snd.leaving = seqAdd(snd.nxt, more.leaving ?? 0);
  snd.smallEnd = seqAdd(snd.una, more.small === true ? 1 : 0);
  if (more.sackBlock === true) {
    tcb.options.sack = true;
    tcb.rcv.sacks = [[seqAdd(tcb.rcv.nxt, 100), seqAdd(tcb.rcv.nxt, 200)]];
  }
  return tcb;
}

describe('how much the next segment may carry (RFC 9293 section 3.8.6.2.1, MUST-38)', () => {
  it.each([
    ['nothing is queued', { queued: 0 }, 0],
    ['the window is closed', { queued: 100, wnd: 0 }, 0],
    ['the window has shrunk', { queued: 100, outstanding: 200, wnd: 100 }, 0],
    ['(1) a full segment', { queued: 5000 }, 1460],
    ['(1) just one', { queued: 1460 }, 1460],
    ['(1) although Nagle holds', { queued: 1460, outstanding: 10, config: { nagle: true } }, 1460],
    ['(2) all that is queued', { queued: 1459 }, 1459],
    ['(2) it fills the window', { queued: 499, wnd: 499 }, 499],
    ['(2) but not while Nagle holds', { queued: 100, outstanding: 2000, config: { nagle: true } }, 0],
    ['(2) Nagle with nothing outstanding', { queued: 100, config: { nagle: true } }, 100],
    ['(2) without Nagle', { queued: 100, outstanding: 2000 }, 100],
    ['(3) half the largest window', { queued: 500, wnd: 499, maxWnd: 998 }, 499],
    ['(3) less than half', { queued: 500, wnd: 499, maxWnd: 999 }, 0],
    ['cwnd holds a full segment', { queued: 5000, cwnd: 1460 }, 1460],
    ['cwnd does not', { queued: 5000, cwnd: 1459 }, 0],
    ['cwnd holds a small one', { queued: 100, cwnd: 100 }, 100],
    ['cwnd does not', { queued: 100, cwnd: 99 }, 0],
    ['cwnd in segments holds one', { queued: 100, cwnd: 1460, config: { countsSegments: true } }, 100],
    ['cwnd in segments does not', { queued: 100, cwnd: 1459, config: { countsSegments: true } }, 0],
    ['it left during the call', { queued: 1000, leaving: 300, cwnd: 0, config: { sendsDuringCalls: true } }, 300],
    ['as far as the window goes', { queued: 1000, leaving: 300, wnd: 200, config: { sendsDuringCalls: true } }, 200],
    ['one segment of it', { queued: 5000, leaving: 2000, config: { sendsDuringCalls: true } }, 1460],
    ['a host whose calls do not send', { queued: 1000, leaving: 300 }, 1000],
  ] as [string, Sending, number][])('%s', (_name, given, wanted) => {
    expect(sendableBytes(sending(given))).toBe(wanted);
  });

  it.each([
    [0, false, true, false],
    [2000, false, false, true],
    [2000, true, false, false],
    [2000, true, true, true],
  ])(
    'Nagle with %i octets outstanding, for small ones only %s, one is small %s: %s',
    (outstanding, nagleSmallOnly, small, wanted) => {
      const tcb = sending({ queued: 100, outstanding, small, config: { nagleSmallOnly } });
      expect(nagleHolds(tcb)).toBe(wanted);
    },
  );

  it('U may be negative, D may not (MUST-34)', () => {
    const tcb = sending({ queued: 0, outstanding: 1000, wnd: 400 });
    expect([usableWindow(tcb), unsentBytes(tcb)]).toEqual([-600, 0]);
    tcb.snd.nxt = seqAdd(tcb.snd.nxt, 1);
    expect(unsentBytes(tcb)).toBe(0);
    tcb.snd.nxt = seqAdd(tcb.snd.nxt, -5);
    expect(unsentBytes(tcb)).toBe(4);
  });

  it('nothing is unsent before ISS is chosen', () => {
    const b = bench();
    send(b, 100);
    b.tcb.sendQueue.endPosition = 100;
    expect(unsentBytes(b.tcb)).toBe(0);
  });
});

describe('what leaves during the call that queued it', () => {
  const nagle = { nagle: true, nagleSmallOnly: true };
  it.each([
    ['a small segment', { queued: 1000 }, 1000],
    ['full ones and the rest', { queued: 3000 }, 3000],
    ['full ones', { queued: 2920 }, 2920],
    ['as far as the window goes, no small one', { queued: 3000, wnd: 2000 }, 1460],
    ['as many as cwnd holds', { queued: 5000, cwnd: 1460 }, 1460],
    ['cwnd has no room for the rest', { queued: 3000, cwnd: 4379 }, 2920],
    ['cwnd has', { queued: 3000, cwnd: 4380 }, 3000],
    ['the window has shrunk', { queued: 1000, outstanding: 200, wnd: 100 }, 0],
    ['after what left before', { queued: 3000, leaving: 1460 }, 3000],
    ['which takes of cwnd', { queued: 3000, leaving: 1460, cwnd: 2920 }, 2920],
    ['a small one takes a whole segment', { queued: 3000, leaving: 1500, cwnd: 2920 }, 1500],
    ['of cwnd', { queued: 3000, leaving: 1500, cwnd: 4380 }, 2960],
    ['nothing beyond cwnd', { queued: 3000, leaving: 1460, cwnd: 0 }, 1460],
    ['Nagle: a small one while none is on its way', { queued: 3000, config: nagle }, 3000],
    ['Nagle: while one is', { queued: 3000, small: true, config: nagle }, 2920],
    ['Nagle: after one that left before', { queued: 3000, leaving: 100, config: nagle }, 1560],
    ['Nagle: after full ones that left before', { queued: 3000, leaving: 1460, config: nagle }, 3000],
    ['Nagle for every small one', { queued: 3000, config: { nagle: true } }, 2920],
    ['no Nagle: after one that left before', { queued: 3000, leaving: 100, small: true }, 3000],
    ['no data may leave any more', { queued: 1000, leaving: 300, state: 'FIN-WAIT-2' }, 300],
    ['bytes of cwnd beside a SACK block', { queued: 5000, cwnd: 2896, sackBlock: true }, 2896],
    ['segments of cwnd', { queued: 5000, cwnd: 2896, sackBlock: true, config: { countsSegments: true } }, 1448],
  ] as [string, Sending, number][])('%s', (_name, given, wanted) => {
    const tcb = sending(given);
    expect(seqDiff(leavingNow(tcb), tcb.snd.nxt)).toBe(wanted);
  });

  it.each([
    ['the application has not closed', { queued: 0 }, false, false],
    ['it may', { queued: 0, wnd: 1 }, true, true],
    ['octets are left', { queued: 1 }, true, false],
    ['the window has no room', { queued: 0, wnd: 0 }, true, false],
  ] as [string, Sending, boolean, boolean][])('the FIN: %s', (_name, given, closed, wanted) => {
    const tcb = sending(given);
    tcb.owed.fin = closed ? CLOSING : null;
    expect(finMayGo(tcb)).toBe(wanted);
  });

  it.each([
    ['CLOSED', false, false, false],
    ['LISTEN', false, false, false],
    ['SYN-SENT', false, false, false],
    ['SYN-RECEIVED', false, false, false],
    ['ESTABLISHED', true, true, true],
    ['FIN-WAIT-1', true, false, true],
    ['FIN-WAIT-2', true, false, false],
    ['CLOSE-WAIT', false, true, true],
    ['CLOSING', false, false, true],
    ['LAST-ACK', false, false, false],
    ['TIME-WAIT', false, false, false],
  ] as const)(
    '%s: text may come %s, data may leave %s, and with a FIN that waits %s',
    (state, receives, sends, sendsFin) => {
      const { tcb } = inState('ESTABLISHED');
      tcb.state = state;
      expect([mayReceiveData(state), maySendData(tcb)]).toEqual([receives, sends]);
      tcb.owed.fin = CLOSING;
      expect(maySendData(tcb)).toBe(sendsFin);
    },
  );
});

describe('the receive window (RFC 9293 section 3.8.6.2.2, MUST-39)', () => {
  it.each([
    [10_000, null, 0, 10_000],
    [1_000_000, null, 0, 65_535],
    [1_000_000, null, 2, 262_140],
    [10_000, 3000, 0, 3000],
    [10_000, 30_000, 0, 10_000],
  ])(
    'a buffer of %i, a clamp of %s and a shift of %i: at most %i',
    (rcvbufBytes, windowClampBytes, rcvShift, wanted) => {
      const { tcb } = bench({ rcvbufBytes, windowClampBytes });
      tcb.options.rcvShift = rcvShift;
      expect(largestWindow(tcb)).toBe(wanted);
    },
  );

  it.each([
    // buffer, waiting, shift, RCV.WND before and after
    [10_000, 0, 0, 8540, 10_000],
    [10_000, 0, 0, 8541, 8541],
    [10_000, 1000, 0, 7540, 9000],
    [10_000, 1000, 0, 7541, 7541],
    [2000, 0, 0, 1000, 2000],
    [2000, 0, 0, 1001, 1001],
    // Told in steps of 256: 8703 is 8448, 8704 is 8704.
    [10_160, 0, 8, 8703, 10_160],
    [10_160, 0, 8, 8704, 8704],
    // What was told is never taken back.
    [200, 0, 8, 255, 255],
    [100, 500, 0, 0, 0],
  ])('buffer %i, %i octets wait, shift %i: %i becomes %i', (rcvbufBytes, waiting, rcvShift, before, after) => {
    const { tcb } = inState('ESTABLISHED', { rcvbufBytes });
    tcb.options.rcvShift = rcvShift;
    tcb.receiveBuffer.bytes = waiting;
    tcb.rcv.wnd = before;
    openReceiveWindow(tcb);
    expect(tcb.rcv.wnd).toBe(after);
  });

  it('is not opened so where memory is counted', () => {
    const { tcb } = inState('ESTABLISHED', { receiveMemory: LINUX.receiveMemory });
    tcb.rcv.wnd = 10;
    openReceiveWindow(tcb);
    expect(tcb.rcv.wnd).toBe(10);
  });

  it.each([
    // buffer, waiting, window, what the remote TCP was told, state
    ['two segments more', 10_000, 0, 10_000, 7080, 'ESTABLISHED', true],
    ['less than that', 10_000, 0, 10_000, 7081, 'ESTABLISHED', false],
    ['half the buffer more', 4000, 0, 4000, 2000, 'ESTABLISHED', true],
    ['less than that', 4000, 0, 4000, 2001, 'ESTABLISHED', false],
    ['it has no room for a segment', 10_000, 8000, 2000, 1459, 'ESTABLISHED', true],
    ['it has', 10_000, 8000, 2000, 1460, 'ESTABLISHED', false],
    ['it has no room for half the buffer', 2000, 900, 1100, 999, 'ESTABLISHED', true],
    ['it has', 2000, 900, 1100, 1000, 'ESTABLISHED', false],
    ['nothing is new', 10_000, 9900, 100, 100, 'ESTABLISHED', false],
    ['one octet is', 10_000, 9900, 101, 100, 'ESTABLISHED', true],
    ['in FIN-WAIT-2', 10_000, 0, 10_000, 7080, 'FIN-WAIT-2', true],
    ['nothing can come any more', 10_000, 0, 10_000, 7080, 'CLOSE-WAIT', false],
  ] as const)('reading is told: %s', (_name, rcvbufBytes, waiting, wnd, told, state, wanted) => {
    const { tcb, ctx } = inState('ESTABLISHED', { rcvbufBytes });
    tcb.state = state;
    tcb.receiveBuffer.bytes = waiting;
    tcb.rcv.wnd = wnd;
    tcb.rcv.adv = seqAdd(tcb.rcv.nxt, told);
    windowUpdate(tcb, ctx);
    expect(tcb.owed.ack?.rule ?? null).toBe(wanted ? 'window-update' : null);
    tcb.owed.ack = CLOSING;
    windowUpdate(tcb, ctx);
    expect(tcb.owed.ack).toBe(CLOSING);
  });

  it.each([
    ['more than a segment waits for its ACK', 537, 'ESTABLISHED', true],
    ['one segment does', 536, 'ESTABLISHED', false],
    ['nothing can come any more', 537, 'CLOSE-WAIT', false],
  ] as const)('where memory is counted: %s', (_name, unackedBytes, state, wanted) => {
    const { tcb, ctx } = inState('ESTABLISHED', { receiveMemory: LINUX.receiveMemory });
    tcb.state = state;
    tcb.rcv.unackedBytes = unackedBytes;
    tcb.memory.readsAtUs = 5;
    windowUpdate(tcb, ctx);
    expect(tcb.owed.ack?.rule ?? null).toBe(wanted ? 'ack-second-segment' : null);
    expect(tcb.memory.readsAtUs).toBe(Number.POSITIVE_INFINITY);
  });
});
