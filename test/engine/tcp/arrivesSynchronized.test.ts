import { describe, expect, it } from 'vitest';
import { seqDiff } from '../../../src/engine/seq';
import type { TcpState } from '../../../src/engine/states';
import { nextTimer } from '../../../src/engine/tcp/connection';
import type { PeerSegment } from './harness';
import {
  arrive,
  bench,
  connect,
  ISNS,
  inState,
  receivedBytes,
  rulesOf,
  send,
  sendOne,
  sent,
  sentWithRules,
  signals,
  simultaneousSynReceived,
  statesEntered,
} from './harness';

const SYNCHRONIZED: readonly TcpState[] = [
  'ESTABLISHED',
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'CLOSE-WAIT',
  'CLOSING',
  'LAST-ACK',
  'TIME-WAIT',
];

/** SND.NXT, SND.UNA and RCV.NXT of each state of the harness, relative. */
const NUMBERS: Readonly<Record<string, { nxt: number; rcv: number }>> = {
  'SYN-RECEIVED': { nxt: 1, rcv: 1 },
  ESTABLISHED: { nxt: 1, rcv: 1 },
  'FIN-WAIT-1': { nxt: 2, rcv: 1 },
  'FIN-WAIT-2': { nxt: 2, rcv: 1 },
  'CLOSE-WAIT': { nxt: 1, rcv: 2 },
  CLOSING: { nxt: 2, rcv: 2 },
  'LAST-ACK': { nxt: 2, rcv: 2 },
  'TIME-WAIT': { nxt: 2, rcv: 2 },
};

const numbers = (state: TcpState): { nxt: number; rcv: number } => {
  const found = NUMBERS[state];
  if (found === undefined) throw new Error(`no numbers for ${state}`);
  return found;
};

