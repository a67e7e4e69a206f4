import { describe, expect, it } from 'vitest';
import { arrive, type Bench, call, close, expire, inState, rulesOf, send, sent } from './harness';
import { NEVER } from './scene';

const due = (b: Bench): number => b.tcb.timers.persist;

/** ESTABLISHED with that window, and nothing on its way. */
function windowOf(wnd: number, config: Parameters<typeof inState>[1] = {}): Bench {
  const b = inState('ESTABLISHED', config);
  arrive(b, 'ACK', { wnd: 4000 });
  arrive(b, 'ACK', { wnd });
  b.events.length = 0;
  return b;
}

describe('the persist timer (RFC 9293 section 3.8.6.1)', () => {
  it.each<[string, number, number, boolean]>([
    ['runs while the window is closed and something waits', 0, 100, true],
    ['not when nothing waits', 0, 0, false],
    ['not when the window is open', 4000, 100, false],
    ['runs while silly window avoidance keeps something back', 1000, 3000, true],
    ['not when what waits fits', 1000, 1000, false],
  ])('%s', (_what, wnd, bytes, runs) => {
    const b = windowOf(wnd);
    if (bytes > 0) send(b, bytes);
    expect(due(b) !== NEVER).toBe(runs);
  });

  it('runs for a FIN alone', () => {
    const b = windowOf(0);
    close(b);
    expect(due(b)).not.toBe(NEVER);
  });

  it('goes on from event to event, and stops as the window opens', () => {
    const b = windowOf(0);
    send(b, 3000);
    const first = due(b);
    expect(first).toBe(b.ctx.nowUs + b.tcb.rto.rtoUs);
    b.ctx.nowUs += 300_000;
    send(b, 10);
    arrive(b, 'ACK', { wnd: 0 });
    expect(due(b)).toBe(first);
    expect(rulesOf(b, 'timer-started').filter((rule) => rule === 'persist-start')).toHaveLength(1);
    arrive(b, 'ACK', { wnd: 4000 });
    expect(due(b)).toBe(NEVER);
    expect(rulesOf(b, 'timer-stopped')).toEqual(['persist-stop']);
  });

  it('the override of silly window avoidance comes after one second at most (section 3.8.6.2.1, rule 4)', () => {
    const b = windowOf(1000, { rtoInitialUs: 5_000_000, rtoMinUs: 5_000_000 });
    send(b, 3000);
    const first = b.ctx.nowUs + 1_000_000;
    expect(due(b)).toBe(first);
    b.ctx.nowUs += 400_000;
    send(b, 10);
    expect(due(b)).toBe(first);
  });

  it('a longer wait is cut short when a small window comes', () => {
    const b = windowOf(0, { rtoInitialUs: 5_000_000, rtoMinUs: 5_000_000 });
    send(b, 3000);
    expect(due(b)).toBe(b.ctx.nowUs + 5_000_000);
    b.ctx.nowUs += 100_000;
    arrive(b, 'ACK', { wnd: 1000 });
    expect(due(b)).toBe(b.ctx.nowUs + 1_000_000);
    b.ctx.nowUs += 100_000;
    arrive(b, 'ACK', { wnd: 1000 });
    expect(due(b)).toBe(b.ctx.nowUs + 900_000);
  });

  it('does not run while a probe is owed', () => {
    const b = windowOf(0);
    send(b, 100);
    expect(expire(b)).toMatch(/^persist/);
    expect(due(b)).toBe(NEVER);
    sent(b);
    expect(due(b)).not.toBe(NEVER);
  });

  it('the retransmission timer does the work while data is on its way', () => {
    const b = windowOf(4000);
    send(b, 1000);
    sent(b);
    arrive(b, 'ACK', { ack: 1, wnd: 0 });
    send(b, 100);
    expect(due(b)).toBe(NEVER);
    expect(b.tcb.timers.retransmission).not.toBe(NEVER);
  });
});

describe('a probe that asks without data (Linux)', () => {
  const probed = (config: Parameters<typeof inState>[1] = {}): Bench => {
    const b = windowOf(0, { probeForm: 'below-una', ...config });
    send(b, 100);
    expire(b);
    expect(sent(b)).toEqual(['ACK seq 0 ack 1']);
    return b;
  };

  it('the answer begins the next interval, twice as long (SHLD-30)', () => {
    const b = probed();
    b.ctx.nowUs += 100_000;
    arrive(b, 'ACK', { ack: 1, wnd: 0 });
    expect(due(b)).toBe(b.ctx.nowUs + 2 * b.tcb.rto.rtoUs);
  });

  it('an ACK that answers no probe leaves it alone', () => {
    const b = windowOf(0, { probeForm: 'below-una' });
    send(b, 100);
    const first = due(b);
    b.ctx.nowUs += 100_000;
    arrive(b, 'ACK', { ack: 1, wnd: 0 });
    expect(due(b)).toBe(first);
  });

  it('what sets it off remembers why it was started', () => {
    const b = windowOf(0);
    send(b, 100);
    const startedAt = b.ctx.nowUs;
    expire(b);
    expect(b.tcb.owed.probe).toMatchObject({
      rule: 'window-probe',
      trigger: { kind: 'timer', timer: 'persist', started: { atUs: startedAt, rule: 'persist-start', line: 7 } },
    });
    // What happens later does not change that.
    const { trigger } = b.tcb.owed.probe ?? {};
    sent(b);
    call(b, { kind: 'abort' });
    expect(trigger).toMatchObject({ started: { atUs: startedAt } });
  });
});
