import { describe, expect, it } from 'vitest';
import { DEFAULT_HOST } from '../../../src/engine/config';
import { nextTimer } from '../../../src/engine/tcp/connection';
import { backOff, createRto, takeSample } from '../../../src/engine/tcp/rto';
import {
  arrive,
  bench,
  close,
  connect,
  expire,
  ISNS,
  inState,
  listen,
  pass,
  rulesOf,
  send,
  sendOne,
  sent,
  sentWithRules,
  signals,
  statesEntered,
} from './harness';

const CONFIG = { ...DEFAULT_HOST, name: 'a', address: '10.0.0.1', port: 1, rtoMinUs: 1 };

describe('RFC 6298 sections 2.1 to 2.5', () => {
  it('starts with RTO = 1 s', () => expect(createRto(CONFIG).rtoUs).toBe(1_000_000));

  it('the first sample: SRTT = R, RTTVAR = R/2, RTO = SRTT + 4 RTTVAR', () => {
    const rto = createRto(CONFIG);
    takeSample(rto, 100_000, CONFIG);
    expect([rto.srttUs, rto.rttvarUs, rto.rtoUs]).toEqual([100_000, 50_000, 300_000]);
  });

  it('later samples: RTTVAR first, with the old SRTT', () => {
    const rto = createRto(CONFIG);
    takeSample(rto, 100_000, CONFIG);
    takeSample(rto, 180_000, CONFIG);
    // RTTVAR = 3/4 * 50 + 1/4 * |100 - 180| = 57.5; SRTT = 7/8 * 100 + 1/8 * 180 = 110
    expect([rto.srttUs, rto.rttvarUs, rto.rtoUs]).toEqual([110_000, 57_500, 340_000]);
  });

  it('RTO is at least 1 s and at most the bound', () => {
    const rto = createRto(DEFAULTS);
    takeSample(rto, 10_000, DEFAULTS);
    expect(rto.rtoUs).toBe(1_000_000);
    takeSample(rto, 900_000_000, DEFAULTS);
    expect(rto.rtoUs).toBe(60_000_000);
  });

  it('backs off to the bound', () => {
    const rto = createRto(DEFAULTS);
    const seen = Array.from({ length: 8 }, () => {
      backOff(rto, DEFAULTS);
      return rto.rtoUs / 1e6;
    });
    expect(seen).toEqual([2, 4, 8, 16, 32, 60, 60, 60]);
  });
});

const DEFAULTS = { ...CONFIG, rtoMinUs: 1_000_000 };

