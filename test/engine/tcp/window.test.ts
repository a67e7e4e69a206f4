import { describe, expect, it } from 'vitest';
import { seqDiff } from '../../../src/engine/seq';
import { cloneConnection, nextTimer, pendingOutput } from '../../../src/engine/tcp/connection';
import {
  arrive,
  call,
  close,
  expire,
  ISNS,
  inState,
  pass,
  receive,
  rulesOf,
  send,
  sendOne,
  sent,
  sentWithRules,
} from './harness';

describe.each(ISNS)('zero window and probes (3.8.6.1), %s', (_name, iss, peerIss) => {
  const closedWindow = (overrides = {}) => {
    const b = inState('ESTABLISHED', overrides, iss, peerIss);
    arrive(b, 'ACK', { wnd: 0 });
    return b;
  };

  it('the first probe comes after RTO, the next ones after twice that (SHLD-29, SHLD-30)', () => {
    const b = closedWindow();
    send(b, 500);
    expect(sent(b)).toEqual([]);
    const log: string[] = [];
    for (let i = 0; i < 4; i++) {
      log.push(expire(b), ...sentWithRules(b));
      arrive(b, 'ACK', { ack: 1, wnd: 0 });
    }
    const probe = 'ACK seq 1 ack 1 len 1 (window-probe)';
    expect(log).toEqual(['persist 1', probe, 'persist 3', probe, 'persist 7', probe, 'persist 15', probe]);
    expect(b.tcb.counters.probesSent).toBe(4);
  });

  it('the window opens: what the probe carried goes again, as part of a full segment', () => {
    const b = closedWindow();
    send(b, 2000);
    expire(b);
    sent(b);
    arrive(b, 'ACK', { ack: 1, wnd: 5000 });
    expect(nextTimer(b.tcb)).toBeNull();
    expect(sendOne(b)).toMatchObject({
      text: 'ACK seq 1 ack 1 len 1460',
      rule: 'resend-after-probe',
      retransmission: true,
    });
    expect(sentWithRules(b)).toEqual(['ACK seq 1461 ack 1 len 540 (send-data)']);
    expect(nextTimer(b.tcb)?.timer).toBe('retransmission');
  });

  it('the octet of the probe is accepted: SND.UNA moves, and the rest follows', () => {
    const b = closedWindow();
    send(b, 2000);
    expire(b);
    sent(b);
    arrive(b, 'ACK', { ack: 2, wnd: 5000 });
    expect(sent(b)).toEqual(['ACK seq 2 ack 1 len 1460', 'ACK seq 1462 ack 1 len 539']);
  });

  it('an ACK of the probe after SND.NXT went back is good', () => {
    const b = closedWindow();
    send(b, 2000);
    expire(b);
    sent(b);
    arrive(b, 'ACK', { ack: 1, wnd: 5000 });
    arrive(b, 'ACK', { ack: 2, wnd: 5000 });
    expect(rulesOf(b, 'segment-discarded')).toEqual([]);
    expect(sent(b)).toEqual(['ACK seq 2 ack 1 len 1460', 'ACK seq 1462 ack 1 len 539']);
  });

  it('answers keep the connection open for ever (MUST-37)', () => {
    const b = closedWindow({ retries: 2 });
    send(b, 10);
    for (let i = 0; i < 12; i++) {
      expire(b);
      expect(sent(b)).toHaveLength(1);
      arrive(b, 'ACK', { ack: 1, wnd: 0 });
    }
    expect(b.tcb.state).toBe('ESTABLISHED');
  });

  it('a peer that no longer answers is given up', () => {
    const b = closedWindow({ retries: 2 });
    send(b, 10);
    for (let i = 0; i < 3; i++) {
      expire(b);
      sent(b);
    }
    expect(b.tcb.state).toBe('CLOSED');
  });

  it('a FIN alone is probed with too, and then retransmitted', () => {
    const b = closedWindow();
    close(b);
    expect(sent(b)).toEqual([]);
    expect([expire(b), ...sentWithRules(b), expire(b), ...sentWithRules(b)]).toEqual([
      'persist 1',
      'FIN-ACK seq 1 ack 1 (window-probe)',
      'retransmission 2',
      'FIN-ACK seq 1 ack 1 (retransmission-timeout)',
    ]);
  });

  it('a FIN after the octet of a probe is not lost', () => {
    const b = closedWindow();
    send(b, 1);
    close(b);
    expire(b);
    expect(sent(b)).toEqual(['ACK seq 1 ack 1 len 1']);
    arrive(b, 'ACK', { ack: 2, wnd: 0 });
    expect(nextTimer(b.tcb)?.timer).toBe('persist');
    expire(b);
    expect(sent(b)).toEqual(['FIN-ACK seq 2 ack 1']);
    expect(nextTimer(b.tcb)?.timer).toBe('retransmission');
    arrive(b, 'ACK', { ack: 3, wnd: 0 });
    expect(b.tcb.state).toBe('FIN-WAIT-2');
  });

  it('data sent before the window shrank to nothing is retransmitted, not probed', () => {
    const b = inState('ESTABLISHED', {}, iss, peerIss);
    send(b, 1000);
    sent(b);
    arrive(b, 'ACK', { ack: 1, wnd: 0 });
    expect(expire(b)).toBe('retransmission 1');
    expect(sent(b)).toEqual(['ACK seq 1 ack 1 len 1000']);
  });
});

