import { describe, expect, it } from 'vitest';
import { nextTimer } from '../../../src/engine/tcp/connection';
import { arrive, bench, connect, expire, inState, listen, send, sendOne, sent, signals } from './harness';

const SCALED = { mss: 1460, wscale: 7 };

describe('windows that a scale could make nothing of (RFC 7323 section 2)', () => {
  it.each([
    [300, 14, 8],
    [1024, 10, 10],
    [1023, 10, 9],
    [65_535, 14, 14],
    [1, 7, 0],
    [0, 7, 0],
  ])(
    'a buffer of %i bytes and a shift of %i: %i is offered, so that the window is not scaled away',
    (rcvbufBytes, windowScale, offered) => {
      const b = bench({ rcvbufBytes, windowScale });
      connect(b);
      expect(sendOne(b)?.segment.options.wscale).toBe(offered);
    },
  );

  it('a clamp below the buffer counts, and the shift that was offered is the one that is used', () => {
    const b = bench({ rcvbufBytes: 100_000, windowClampBytes: 300, windowScale: 14 });
    connect(b);
    expect(sendOne(b)?.segment.options.wscale).toBe(8);
    arrive(b, 'SYN-ACK', { seq: 0, ack: 1, options: SCALED });
    expect(sendOne(b)?.segment.wnd).toBe(300 >> 8);
    expect(b.tcb.options.rcvShift).toBe(8);
  });

  it('what is left below one step of the scale is told as nothing, so the window opens again', () => {
    const b = bench({ rcvbufBytes: 300, windowScale: 8, mssBytes: 1460 });
    connect(b);
    sent(b);
    arrive(b, 'SYN-ACK', { seq: 0, ack: 1, options: SCALED });
    sent(b);
    arrive(b, 'ACK', { len: 53 });
    expect(sendOne(b)?.segment.wnd).toBe(1);
    expect(b.tcb.rcv.wnd).toBe(300);
  });

  it('the window of a SYN-ACK is not scaled, in a simultaneous open either', () => {
    const b = bench({ windowScale: 7 });
    connect(b);
    sent(b);
    arrive(b, 'SYN', { seq: 0, wnd: 4096, options: SCALED });
    sent(b);
    arrive(b, 'SYN-ACK', { seq: 0, ack: 1, wnd: 4096, options: SCALED });
    expect([b.tcb.state, b.tcb.snd.wnd, b.tcb.snd.maxWnd]).toEqual(['ESTABLISHED', 4096, 4096]);
    arrive(b, 'ACK', { wnd: 4096 });
    expect(b.tcb.snd.wnd).toBe(4096 << 7);
  });

  it('probes that ask without data back off while a FIN waits for the window (SHLD-30)', () => {
    const b = bench({ probeForm: 'below-una' });
    connect(b);
    sent(b);
    arrive(b, 'SYN-ACK', { seq: 0, ack: 1, wnd: 0 });
    sent(b);
    b.tcb.owed.fin = { rule: 'close-established', line: null, trigger: { kind: 'call', call: 'close' } };
    arrive(b, 'ACK', { wnd: 0 });
    const waits: number[] = [];
    for (let count = 0; count < 4; count++) {
      const timer = nextTimer(b.tcb);
      expect(timer?.timer).toBe('persist');
      waits.push((timer?.atUs ?? 0) - b.ctx.nowUs);
      expire(b);
      sent(b);
    }
    expect(waits).toEqual([1_000_000, 2_000_000, 4_000_000, 8_000_000]);
  });
});

describe('SND.WND (RFC 9293 section 3.10.7.4, fifth check)', () => {
  it('is taken from a segment that goes again when it acknowledges more than the last update', () => {
    const b = inState('ESTABLISHED');
    send(b, 600);
    sent(b);
    arrive(b, 'ACK', { seq: 201, ack: 1, len: 100, wnd: 1000 });
    expect(b.tcb.snd.wnd).toBe(1000);
    arrive(b, 'ACK', { seq: 101, ack: 301, len: 100, wnd: 700 });
    expect([b.tcb.snd.wnd, b.tcb.snd.una - b.iss]).toEqual([700, 301]);
  });

  it('is not taken from an old segment, and what was newest stays so', () => {
    const b = inState('ESTABLISHED');
    send(b, 600);
    sent(b);
    arrive(b, 'ACK', { seq: 201, ack: 301, len: 100, wnd: 1000 });
    arrive(b, 'ACK', { seq: 101, ack: 301, len: 100, wnd: 5000 });
    expect(b.tcb.snd.wnd).toBe(1000);
    arrive(b, 'ACK', { seq: 101, ack: 401, len: 100, wnd: 900 });
    arrive(b, 'ACK', { seq: 151, ack: 401, len: 50, wnd: 6000 });
    expect([b.tcb.snd.wnd, b.tcb.snd.wl1 - b.peerIss]).toEqual([900, 201]);
  });
});

describe('a listening side that forgets a handshake', () => {
  const forget = (bytes: number) => {
    const b = bench();
    listen(b);
    arrive(b, 'SYN', { seq: 0 });
    sent(b);
    if (bytes > 0) send(b, bytes);
    arrive(b, 'RST', { seq: 1 });
    return { state: b.tcb.state, signals: signals(b) };
  };

  it('need not tell the application (RFC 9293 section 3.10.7.4, second check)', () => {
    expect(forget(0)).toEqual({ state: 'LISTEN', signals: [] });
  });

  it('tells it when data is lost that it had handed over', () => {
    expect(forget(100)).toEqual({ state: 'LISTEN', signals: ['connection reset'] });
  });
});