describe.each(ISNS)('the retransmission timer, %s', (_name, iss, peerIss) => {
  const established = (overrides = {}) => inState('ESTABLISHED', overrides, iss, peerIss);

  it('5.1, 5.2, 5.3: starts with data, restarts when some is acknowledged, stops when all is', () => {
    const b = established();
    pass(b, 100_000);
    send(b, 3000);
    sent(b);
    expect(nextTimer(b.tcb)).toEqual({ timer: 'retransmission', atUs: 1_100_000 });
    pass(b, 400_000);
    arrive(b, 'ACK', { ack: 1461 });
    expect(nextTimer(b.tcb)?.atUs).toBe(500_000 + b.tcb.rto.rtoUs);
    arrive(b, 'ACK', { ack: 3001 });
    expect(nextTimer(b.tcb)).toBeNull();
    expect(rulesOf(b, 'timer-started')).toEqual(['rto-start', 'rto-restart']);
    expect(rulesOf(b, 'timer-stopped')).toEqual(['rto-all-acknowledged']);
  });

  it('a duplicate ACK does not restart it', () => {
    const b = established();
    send(b, 3000);
    sent(b);
    pass(b, 400_000);
    arrive(b, 'ACK', { ack: 1 });
    expect(nextTimer(b.tcb)?.atUs).toBe(1_000_000);
  });

  it('5.4 to 5.6: the oldest segment goes again, with RTO doubled each time', () => {
    const b = established();
    send(b, 3000);
    expect(sent(b)).toHaveLength(3);
    const log: string[] = [];
    for (let i = 0; i < 4; i++) {
      log.push(expire(b));
      log.push(...sentWithRules(b));
    }
    const again = 'ACK seq 1 ack 1 len 1460 (retransmission-timeout)';
    expect(log).toEqual([
      'retransmission 1',
      again,
      'retransmission 3',
      again,
      'retransmission 7',
      again,
      'retransmission 15',
      again,
    ]);
    expect(b.tcb.counters.retransmissions).toBe(4);
    expect(rulesOf(b, 'note')).toEqual(['timeout-slow-start']);
    expect(rulesOf(b, 'signal')).toEqual(['r1-reached']);
  });

  it('what was acknowledged in part goes again without that part', () => {
    const b = established();
    send(b, 1000);
    sent(b);
    arrive(b, 'ACK', { ack: 401 });
    expire(b);
    expect(sent(b)).toEqual(['ACK seq 401 ack 1 len 600']);
  });

  it('FIN goes again with its data', () => {
    const b = established();
    send(b, 100);
    close(b);
    expect(sent(b)).toEqual(['FIN-ACK seq 1 ack 1 len 100']);
    expire(b);
    expect(sent(b)).toEqual(['FIN-ACK seq 1 ack 1 len 100']);
    arrive(b, 'ACK', { ack: 101 });
    expire(b);
    expect(sent(b)).toEqual(['FIN-ACK seq 101 ack 1']);
    arrive(b, 'ACK', { ack: 102 });
    expect(b.tcb.state).toBe('FIN-WAIT-2');
  });

  it('carries the newest ACK and takes the owed one along', () => {
    const b = established();
    send(b, 100);
    sent(b);
    arrive(b, 'ACK', { ack: 1, len: 50 });
    expire(b);
    expect(sent(b)).toEqual(['ACK seq 1 ack 51 len 100']);
  });

  it('SYN and SYN-ACK go again', () => {
    const b = inState('SYN-SENT', {}, iss, peerIss);
    expect(expire(b)).toBe('retransmission 1');
    expect(sentWithRules(b)).toEqual(['SYN seq 0 (syn-timeout)']);
    expect(expire(b)).toBe('retransmission 3');
    const c = inState('SYN-RECEIVED', {}, iss, peerIss);
    expect(expire(c)).toBe('retransmission 1');
    expect(sendOne(c)).toMatchObject({ text: 'SYN-ACK seq 0 ack 1', retransmission: true });
  });
});

describe('round-trip times', () => {
  it('SYN and SYN-ACK give the first sample', () => {
    const b = bench({ rtoMinUs: 1 });
    connect(b);
    sent(b);
    pass(b, 20_000);
    arrive(b, 'SYN-ACK', { seq: 0, ack: 1 });
    expect([b.tcb.rto.srttUs, b.tcb.rto.rtoUs]).toEqual([20_000, 60_000]);
    const c = bench();
    listen(c);
    arrive(c, 'SYN', { seq: 0 });
    sent(c);
    pass(c, 30_000);
    arrive(c, 'ACK', { ack: 1 });
    expect(c.tcb.rto.srttUs).toBe(30_000);
  });

  it('Karn: a segment that was sent twice gives none, and the backed-off RTO stays until a sample comes (MUST-18)', () => {
    const b = inState('ESTABLISHED');
    const before = b.tcb.rto.srttUs;
    send(b, 100);
    sent(b);
    expire(b);
    sent(b);
    pass(b, 10_000);
    arrive(b, 'ACK', { ack: 101 });
    expect([b.tcb.rto.srttUs, b.tcb.rto.rtoUs]).toEqual([before, 2_000_000]);
    send(b, 100);
    sent(b);
    expect(nextTimer(b.tcb)?.atUs).toBe(b.ctx.nowUs + 2_000_000);
    pass(b, 40_000);
    arrive(b, 'ACK', { ack: 201 });
    expect(b.tcb.rto.rtoUs).toBe(1_000_000);
  });

  it('5.7: after a SYN that was sent twice RTO begins with 3 s', () => {
    const b = inState('SYN-SENT');
    expire(b);
    sent(b);
    pass(b, 20_000);
    arrive(b, 'SYN-ACK', { seq: 0, ack: 1 });
    expect(b.tcb.rto.rtoUs).toBe(3_000_000);
    expect(b.tcb.rto.srttUs).toBeNull();
  });

  it.each([
    ['RTO began with 3 s or more: it stays backed off', { rtoInitialUs: 4_000_000 }, 8_000_000],
    ['never under the least RTO', { rtoMinUs: 5_000_000 }, 5_000_000],
    ['never over the greatest RTO', { rtoMaxUs: 2_000_000 }, 2_000_000],
  ])('5.7: %s', (_name, overrides, expected) => {
    const b = inState('SYN-SENT', overrides);
    expire(b);
    sent(b);
    arrive(b, 'SYN-ACK', { seq: 0, ack: 1 });
    expect(b.tcb.rto.rtoUs).toBe(expected);
  });

  it('one segment is timed at a time', () => {
    const b = inState('ESTABLISHED');
    send(b, 100);
    sent(b);
    pass(b, 10_000);
    send(b, 100);
    sent(b);
    pass(b, 10_000);
    b.tcb.rto.srttUs = null;
    arrive(b, 'ACK', { ack: 201 });
    expect(b.tcb.rto.srttUs).toBe(20_000);
  });
});