describe.each(ISNS)('3.10.7.4, each check in each state, %s', (_name, iss, peerIss) => {
  const ALL: readonly TcpState[] = ['SYN-RECEIVED', ...SYNCHRONIZED];

  it.each(ALL)('first, %s: an old segment is dropped and acknowledged', (state) => {
    const { nxt, rcv } = numbers(state);
    const b = inState(state, {}, iss, peerIss);
    arrive(b, 'ACK', { seq: rcv - 40, len: 10 });
    expect(sentWithRules(b)).toEqual([`ACK seq ${nxt} ack ${rcv} (unacceptable-ack)`]);
    expect(rulesOf(b, 'segment-discarded')).toEqual(['unacceptable-ack']);
    expect(b.tcb.state).toBe(state);
  });

  it.each(ALL)('first, %s: a segment beyond the window is dropped and acknowledged', (state) => {
    const { nxt, rcv } = numbers(state);
    const b = inState(state, {}, iss, peerIss);
    arrive(b, 'ACK', { seq: rcv + 65_535, len: 10 });
    expect(sentWithRules(b)).toEqual([`ACK seq ${nxt} ack ${rcv} (unacceptable-ack)`]);
    expect(b.tcb.state).toBe(state);
  });

  it.each(ALL)('first, %s: a RST outside of the window is dropped in silence', (state) => {
    const { rcv } = numbers(state);
    for (const seq of [rcv - 1, rcv + 65_535]) {
      const b = inState(state, {}, iss, peerIss);
      arrive(b, 'RST', { seq });
      expect(sent(b)).toEqual([]);
      expect(rulesOf(b, 'segment-discarded')).toEqual(['reset-outside-window']);
      expect(b.tcb.state).toBe(state);
    }
  });

  it.each(ALL)('second, %s: a RST inside the window but not at RCV.NXT gets a challenge ACK', (state) => {
    const { nxt, rcv } = numbers(state);
    const b = inState(state, {}, iss, peerIss);
    arrive(b, 'RST', { seq: rcv + 1 });
    expect(sentWithRules(b)).toEqual([`ACK seq ${nxt} ack ${rcv} (reset-challenge-ack)`]);
    expect(b.tcb.state).toBe(state);
  });

  const RESET_SIGNALS: readonly (readonly [TcpState, readonly string[]])[] = [
    ['ESTABLISHED', ['connection reset']],
    ['FIN-WAIT-1', ['connection reset']],
    ['FIN-WAIT-2', ['connection reset']],
    ['CLOSE-WAIT', ['connection reset']],
    ['CLOSING', []],
    ['LAST-ACK', []],
    ['TIME-WAIT', []],
  ];
  it.each(RESET_SIGNALS)('second, %s: a RST at RCV.NXT closes, and tells %j', (state, told) => {
    const b = inState(state, {}, iss, peerIss);
    arrive(b, 'RST', { seq: numbers(state).rcv, len: 20 });
    expect(statesEntered(b)).toEqual(['CLOSED']);
    expect(signals(b)).toEqual(told);
    expect(sent(b)).toEqual([]);
    expect(nextTimer(b.tcb)).toBeNull();
  });

  it.each(SYNCHRONIZED)('fourth, %s: a SYN inside the window gets a challenge ACK', (state) => {
    const { nxt, rcv } = numbers(state);
    const b = inState(state, { timeWaitReuse: false }, iss, peerIss);
    arrive(b, 'SYN', { seq: rcv + 3 });
    expect(sentWithRules(b)).toEqual([`ACK seq ${nxt} ack ${rcv} (syn-challenge-ack)`]);
    expect(b.tcb.state).toBe(state);
  });

  it('fourth, SYN-RECEIVED by an active OPEN: as in the synchronized states', () => {
    const b = simultaneousSynReceived(iss, peerIss);
    arrive(b, 'SYN', { seq: 4 });
    expect(sentWithRules(b)).toEqual(['ACK seq 1 ack 1 (syn-challenge-ack)']);
    expect(b.tcb.state).toBe('SYN-RECEIVED');
  });

  it.each(ALL)('fifth, %s: a segment without ACK is dropped', (state) => {
    const b = inState(state, {}, iss, peerIss);
    arrive(b, '', { seq: numbers(state).rcv, len: 5 });
    expect(sent(b)).toEqual([]);
    expect(rulesOf(b, 'segment-discarded')).toEqual(['no-ack-dropped']);
    expect(receivedBytes(b)).toBe(0);
  });

  it.each(SYNCHRONIZED)('fifth, %s: an ACK of something not sent is dropped and acknowledged', (state) => {
    const { nxt, rcv } = numbers(state);
    const b = inState(state, {}, iss, peerIss);
    arrive(b, 'ACK', { seq: rcv, ack: nxt + 1, len: 5 });
    expect(sentWithRules(b)).toEqual([`ACK seq ${nxt} ack ${rcv} (ack-not-yet-sent)`]);
    expect(b.tcb.state).toBe(state);
    expect(receivedBytes(b)).toBe(0);
  });

  it.each(SYNCHRONIZED)(
    'fifth, %s: an ACK below SND.UNA - MAX.SND.WND is dropped and acknowledged (MAY-12)',
    (state) => {
      const { nxt, rcv } = numbers(state);
      const b = inState(state, {}, iss, peerIss);
      arrive(b, 'ACK', { seq: rcv, ack: -65_535, len: 5 });
      expect(sentWithRules(b)).toEqual([`ACK seq ${nxt} ack ${rcv} (ack-too-old)`]);
      expect(receivedBytes(b)).toBe(0);
    },
  );

  const ACK_MOVES: readonly (readonly [TcpState, TcpState])[] = [
    ['SYN-RECEIVED', 'ESTABLISHED'],
    ['ESTABLISHED', 'ESTABLISHED'],
    ['FIN-WAIT-1', 'FIN-WAIT-2'],
    ['FIN-WAIT-2', 'FIN-WAIT-2'],
    ['CLOSE-WAIT', 'CLOSE-WAIT'],
    ['CLOSING', 'TIME-WAIT'],
    ['LAST-ACK', 'CLOSED'],
    ['TIME-WAIT', 'TIME-WAIT'],
  ];
  it.each(ACK_MOVES)('fifth, %s: the ACK of all that was sent leads to %s', (from, to) => {
    const { nxt, rcv } = numbers(from);
    const b = inState(from, {}, iss, peerIss);
    arrive(b, 'ACK', { seq: rcv, ack: nxt });
    expect(b.tcb.state).toBe(to);
    expect(sent(b)).toEqual([]);
    expect(b.tcb.timers.retransmission).toBe(Number.POSITIVE_INFINITY);
  });

  it.each(['FIN-WAIT-1', 'CLOSING', 'LAST-ACK'] as const)(
    'fifth, %s: an ACK that does not cover our FIN changes no state',
    (state) => {
      const b = inState(state, {}, iss, peerIss);
      arrive(b, 'ACK', { seq: numbers(state).rcv, ack: 1 });
      expect(b.tcb.state).toBe(state);
    },
  );

  const TEXT: readonly (readonly [TcpState, number])[] = [
    ['ESTABLISHED', 10],
    ['FIN-WAIT-1', 10],
    ['FIN-WAIT-2', 10],
    ['CLOSE-WAIT', 0],
    ['CLOSING', 0],
    ['LAST-ACK', 0],
    ['TIME-WAIT', 0],
  ];
  it.each(TEXT)('seventh, %s: of 10 octets %i are taken', (state, taken) => {
    const { nxt, rcv } = numbers(state);
    const b = inState(state, {}, iss, peerIss);
    arrive(b, 'ACK', { seq: rcv, ack: 1, len: 10 });
    expect(receivedBytes(b)).toBe(taken);
    expect(sent(b)).toEqual(taken > 0 ? [`ACK seq ${nxt} ack ${rcv + taken}`] : []);
    expect(rulesOf(b, 'note')).toEqual(taken > 0 ? [] : expect.arrayContaining(['text-after-fin']));
  });

  const FIN_MOVES: readonly (readonly [TcpState, number, TcpState])[] = [
    ['SYN-RECEIVED', 1, 'CLOSE-WAIT'],
    ['ESTABLISHED', 1, 'CLOSE-WAIT'],
    ['FIN-WAIT-1', 1, 'CLOSING'],
    ['FIN-WAIT-1', 2, 'TIME-WAIT'],
    ['FIN-WAIT-2', 2, 'TIME-WAIT'],
  ];
  it.each(FIN_MOVES)('eighth, %s: a FIN with ACK %i leads to %s', (from, ack, to) => {
    const { nxt } = numbers(from);
    const b = inState(from, {}, iss, peerIss);
    arrive(b, 'FIN-ACK', { seq: 1, ack, len: 10 });
    expect(b.tcb.state).toBe(to);
    expect(receivedBytes(b)).toBe(10);
    expect(signals(b)).toEqual(['connection closing']);
    expect(sentWithRules(b)).toEqual([`ACK seq ${nxt} ack 12 (fin-acknowledged)`]);
  });

  it.each(['CLOSE-WAIT', 'CLOSING', 'LAST-ACK', 'TIME-WAIT'] as const)(
    'eighth, %s: the FIN again is acknowledged again',
    (state) => {
      const { nxt } = numbers(state);
      const b = inState(state, {}, iss, peerIss);
      b.ctx.nowUs += 500_000;
      arrive(b, 'FIN-ACK', { seq: 1, ack: 1 });
      expect(sent(b)).toEqual([`ACK seq ${nxt} ack 2`]);
      expect(b.tcb.state).toBe(state);
    },
  );
});