describe('sender silly window avoidance (3.8.6.2.1, MUST-38)', () => {
  it('waits for a full segment or half the largest window; the override sends what fits', () => {
    const b = inState('ESTABLISHED', { congestionControl: 'off' });
    send(b, 65_535);
    sent(b);
    arrive(b, 'ACK', { ack: 65_536, wnd: 100 });
    send(b, 500);
    expect(sent(b)).toEqual([]);
    expect(expire(b)).toMatch(/^persist/);
    expect(sentWithRules(b)).toEqual(['ACK seq 65536 ack 1 len 100 (silly-window-override)']);
    expect(nextTimer(b.tcb)?.timer).toBe('retransmission');
  });

  it('the override waits 1 second at most, whatever RTO and probes before have come to', () => {
    const b = inState('ESTABLISHED', { rtoMinUs: 5_000_000, congestionControl: 'off' });
    send(b, 65_535);
    sent(b);
    pass(b, 1000);
    arrive(b, 'ACK', { ack: 65_536, wnd: 0 });
    send(b, 500);
    const asked = b.ctx.nowUs;
    expect(nextTimer(b.tcb)).toEqual({ timer: 'persist', atUs: asked + 5_000_000 });
    expire(b);
    sent(b);
    expect(nextTimer(b.tcb)).toEqual({ timer: 'persist', atUs: asked + 15_000_000 });
    const opened = b.ctx.nowUs;
    arrive(b, 'ACK', { ack: 65_536, wnd: 100 });
    expect(nextTimer(b.tcb)).toEqual({ timer: 'persist', atUs: opened + 1_000_000 });
    expire(b);
    expect(sent(b)).toEqual(['ACK seq 65536 ack 1 len 100']);
    expect(b.tcb.counters.probesSent).toBe(1);
  });

  it('sends what is all there is', () => {
    const b = inState('ESTABLISHED');
    arrive(b, 'ACK', { wnd: 100 });
    send(b, 100);
    expect(sent(b)).toEqual(['ACK seq 1 ack 1 len 100']);
  });

  it('sends half the largest window', () => {
    const b = inState('SYN-SENT');
    arrive(b, 'SYN-ACK', { seq: 0, ack: 1, wnd: 1000, options: { mss: 1460 } });
    send(b, 5000);
    expect(sent(b)).toEqual(['ACK seq 1 ack 1 len 1000']);
    arrive(b, 'ACK', { ack: 1001, wnd: 499 });
    expect(sent(b)).toEqual([]);
    arrive(b, 'ACK', { ack: 1001, wnd: 500 });
    expect(sent(b)).toEqual(['ACK seq 1001 ack 1 len 500']);
  });

  it('never sends beyond the window', () => {
    const b = inState('ESTABLISHED');
    arrive(b, 'ACK', { wnd: 3000 });
    send(b, 10_000);
    expect(sent(b)).toEqual(['ACK seq 1 ack 1 len 1460', 'ACK seq 1461 ack 1 len 1460']);
  });
});