describe('R2 (3.8.3, MUST-20)', () => {
  it('a SYN is given up after synRetries', () => {
    const b = inState('SYN-SENT', { synRetries: 2 });
    const times = [expire(b), expire(b), expire(b)];
    expect(times).toEqual(['retransmission 1', 'retransmission 3', 'retransmission 7']);
    expect(b.tcb.state).toBe('CLOSED');
    expect(signals(b)).toEqual(['connection aborted due to user timeout']);
    expect(nextTimer(b.tcb)).toBeNull();
  });

  it('an unanswered SYN-ACK returns to LISTEN', () => {
    const b = inState('SYN-RECEIVED', { synRetries: 1 });
    expire(b);
    sent(b);
    expire(b);
    expect(statesEntered(b)).toEqual(['LISTEN']);
    expect(sent(b)).toEqual([]);
  });

  it('data is given up after `retries`; progress starts the count again', () => {
    const b = inState('ESTABLISHED', { retries: 2 });
    send(b, 200, {});
    sent(b);
    expire(b);
    sent(b);
    expire(b);
    sent(b);
    arrive(b, 'ACK', { ack: 101 });
    expire(b);
    expire(b);
    expect(b.tcb.state).toBe('ESTABLISHED');
    expire(b);
    expect(b.tcb.state).toBe('CLOSED');
    expect(rulesOf(b, 'state')).toEqual(['give-up']);
  });
});

describe('user timeout (3.10.8)', () => {
  it('aborts when data is not acknowledged in time, in silence', () => {
    const b = inState('ESTABLISHED', { userTimeoutUs: 2_500_000 });
    send(b, 100);
    sent(b);
    expect([expire(b), ...sent(b).map(() => 'again'), expire(b)]).toEqual(['retransmission 1', 'again', 'user 2.5']);
    expect(b.tcb.state).toBe('CLOSED');
    expect(signals(b)).toEqual(['connection aborted due to user timeout']);
    expect(sent(b)).toEqual([]);
  });

  it('begins anew with progress and stops when all is acknowledged', () => {
    const b = inState('ESTABLISHED', { userTimeoutUs: 2_500_000 });
    send(b, 2000);
    sent(b);
    pass(b, 500_000);
    arrive(b, 'ACK', { ack: 1461 });
    expect(b.tcb.timers.user).toBe(3_000_000);
    arrive(b, 'ACK', { ack: 2001 });
    expect(nextTimer(b.tcb)).toBeNull();
  });

  it('guards an active OPEN too', () => {
    const b = inState('SYN-SENT', { userTimeoutUs: 500_000 });
    expect(expire(b)).toBe('user 0.5');
    expect(b.tcb.state).toBe('CLOSED');
  });
});