describe('TIME-WAIT', () => {
  it('lasts 2 MSL and then is CLOSED (MUST-13)', () => {
    const b = inState('TIME-WAIT', { mslUs: 5_000_000 });
    expect(nextTimer(b.tcb)).toEqual({ timer: 'time-wait', atUs: 10_000_000 });
  });

  it('begins anew when the remote FIN comes again, and only then', () => {
    const b = inState('TIME-WAIT', { mslUs: 5_000_000 });
    b.ctx.nowUs = 3_000_000;
    arrive(b, 'ACK', { seq: 2, ack: 2 });
    arrive(b, 'ACK', { seq: 0, ack: 2, len: 1 });
    expect(nextTimer(b.tcb)).toMatchObject({ atUs: 10_000_000 });
    arrive(b, 'FIN-ACK', { seq: 1, ack: 2 });
    expect(nextTimer(b.tcb)).toMatchObject({ atUs: 13_000_000 });
    expect(rulesOf(b, 'timer-started')).toEqual(['time-wait-restart']);
  });

  it('a FIN inside the window is acknowledged too (eighth check)', () => {
    const b = inState('TIME-WAIT');
    arrive(b, 'FIN-ACK', { seq: 2, ack: 2 });
    expect(sentWithRules(b)).toEqual(['ACK seq 2 ack 2 (time-wait-restart)']);
  });
});