describe('Nagle (3.7.4, SHLD-7, MUST-17)', () => {
  it('holds a small segment back while something is not acknowledged', () => {
    const b = inState('ESTABLISHED', { nagle: true });
    send(b, 10);
    send(b, 20);
    expect(sent(b)).toEqual(['ACK seq 1 ack 1 len 30']);
    send(b, 40);
    send(b, 5);
    expect(sent(b)).toEqual([]);
    expect(nextTimer(b.tcb)?.timer).toBe('retransmission');
    arrive(b, 'ACK', { ack: 31 });
    expect(sent(b)).toEqual(['ACK seq 31 ack 1 len 45']);
  });

  it('can be switched off while data waits', () => {
    const b = inState('ESTABLISHED', { nagle: true });
    send(b, 10);
    sent(b);
    send(b, 10);
    expect(pendingOutput(b.tcb)).toBe('none');
    call(b, { kind: 'set', option: 'nodelay', value: true });
    expect(sent(b)).toEqual(['ACK seq 11 ack 1 len 10']);
  });
});

describe('PSH (3.9.1.2, MUST-61)', () => {
  const pushed = (b: ReturnType<typeof inState>) => {
    const bits: boolean[] = [];
    for (let one = sendOne(b); one !== null; one = sendOne(b)) bits.push((one.segment.flags & 0x08) !== 0);
    return bits;
  };
  it('is set on the last of what is queued', () => {
    const b = inState('ESTABLISHED');
    send(b, 4000);
    expect(pushed(b)).toEqual([false, false, true]);
  });

  it('is set where a pushed SEND ends inside a segment', () => {
    const b = inState('ESTABLISHED');
    arrive(b, 'ACK', { wnd: 0 });
    send(b, 1000, { push: true });
    send(b, 3000);
    arrive(b, 'ACK', { wnd: 60_000 });
    expect(pushed(b)).toEqual([true, false, true]);
  });
});

describe('receive window (3.8.6.2.2, MUST-39)', () => {
  const window = (b: ReturnType<typeof inState>) => [b.tcb.rcv.wnd, seqDiff(b.tcb.rcv.nxt, b.peerIss)] as const;

  it('the right edge stays while small pieces are read, and moves by a segment', () => {
    const b = inState('ESTABLISHED', { rcvbufBytes: 10_000 });
    arrive(b, 'ACK', { len: 1000 });
    expect(window(b)).toEqual([9000, 1001]);
    arrive(b, 'ACK', { seq: 1001, len: 460 });
    expect(window(b)).toEqual([10_000, 1461]);
  });

  it('an application that does not read closes it; reading opens it and tells the peer', () => {
    const b = inState('ESTABLISHED', { rcvbufBytes: 4000, autoRead: false });
    arrive(b, 'ACK', { len: 4000 });
    expect(sendOne(b)?.segment.wnd).toBe(0);
    receive(b, 100);
    expect(sent(b)).toEqual([]);
    receive(b, 3000);
    const update = sendOne(b);
    expect(update).toMatchObject({ text: 'ACK seq 1 ack 4001', rule: 'window-update', segment: { wnd: 3100 } });
  });

  it.each(['CLOSED', 'CLOSE-WAIT', 'TIME-WAIT'] as const)('is not announced in %s: no data can come', (state) => {
    const b = inState(state === 'CLOSED' ? 'ESTABLISHED' : state, { rcvbufBytes: 1000 });
    if (state === 'CLOSED') call(b, { kind: 'abort' });
    sent(b);
    call(b, { kind: 'set', option: 'rcvbuf', value: 60_000 });
    expect(sent(b)).toEqual([]);
  });

  it('is never taken back when the buffer is made smaller (SHLD-14)', () => {
    const b = inState('ESTABLISHED', { rcvbufBytes: 4000, autoRead: false });
    call(b, { kind: 'set', option: 'rcvbuf', value: 1000 });
    expect(b.tcb.rcv.wnd).toBe(4000);
    arrive(b, 'ACK', { len: 3500 });
    expect(b.tcb.rcv.wnd).toBe(500);
  });

  it('is not taken back either when the SYN has offered it', () => {
    const b = inState('SYN-SENT', { rcvbufBytes: 4000 });
    call(b, { kind: 'set', option: 'rcvbuf', value: 1000 });
    expect(b.tcb.rcv.wnd).toBe(4000);
    const c = inState('LISTEN', { rcvbufBytes: 4000 });
    call(c, { kind: 'set', option: 'rcvbuf', value: 1000 });
    expect(c.tcb.rcv.wnd).toBe(1000);
  });

  it('one ACK for data that the application reads at once', () => {
    const b = inState('ESTABLISHED');
    arrive(b, 'ACK', { len: 1460 });
    expect(sentWithRules(b)).toEqual(['ACK seq 1 ack 1461 (text-in-order)']);
  });
});

