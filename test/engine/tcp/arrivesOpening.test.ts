import { describe, expect, it } from 'vitest';
import { segmentArrives } from '../../../src/engine/tcp/connection';
import type { Bench, PeerSegment } from './harness';
import {
  arrive,
  bench,
  ISNS,
  inState,
  listen,
  peerSegment,
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

/** A reset as it stands in RFC 9293 section 3.5.2, with numbers relative to the segment that it answers. */
function reply(b: Bench): { flags: number; seq: number; ack: number } | null {
  const one = sendOne(b);
  return one === null ? null : { flags: one.segment.flags, seq: one.segment.seq, ack: one.segment.ack };
}

const RST = 0x04;
const RST_ACK = 0x14;

describe.each(ISNS)('3.10.7.1 CLOSED, %s', (_name, iss, peerIss) => {
  const wrap = (value: number) => value % 2 ** 32;

  it.each([
    ['SYN', 0, 1],
    ['SYN', 10, 11],
    ['FIN', 0, 1],
    ['', 5, 5],
  ] as const)(
    'without ACK: %s of %i octets is answered by <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>',
    (names, len, segLen) => {
      const b = inState('CLOSED', {}, iss, peerIss);
      arrive(b, names, { seq: 0, len });
      expect(reply(b)).toEqual({ flags: RST_ACK, seq: 0, ack: wrap(peerIss + segLen) });
      expect(b.tcb.state).toBe('CLOSED');
      expect(rulesOf(b, 'segment-discarded')).toEqual(['closed-answers-reset']);
    },
  );

  it.each(['ACK', 'SYN-ACK', 'FIN-ACK'])('with ACK: %s is answered by <SEQ=SEG.ACK><CTL=RST>', (names) => {
    const b = inState('CLOSED', {}, iss, peerIss);
    arrive(b, names, { ack: 33 });
    expect(reply(b)).toEqual({ flags: RST, seq: wrap(iss + 33), ack: 0 });
  });

  it.each(['RST', 'RST-ACK'])('%s is dropped in silence', (names) => {
    const b = inState('CLOSED', {}, iss, peerIss);
    arrive(b, names);
    expect(reply(b)).toBeNull();
    expect(rulesOf(b, 'segment-discarded')).toEqual(['closed-ignores-reset']);
  });
});

describe('a segment that is not for this connection', () => {
  it('is answered as in CLOSED, and the connection lives on', () => {
    const b = inState('ESTABLISHED');
    arrive(b, 'SYN', { seq: 0, fromPort: 81 });
    expect(sentWithRules(b)).toEqual(['RST-ACK seq -1000 ack 1 (closed-answers-reset)']);
    expect(b.tcb.state).toBe('ESTABLISHED');
  });

  it('so is one for another port', () => {
    const b = inState('LISTEN');
    const segment = peerSegment(b, 'SYN', { seq: 0 });
    segmentArrives(b.tcb, { ...segment, destination: { address: '10.0.0.1', port: 9 } }, 1, b.ctx);
    expect(sendOne(b)?.segment).toMatchObject({ flags: RST_ACK, source: { address: '10.0.0.1', port: 9 } });
    expect(b.tcb.state).toBe('LISTEN');
  });
});

/** One row of a state's checks: what arrives, what is sent and why, the state after, why it was dropped. */
type Row = readonly [
  step: string,
  names: string,
  fields: PeerSegment,
  sent: readonly string[],
  state: string,
  dropped: readonly string[],
];

const LISTEN_ROWS: readonly Row[] = [
  ['first: RST', 'RST', {}, [], 'LISTEN', ['listen-ignores-reset']],
  ['first: RST before ACK', 'RST-ACK', { ack: 9 }, [], 'LISTEN', ['listen-ignores-reset']],
  ['second: ACK', 'ACK', { ack: 9 }, ['RST seq 9 (listen-ack-reset)'], 'LISTEN', ['listen-ack-reset']],
  ['second: SYN-ACK', 'SYN-ACK', { ack: 9 }, ['RST seq 9 (listen-ack-reset)'], 'LISTEN', ['listen-ack-reset']],
  ['third: SYN', 'SYN', { seq: 0 }, ['SYN-ACK seq 0 ack 1 (listen-syn)'], 'SYN-RECEIVED', []],
  ['fourth: data alone', '', { len: 5 }, [], 'LISTEN', ['listen-drops-other']],
  ['fourth: FIN alone', 'FIN', {}, [], 'LISTEN', ['listen-drops-other']],
];

const SYN_SENT_ROWS: readonly Row[] = [
  ['first: ACK of nothing', 'ACK', { ack: 0 }, ['RST seq 0 (syn-sent-bad-ack)'], 'SYN-SENT', ['syn-sent-bad-ack']],
  [
    'first: ACK of too much',
    'SYN-ACK',
    { seq: 0, ack: 2 },
    ['RST seq 2 (syn-sent-bad-ack)'],
    'SYN-SENT',
    ['syn-sent-bad-ack'],
  ],
  ['first: bad ACK with RST', 'RST-ACK', { ack: 0 }, [], 'SYN-SENT', ['syn-sent-reset-bad-ack']],
  ['second: RST with good ACK', 'RST-ACK', { seq: 0, ack: 1 }, [], 'CLOSED', []],
  ['second: RST without ACK', 'RST', {}, [], 'SYN-SENT', ['syn-sent-reset-no-ack']],
  ['second: RST with SYN', 'SYN-RST', { seq: 0 }, [], 'SYN-SENT', ['syn-sent-reset-no-ack']],
  ['fourth: SYN-ACK', 'SYN-ACK', { seq: 0, ack: 1 }, ['ACK seq 1 ack 1 (syn-sent-established)'], 'ESTABLISHED', []],
  ['fourth: SYN', 'SYN', { seq: 0 }, ['SYN-ACK seq 0 ack 1 (syn-sent-simultaneous)'], 'SYN-RECEIVED', []],
  ['fifth: ACK alone', 'ACK', { ack: 1 }, [], 'SYN-SENT', ['syn-sent-drops-other']],
  ['fifth: FIN alone', 'FIN-ACK', { ack: 1 }, [], 'SYN-SENT', ['syn-sent-drops-other']],
  ['fifth: nothing at all', '', { len: 3 }, [], 'SYN-SENT', ['syn-sent-drops-other']],
];

describe.each(ISNS)('checks, %s', (_name, iss, peerIss) => {
  it.each(LISTEN_ROWS)('3.10.7.2 LISTEN, %s', (_step, names, fields, lines, state, dropped) => {
    const b = inState('LISTEN', {}, iss, peerIss);
    arrive(b, names, fields);
    expect(sentWithRules(b)).toEqual(lines);
    expect(b.tcb.state).toBe(state);
    expect(rulesOf(b, 'segment-discarded')).toEqual(dropped);
  });

  it.each(SYN_SENT_ROWS)('3.10.7.3 SYN-SENT, %s', (_step, names, fields, lines, state, dropped) => {
    const b = inState('SYN-SENT', {}, iss, peerIss);
    arrive(b, names, fields);
    expect(sentWithRules(b)).toEqual(lines);
    expect(b.tcb.state).toBe(state);
    expect(rulesOf(b, 'segment-discarded')).toEqual(dropped);
  });

  it('LISTEN sets the variables of the handshake', () => {
    const b = inState('LISTEN', {}, iss, peerIss);
    arrive(b, 'SYN', { seq: 0, options: { mss: 1000 }, wnd: 777 });
    const { snd, rcv } = b.tcb;
    expect([b.tcb.iss, b.tcb.irs]).toEqual([iss, peerIss]);
    expect([snd.una, snd.nxt, rcv.nxt]).toEqual([iss, (iss + 1) % 2 ** 32, (peerIss + 1) % 2 ** 32]);
    expect(snd.mssBytes).toBe(1000);
    expect(b.tcb.remote).toEqual({ address: '10.0.0.2', port: 80 });
  });

  it('SYN-SENT sets the variables of the handshake', () => {
    const b = inState('SYN-SENT', {}, iss, peerIss);
    arrive(b, 'SYN-ACK', { seq: 0, ack: 1, wnd: 777 });
    const { snd, rcv } = b.tcb;
    expect([snd.una, snd.nxt, snd.wnd]).toEqual([(iss + 1) % 2 ** 32, (iss + 1) % 2 ** 32, 777]);
    expect([snd.wl1, snd.wl2, rcv.nxt]).toEqual([peerIss, (iss + 1) % 2 ** 32, (peerIss + 1) % 2 ** 32]);
    expect(b.tcb.timers.retransmission).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([1, 102])('data with the SYN is kept until ESTABLISHED, FIN included (3.10.7.2 third), ACK at %i', (seq) => {
    const b = inState('LISTEN', {}, iss, peerIss);
    arrive(b, 'SYN-FIN', { seq: 0, len: 100, patternStart: 0 });
    expect(sent(b)).toEqual(['SYN-ACK seq 0 ack 1']);
    expect(receivedBytes(b)).toBe(0);
    arrive(b, 'ACK', { seq, ack: 1 });
    expect(receivedBytes(b)).toBe(100);
    expect(b.tcb.state).toBe('CLOSE-WAIT');
    expect(sent(b)).toEqual(['ACK seq 1 ack 102']);
  });

  it('data and FIN with the SYN-ACK are processed at once (3.10.7.3 fourth)', () => {
    const b = inState('SYN-SENT', {}, iss, peerIss);
    arrive(b, 'SYN-FIN-ACK', { seq: 0, ack: 1, len: 100, patternStart: 0 });
    expect(statesEntered(b)).toEqual(['ESTABLISHED', 'CLOSE-WAIT']);
    expect(receivedBytes(b)).toBe(100);
    expect(sent(b)).toEqual(['ACK seq 1 ack 102']);
  });

  it('a refused connection: the RST-ACK to our SYN (3.5.3)', () => {
    const b = inState('SYN-SENT', {}, iss, peerIss);
    arrive(b, 'RST-ACK', { seq: 0, ack: 1 });
    expect(signals(b)).toEqual(['connection reset']);
    expect(statesEntered(b)).toEqual(['CLOSED']);
    expect(b.tcb.timers.retransmission).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('MSS (3.7.1)', () => {
  it.each([
    ['IPv4, no option: 536', '10.0.0.1', {}, 536],
    ['IPv6, no option: 1220', '2001:db8::1', {}, 1220],
    ['the option', '10.0.0.1', { mss: 900 }, 900],
    ['not more than our own', '10.0.0.1', { mss: 9000 }, 1460],
    ['an MSS of 0 counts as none', '10.0.0.1', { mss: 0 }, 536],
    ['an absurd option', '10.0.0.1', { mss: 1 }, 1],
  ] as const)('%s', (_name, address, options, expected) => {
    const b = bench({ address });
    listen(b);
    const syn = peerSegment(b, 'SYN', { seq: 0, options });
    segmentArrives(b.tcb, { ...syn, destination: { address, port: 4000 } }, 1, b.ctx);
    sent(b);
    const ack = peerSegment(b, 'ACK', { ack: 1 });
    segmentArrives(b.tcb, { ...ack, destination: { address, port: 4000 } }, 2, b.ctx);
    expect(b.tcb.state).toBe('ESTABLISHED');
    send(b, 5000);
    expect(sendOne(b)?.text).toBe(`ACK seq 1 ack 1 len ${expected}`);
  });

  it('goes with SYN and SYN-ACK only (MUST-65)', () => {
    const b = bench({ mssBytes: 1200 });
    listen(b);
    arrive(b, 'SYN', { seq: 0 });
    expect(sendOne(b)?.segment.options).toEqual({ mss: 1200 });
    arrive(b, 'ACK', { ack: 1 });
    arrive(b, 'ACK', { len: 1 });
    expect(sendOne(b)?.segment.options).toEqual({});
  });
});

describe('simultaneous open (3.5, figure 8; MUST-10)', () => {
  it.each(ISNS)('SYN, SYN, SYN-ACK, SYN-ACK, ACK: %s', (_name, iss, peerIss) => {
    const b = simultaneousSynReceived(iss, peerIss);
    expect(b.tcb.state).toBe('SYN-RECEIVED');
    arrive(b, 'SYN-ACK', { seq: 0, ack: 1 });
    expect(statesEntered(b)).toEqual(['ESTABLISHED']);
    expect(sentWithRules(b)).toEqual(['ACK seq 1 ack 1 (duplicate-syn-ack)']);
  });

  it('an ACK alone completes it too', () => {
    const b = simultaneousSynReceived();
    arrive(b, 'ACK', { ack: 1 });
    expect(statesEntered(b)).toEqual(['ESTABLISHED']);
    expect(sent(b)).toEqual([]);
  });

  it('its SYN-ACK is not a retransmission, and is not timed (Karn)', () => {
    const b = inState('SYN-SENT');
    arrive(b, 'SYN', { seq: 0 });
    expect(sendOne(b)).toMatchObject({ retransmission: false });
    b.ctx.nowUs += 20_000;
    arrive(b, 'SYN-ACK', { seq: 0, ack: 1 });
    expect(b.tcb.rto.srttUs).toBeNull();
  });

  it('a RST refuses it and tells the application', () => {
    const b = simultaneousSynReceived();
    arrive(b, 'RST', { seq: 1 });
    expect(signals(b)).toEqual(['connection refused']);
    expect(b.tcb.state).toBe('CLOSED');
  });
});

describe('SYN-RECEIVED from LISTEN', () => {
  it('returns to LISTEN on a RST, and can begin again (MUST-11)', () => {
    const b = inState('SYN-RECEIVED');
    arrive(b, 'RST', { seq: 1 });
    expect(statesEntered(b)).toEqual(['LISTEN']);
    expect(signals(b)).toEqual([]);
    expect([b.tcb.remote, b.tcb.iss, b.tcb.timers.retransmission]).toEqual([null, null, Number.POSITIVE_INFINITY]);
    arrive(b, 'SYN', { seq: 100, fromPort: 99 });
    expect(b.tcb.state).toBe('SYN-RECEIVED');
    expect(sent(b)).toHaveLength(1);
  });

  it('answers the same SYN with its SYN-ACK again, in place of its timer', () => {
    const b = inState('SYN-RECEIVED');
    b.ctx.nowUs = 900_000;
    arrive(b, 'SYN', { seq: 0 });
    const again = sendOne(b);
    expect(again).toMatchObject({ text: 'SYN-ACK seq 0 ack 1', rule: 'duplicate-syn', retransmission: true });
    expect(b.tcb.timers.retransmission).toBe(1_900_000);
  });

  it('returns to LISTEN on another SYN inside the window (fourth check)', () => {
    const b = inState('SYN-RECEIVED');
    arrive(b, 'SYN', { seq: 50 });
    expect(statesEntered(b)).toEqual(['LISTEN']);
    expect(rulesOf(b, 'segment-discarded')).toEqual(['syn-to-listen']);
    expect(sent(b)).toEqual([]);
  });

  it('resets an ACK that does not acknowledge its SYN (3.5.2 group 2)', () => {
    const b = inState('SYN-RECEIVED');
    for (const ack of [0, 2, -5]) {
      arrive(b, 'ACK', { ack });
      expect(sentWithRules(b)).toEqual([`RST seq ${ack} (syn-received-bad-ack)`]);
      expect(b.tcb.state).toBe('SYN-RECEIVED');
    }
  });
});