describe('first check: what is trimmed', () => {
  it('old octets at the front', () => {
    const b = inState('ESTABLISHED');
    arrive(b, 'ACK', { len: 100 });
    sent(b);
    arrive(b, 'ACK', { seq: 51, len: 100 });
    expect(receivedBytes(b)).toBe(150);
    expect(sent(b)).toEqual(['ACK seq 1 ack 151']);
  });

  it('octets and FIN beyond the window at the end', () => {
    const b = inState('ESTABLISHED', { rcvbufBytes: 100, autoRead: false });
    arrive(b, 'FIN-ACK', { len: 150 });
    expect(b.tcb.receiveBuffer.bytes).toBe(100);
    expect(b.tcb.state).toBe('ESTABLISHED');
    const ack = sendOne(b);
    expect(ack).toMatchObject({ text: 'ACK seq 1 ack 101', segment: { wnd: 0 } });
  });

  it('a FIN needs a number inside the window for itself', () => {
    const b = inState('ESTABLISHED', { rcvbufBytes: 100, autoRead: false });
    arrive(b, 'FIN-ACK', { len: 100 });
    expect(b.tcb.state).toBe('ESTABLISHED');
    const c = inState('ESTABLISHED', { rcvbufBytes: 101, autoRead: false });
    arrive(c, 'FIN-ACK', { len: 100 });
    expect(c.tcb.state).toBe('CLOSE-WAIT');
  });

  it('everything but the FIN when the octets are old', () => {
    const b = inState('ESTABLISHED');
    arrive(b, 'ACK', { len: 100 });
    arrive(b, 'FIN-ACK', { len: 100 });
    expect(b.tcb.state).toBe('CLOSE-WAIT');
    expect(receivedBytes(b)).toBe(100);
  });
});

describe('first check with a closed window (MUST-66)', () => {
  const closedWindow = () => {
    const b = inState('ESTABLISHED', { rcvbufBytes: 100, autoRead: false });
    arrive(b, 'ACK', { len: 100 });
    sent(b);
    return b;
  };

  it('takes the ACK of a window probe, not its octet, and shows the window', () => {
    const b = closedWindow();
    send(b, 10);
    sent(b);
    arrive(b, 'ACK', { seq: 101, ack: 11, len: 1 });
    expect(b.tcb.snd.una).toBe(b.tcb.snd.nxt);
    expect(b.tcb.receiveBuffer.bytes).toBe(100);
    expect(sentWithRules(b)).toEqual(['ACK seq 11 ack 101 (closed-window-ack)']);
  });

  it('takes a pure ACK, and an URG', () => {
    const b = closedWindow();
    arrive(b, 'ACK', { seq: 101 });
    expect(sent(b)).toEqual([]);
    arrive(b, 'URG-ACK', { seq: 101, len: 1, up: 1 });
    expect(signals(b)).toEqual(['urgent data']);
  });

  it('takes a RST at RCV.NXT', () => {
    const b = closedWindow();
    arrive(b, 'RST', { seq: 101, len: 5 });
    expect(b.tcb.state).toBe('CLOSED');
  });

  it('takes an ACK that follows a window probe, and does not answer it', () => {
    const b = closedWindow();
    send(b, 10);
    sent(b);
    arrive(b, 'ACK', { seq: 102, ack: 11 });
    expect(b.tcb.snd.una).toBe(b.tcb.snd.nxt);
    expect(sent(b)).toEqual([]);
    expect(seqDiff(b.tcb.snd.wl1, b.peerIss)).toBe(101);
  });

  it('challenges a RST that follows a window probe', () => {
    const b = closedWindow();
    arrive(b, 'RST', { seq: 102 });
    expect(sentWithRules(b)).toEqual(['ACK seq 1 ack 101 (reset-challenge-ack)']);
    arrive(b, 'RST', { seq: 101 });
    expect(b.tcb.state).toBe('CLOSED');
  });

  it('drops what is further away', () => {
    const b = closedWindow();
    arrive(b, 'ACK', { seq: 103 });
    expect(sentWithRules(b)).toEqual(['ACK seq 1 ack 101 (unacceptable-ack)']);
    arrive(b, 'RST', { seq: 103 });
    arrive(b, 'RST', { seq: 100 });
    expect(b.tcb.state).toBe('ESTABLISHED');
    expect(sent(b)).toEqual([]);
  });
});

