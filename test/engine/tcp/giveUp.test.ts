import { describe, expect, it } from 'vitest';
import type { HostConfig } from '../../../src/engine/config';
import { PROFILES } from '../../../src/engine/profiles';
import { nextTimer } from '../../../src/engine/tcp/connection';
import { arrive, close, expire, inState, send, sent, signals } from './harness';

/** Lets timers expire until the connection is gone; the seconds at which something was sent, and the last of all. */
function untilGone(b: ReturnType<typeof inState>): { resends: number[]; endAt: number } {
  const resends: number[] = [];
  for (let i = 0; i < 60; i++) {
    if (nextTimer(b.tcb) === null) break;
    expire(b);
    const at = b.ctx.nowUs / 1e6;
    if (sent(b).length > 0) resends.push(at);
    if (b.tcb.state === 'CLOSED' || b.tcb.state === 'LISTEN') return { resends, endAt: at };
  }
  throw new Error('the connection is not given up');
}

describe('profile linux, as its captures show', () => {
  const LINUX: Partial<HostConfig> = PROFILES.linux;

  it.each([
    // net.ipv4.tcp_syn_retries, tcp_syn_linear_timeouts: what the captures syn-unanswered show
    [6, 4, [1, 2, 3, 4, 5, 7, 11, 19, 35, 67], 131],
    [2, 0, [1, 3], 7],
    [3, 1, [1, 2, 4, 8], 16],
    // R2 is the time of three retransmissions that double, 7 s, before it is 2 + 4 retransmissions.
    [2, 4, [1, 2, 3, 4, 5], 7],
  ])('SYNs: %i retries, %i linear timeouts', (synRetries, synLinearTimeouts, resends, endAt) => {
    const b = inState('SYN-SENT', { ...LINUX, synRetries, synLinearTimeouts });
    expect(untilGone(b)).toEqual({ resends, endAt });
    expect(signals(b).at(-1)).toBe('connection aborted due to user timeout');
  });

  it.each([
    [5, [1, 3, 7, 15, 31], 63],
    [2, [1, 3], 7],
  ])('SYN-ACKs: %i retries', (synAckRetries, resends, endAt) => {
    expect(untilGone(inState('SYN-RECEIVED', { ...LINUX, synAckRetries }))).toEqual({ resends, endAt });
  });

  it('data: 15 retries are at least 924.6 s', () => {
    const b = inState('ESTABLISHED', { ...LINUX, tailLossProbe: false });
    b.tcb.rto.rtoUs = 220_000;
    send(b, 100);
    sent(b);
    const { resends, endAt } = untilGone(b);
    const firstAt = resends[0] ?? 0;
    expect(resends).toHaveLength(15);
    expect(endAt - firstAt).toBeGreaterThanOrEqual(924.6);
    expect((resends.at(-1) ?? 0) - firstAt).toBeLessThan(924.6);
  });

  it('a FIN that nobody waits for goes 8 times again, and so long', () => {
    const b = inState('ESTABLISHED', { ...LINUX, tailLossProbe: false });
    b.tcb.rto.rtoUs = 220_000;
    close(b);
    sent(b);
    const { resends, endAt } = untilGone(b);
    expect(resends).toHaveLength(8);
    expect(endAt).toBeCloseTo(0.22 * (2 ** 9 - 1), 3);
  });
});

describe('profile freebsd (tcp_timer.c)', () => {
  const FREEBSD: Partial<HostConfig> = PROFILES.freebsd;

  it('a SYN backs off with 200 ms of slop each, and the attempt ends after 75 s', () => {
    const b = inState('SYN-SENT', FREEBSD);
    expect(untilGone(b)).toEqual({ resends: [1, 3.2, 7.4, 15.6, 31.8, 64], endAt: 75 });
    expect(signals(b).at(-1)).toBe('connection aborted due to user timeout');
  });

  it('an answer in time ends the 75 s', () => {
    const b = inState('SYN-SENT', FREEBSD);
    arrive(b, 'SYN-ACK', { seq: 300, ack: 1 });
    expect(b.tcb.state).toBe('ESTABLISHED');
    expect(b.tcb.timers.user).toBe(Number.POSITIVE_INFINITY);
  });

  it('a SYN-ACK goes three times again', () => {
    const { resends, endAt } = untilGone(inState('SYN-RECEIVED', FREEBSD));
    expect([...resends, endAt]).toEqual([1, 3.2, 7.4, 15.6]);
  });

  it('data goes twelve times again; the RTO doubles nine times, 200 ms come on top', () => {
    const b = inState('ESTABLISHED', FREEBSD);
    b.tcb.rto.rtoUs = 260_000;
    b.tcb.rto.slopUs = 200_000;
    send(b, 100);
    sent(b);
    const { resends, endAt } = untilGone(b);
    const times = [0, ...resends, endAt];
    const gaps = times.slice(1).map((time, i) => Number((time - (times[i] ?? 0)).toFixed(2)));
    const wanted = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 512, 512, 512].map((n) =>
      Number((0.06 * n + 0.2).toFixed(2)),
    );
    expect(gaps).toEqual(wanted);
  });
});