describe('delayed ACK (3.8.6.3, SHLD-18, SHLD-19)', () => {
  const delayed = () => inState('ESTABLISHED', { delayedAckUs: 200_000 });

  it('waits for its time', () => {
    const b = delayed();
    arrive(b, 'ACK', { len: 100 });
    expect(pendingOutput(b.tcb)).toBe('none');
    expect(expire(b)).toBe('delayed-ack 0.2');
    expect(sentWithRules(b)).toEqual(['ACK seq 1 ack 101 (delayed-ack-timeout)']);
  });

  it('goes with every second full segment', () => {
    const b = delayed();
    arrive(b, 'ACK', { len: 1460 });
    expect(sent(b)).toEqual([]);
    arrive(b, 'ACK', { seq: 1461, len: 1460 });
    expect(sent(b)).toEqual(['ACK seq 1 ack 2921']);
    expect(nextTimer(b.tcb)).toBeNull();
  });

  it('rides on data', () => {
    const b = delayed();
    arrive(b, 'ACK', { len: 100 });
    pass(b, 1000);
    send(b, 5);
    expect(sent(b)).toEqual(['ACK seq 1 ack 101 len 5']);
    expect(b.tcb.timers['delayed-ack']).toBe(Number.POSITIVE_INFINITY);
  });

  it('does not delay what is out of order, fills a gap, or is a FIN', () => {
    const b = delayed();
    arrive(b, 'ACK', { seq: 101, len: 100 });
    expect(sent(b)).toEqual(['ACK seq 1 ack 1']);
    arrive(b, 'ACK', { len: 100 });
    expect(sent(b)).toEqual(['ACK seq 1 ack 201']);
    arrive(b, 'FIN-ACK', { seq: 201 });
    expect(sent(b)).toEqual(['ACK seq 1 ack 202']);
  });
});

describe('cloneConnection', () => {
  it('makes a copy that lives on its own', () => {
    const b = inState('ESTABLISHED', { autoRead: false });
    send(b, 5000);
    sendOne(b);
    arrive(b, 'ACK', { seq: 101, len: 50 });
    const copy = { ...b, tcb: cloneConnection(b.tcb), ctx: { ...b.ctx } };
    const before = JSON.stringify(b.tcb);
    expect(JSON.stringify(copy.tcb)).toBe(before);
    sent(copy);
    arrive(copy, 'FIN-ACK', { len: 100, ack: 1461 });
    receive(copy, 10);
    expire(copy);
    call(copy, { kind: 'set', option: 'nagle', value: true });
    call(copy, { kind: 'abort' });
    expect(JSON.stringify(b.tcb)).toBe(before);
    expect(JSON.stringify(copy.tcb)).not.toBe(before);
  });
});