describe('Table 6, exhaustively around the edges', () => {
  /** Whether a segment with these numbers touches the window [1, 1 + wnd), by counting numbers one by one. */
  const touches = (seq: number, len: number, wnd: number): boolean => {
    if (len === 0) return wnd === 0 ? seq === 1 : seq >= 1 && seq < 1 + wnd;
    return wnd > 0 && ((seq >= 1 && seq < 1 + wnd) || (seq + len - 1 >= 1 && seq + len - 1 < 1 + wnd));
  };
  it.each(ISNS)('%s', (_name, iss, peerIss) => {
    for (const wnd of [0, 1, 4]) {
      for (let seq = -5; seq <= 8; seq++) {
        for (const len of [0, 1, 3]) {
          const b = inState('ESTABLISHED', { rcvbufBytes: wnd, autoRead: false }, iss, peerIss);
          arrive(b, 'ACK', { seq, len, patternStart: 0 });
          const dropped = rulesOf(b, 'segment-discarded').length > 0;
          // Appendix A.2: an empty segment from a peer that has filled the window, or probed a closed one; MUST-66.
          const pastEdge = len === 0 && seq === 1 + Math.max(wnd, 1);
          const allowance = pastEdge || (wnd === 0 && seq === 1);
          expect({ wnd, seq, len, dropped }).toEqual({ wnd, seq, len, dropped: !touches(seq, len, wnd) && !allowance });
        }
      }
    }
  });
});

describe('fifth check: the send window', () => {
  const update = (fields: PeerSegment) => {
    const b = inState('ESTABLISHED');
    send(b, 100);
    sent(b);
    arrive(b, 'ACK', { seq: 11, ack: 51, wnd: 1111 });
    arrive(b, 'ACK', fields);
    return b.tcb.snd.wnd;
  };
  it.each([
    ['a newer segment', { seq: 12, ack: 51, wnd: 2222 }, 2222],
    ['the same numbers again', { seq: 11, ack: 51, wnd: 2222 }, 2222],
    ['a newer ACK', { seq: 11, ack: 101, wnd: 2222 }, 2222],
    ['an older segment', { seq: 10, ack: 51, wnd: 2222 }, 1111],
    ['an older ACK', { seq: 11, ack: 50, wnd: 2222 }, 1111],
  ] as const)('%s', (_name, fields, wnd) => expect(update(fields)).toBe(wnd));

  it('may shrink: the usable window goes negative and nothing new is sent (MUST-34, SHLD-15)', () => {
    const b = inState('ESTABLISHED');
    send(b, 5000);
    expect(sent(b)).toHaveLength(4);
    send(b, 1000);
    expect(sent(b)).toHaveLength(1);
    arrive(b, 'ACK', { ack: 1, wnd: 1000 });
    send(b, 10);
    expect(sent(b)).toEqual([]);
  });
});

describe('fifth check: duplicates', () => {
  it('counts only ACKs that carry nothing and change nothing while data is out', () => {
    const b = inState('ESTABLISHED');
    arrive(b, 'ACK', { ack: 1 });
    expect(b.tcb.counters.duplicateAcksReceived).toBe(0);
    send(b, 100);
    sent(b);
    arrive(b, 'ACK', { ack: 1 });
    expect(b.tcb.counters.duplicateAcksReceived).toBe(1);
    arrive(b, 'ACK', { ack: 1, len: 5 });
    arrive(b, 'ACK', { seq: 6, ack: 1, wnd: 500 });
    expect(b.tcb.counters.duplicateAcksReceived).toBe(1);
  });
});

