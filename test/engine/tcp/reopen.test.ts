import { describe, expect, it } from 'vitest';
import { LINUX } from '../../../src/engine/profiles/linux';
import { seqDiff } from '../../../src/engine/seq';
import { reopens } from '../../../src/engine/tcp/reopen';
import { arrive, expire, ISNS, inState, peerSegment, rulesOf, sendOne, sent, simultaneousSynReceived } from './harness';

describe.each(ISNS)('a SYN in TIME-WAIT (RFC 9293 section 3.6.1, MAY-2; RFC 6191), %s', (_name, iss, peerIss) => {
  it('newer than the old connection: a new one begins, with an ISN beyond the old one', () => {
    const b = inState('TIME-WAIT', {}, iss, peerIss);
    const usedUpTo = b.tcb.snd.max;
    arrive(b, 'SYN', { seq: 70_000, options: { mss: 1000 } });
    expect(b.tcb.state).toBe('SYN-RECEIVED');
    expect(rulesOf(b, 'state')).toEqual(['time-wait-reopen']);
    const synAck = sendOne(b);
    expect(synAck?.text).toMatch(/^SYN-ACK seq 0 ack 70001$/);
    expect(seqDiff(b.tcb.iss ?? usedUpTo, usedUpTo)).toBeGreaterThan(0);
    expect(b.tcb.snd.mssBytes).toBe(1000);
    expect(expire(b)).toMatch(/^retransmission/);
  });

  it('older: it is answered by an ACK, and TIME-WAIT goes on', () => {
    const b = inState('TIME-WAIT', {}, iss, peerIss);
    arrive(b, 'SYN', { seq: 0 });
    expect(b.tcb.state).toBe('TIME-WAIT');
    expect(sent(b)).toEqual(['ACK seq 2 ack 2']);
  });

  it('off: the SYN is challenged', () => {
    const b = inState('TIME-WAIT', { timeWaitReuse: false }, iss, peerIss);
    arrive(b, 'SYN', { seq: 70_000 });
    expect(b.tcb.state).toBe('TIME-WAIT');
  });
});

describe('a RST in TIME-WAIT (RFC 1337 section 3)', () => {
  it.each([
    [true, 'TIME-WAIT'],
    [false, 'CLOSED'],
  ])('ignored: %s', (timeWaitIgnoresReset, state) => {
    const b = inState('TIME-WAIT', { timeWaitIgnoresReset });
    arrive(b, 'RST', { seq: 2 });
    expect(b.tcb.state).toBe(state);
  });
});

describe('choices about SYNs', () => {
  it.each([
    [true, ['RST-ACK seq -1000 ack 101']],
    [false, []],
  ])('another SYN in SYN-RECEIVED is answered by a reset: %s', (resetsNewSyn, wanted) => {
    const b = inState('SYN-RECEIVED', { resetsNewSyn });
    arrive(b, 'SYN', { seq: 100 });
    expect(sent(b).map((line) => line.replace(/seq -?\d+/, 'seq -1000'))).toEqual(wanted);
    expect(b.tcb.state).toBe('LISTEN');
  });

  it('the SYN after an answer to something else comes sooner where the host wants that', () => {
    const b = inState('SYN-SENT', { synAfterBadAckUs: 8000 });
    arrive(b, 'SYN-ACK', { seq: 0, ack: 77 });
    sent(b);
    expect(expire(b)).toBe('retransmission 0.008');
  });

  it('a simultaneous open reports the SYN that came twice (RFC 2883) only where SACK was agreed on', () => {
    const b = simultaneousSynReceived();
    arrive(b, 'SYN-ACK', { seq: 0, ack: 1 });
    expect(sendOne(b)?.segment.options.sack).toBeUndefined();
  });
});

describe('which SYNs are newer than the old connection (RFC 6191 section 2)', () => {
  it.each([
    // control bits, from RCV.NXT, timestamps, TS.Recent, TSval
    ['SYN', 1, false, null, null, true],
    ['SYN', 0, false, null, null, false],
    ['SYN', -1, false, null, null, false],
    ['SYN-ACK', 1, false, null, null, false],
    ['SYN-RST', 1, false, null, null, false],
    ['FIN', 1, false, null, null, false],
    ['SYN-FIN', 1, false, null, null, true],
    // By the timestamp, whatever the number says.
    ['SYN', -1, true, 100, 101, true],
    ['SYN', 1, true, 100, 99, false],
    ['SYN', -1, true, 2 ** 32 - 1, 0, true],
    ['SYN', 1, true, 0, 2 ** 32 - 1, false],
    // By the number where the timestamps tell nothing.
    ['SYN', 1, true, 100, 100, true],
    ['SYN', -1, true, 100, 100, false],
    ['SYN', 1, true, 100, null, true],
    ['SYN', -1, true, null, 100, false],
    ['SYN', -1, false, 100, 101, false],
  ] as const)(
    '%s, %i from RCV.NXT on, timestamps %s, last %s, now %s: %s',
    (names, from, timestamps, tsRecent, tsVal, wanted) => {
      const b = inState('TIME-WAIT');
      Object.assign(b.tcb.options, { timestamps, tsRecent });
      const at = seqDiff(b.tcb.rcv.nxt, b.peerIss) + from;
      const segment = peerSegment(b, names, { seq: at, options: tsVal === null ? {} : { ts: [tsVal, 0] } });
      expect(reopens(b.tcb, segment)).toBe(wanted);
      const off = inState('TIME-WAIT', { timeWaitReuse: false });
      expect(reopens(off.tcb, segment)).toBe(false);
    },
  );

  it('the new connection is a passive one with the same peer, and keeps text that came with its SYN', () => {
    const b = inState('TIME-WAIT', { receiveMemory: LINUX.receiveMemory, rcvbufBytes: 131_072 });
    const { remote } = b.tcb;
    arrive(b, 'SYN', { seq: 70_000, len: 100, wnd: 999, options: { mss: 1000 } });
    expect(b.tcb).toMatchObject({ origin: 'passive', remote });
    expect(b.tcb.rcv.wnd).toBe(64_240);
    expect(b.tcb.timers['time-wait']).toBe(Number.POSITIVE_INFINITY);
    expect(rulesOf(b, 'timer-stopped')).toEqual(['time-wait-reopen']);
    expect(sendOne(b)).toMatchObject({ rule: 'time-wait-reopen' });
    arrive(b, 'ACK', { seq: 70_001 });
    expect(b.tcb.state).toBe('ESTABLISHED');
    expect(b.tcb.receiveBuffer.takenBytes).toBe(100);
  });
});