describe('urgent data (3.8.5)', () => {
  it('SND.UP marks the octet after the urgent data, in every segment before it (MUST-62)', () => {
    const b = inState('ESTABLISHED');
    send(b, 2000, { urgent: true });
    expect(sent(b)).toEqual(['ACK-URG seq 1 ack 1 len 1460 up 2000', 'ACK-URG seq 1461 ack 1 len 540 up 540']);
    send(b, 10);
    expect(sent(b)).toEqual(['ACK seq 2001 ack 1 len 10']);
  });

  it('more than 65535 urgent octets are marked as far as the field reaches (MUST-31)', () => {
    const b = inState('ESTABLISHED');
    send(b, 70_000, { urgent: true });
    expect(sent(b)[0]).toBe('ACK-URG seq 1 ack 1 len 1460 up 65535');
  });

  it.each(ISNS)(
    'the application is told when the pointer advances, and only then (MUST-32): %s',
    (_name, iss, peerIss) => {
      const b = inState('ESTABLISHED', {}, iss, peerIss);
      arrive(b, 'URG-ACK', { len: 10, up: 30 });
      arrive(b, 'URG-ACK', { seq: 11, len: 10, up: 20 });
      expect(signals(b)).toEqual(['urgent data']);
      arrive(b, 'URG-ACK', { seq: 21, len: 10, up: 11 });
      expect(signals(b)).toEqual(['urgent data', 'urgent data']);
      arrive(b, 'ACK', { seq: 31, len: 10 });
      expect(b.tcb.rcv.up).toBe(b.tcb.rcv.nxt);
    },
  );

  it('is ignored after the remote FIN', () => {
    const b = inState('CLOSE-WAIT');
    arrive(b, 'URG-ACK', { seq: 2, ack: 1, up: 30 });
    expect(signals(b)).toEqual([]);
  });

  it('that came with the SYN is announced when the connection is established', () => {
    const b = inState('LISTEN');
    arrive(b, 'SYN-URG', { seq: 0, up: 20 });
    sent(b);
    expect(signals(b)).toEqual([]);
    arrive(b, 'ACK', { ack: 1 });
    expect(signals(b)).toEqual(['urgent data']);
  });
});

describe('half-open connections (3.5.1)', () => {
  it('an old SYN-ACK to a fresh SYN-SENT is reset, and the connection still comes about (figure 9)', () => {
    const b = bench();
    connect(b);
    sent(b);
    arrive(b, 'ACK', { seq: 100, ack: 300 });
    expect(sent(b)).toEqual(['RST seq 300']);
    arrive(b, 'SYN-ACK', { seq: 0, ack: 1 });
    expect(b.tcb.state).toBe('ESTABLISHED');
  });

  it('a SYN to an ESTABLISHED side whose peer crashed: challenge ACK, then the RST that it provokes (figure 9)', () => {
    const b = inState('ESTABLISHED');
    arrive(b, 'SYN', { seq: 400 });
    expect(sent(b)).toEqual(['ACK seq 1 ack 1']);
    arrive(b, 'RST', { seq: 1 });
    expect(signals(b)).toEqual(['connection reset']);
    expect(b.tcb.state).toBe('CLOSED');
  });
});

describe('a side that was opened passively', () => {
  const established = () => {
    const b = inState('SYN-RECEIVED');
    arrive(b, 'ACK', { ack: 1 });
    b.events.length = 0;
    return b;
  };

  it('once ESTABLISHED it challenges a SYN, and takes nothing that comes with it (RFC 5961 section 4)', () => {
    const b = established();
    arrive(b, 'SYN-ACK', { seq: 1, ack: 1, len: 10 });
    expect(b.tcb.state).toBe('ESTABLISHED');
    expect(rulesOf(b, 'segment-discarded')).toEqual(['syn-challenge-ack']);
    expect(receivedBytes(b)).toBe(0);
    expect(sent(b)).toEqual(['ACK seq 1 ack 1']);
  });

  it('a RST at RCV.NXT ends it for good', () => {
    const b = established();
    arrive(b, 'RST', { seq: 1 });
    expect(b.tcb.state).toBe('CLOSED');
  });
});

it('a FIN inside the window begins the 2 MSL of TIME-WAIT anew (eighth check)', () => {
  const b = inState('TIME-WAIT');
  b.ctx.nowUs += 1_000_000;
  arrive(b, 'FIN-ACK', { seq: 2, ack: 2 });
  expect(b.tcb.timers['time-wait']).toBe(b.ctx.nowUs + 2 * b.tcb.config.mslUs);
});
