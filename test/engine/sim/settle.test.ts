import { describe, expect, it } from 'vitest';
import { DEFAULT_HOST, DEFAULT_LIMITS, DEFAULT_LINK } from '../../../src/engine/config';
import { settle } from '../../../src/engine/sim/settle';
import { slotAt, type World } from '../../../src/engine/sim/state';
import { callWorld, createWorld, eventCount, stepOutput, stepWorld } from '../../../src/engine/sim/world';
import { TIMER_NAMES } from '../../../src/engine/tcp/timers';

function worldOf(names: readonly string[]): World {
  const hosts = names.map((name, index) => ({ ...DEFAULT_HOST, name, address: `10.0.0.${index + 1}`, port: 7 }));
  return createWorld({ hosts, links: [], defaultLink: DEFAULT_LINK, seed: 1, limits: DEFAULT_LIMITS });
}

describe('what the world looks at after an event', () => {
  it.each(TIMER_NAMES.map((name, index) => [name, index] as const))(
    'sees that the %s timer was started',
    (name, index) => {
      const world = worldOf(['a']);
      const slot = slotAt(world, 0);
      slot.tcb.timers[name] = 5;
      settle(world, slot);
      expect(slot.nextTimer).toBe(-1);
      slot.tcb.timersChanged = true;
      settle(world, slot);
      expect([slot.nextTimer, slot.nextAtUs, slot.timerAtUs[index]]).toEqual([index, 5, 5]);
      expect(slot.tcb.timersChanged).toBe(false);
    },
  );

  it('takes the timers that are due at one instant in the order of their names', () => {
    const world = worldOf(['a']);
    const slot = slotAt(world, 0);
    const expired: (string | undefined)[] = [];
    for (const name of TIMER_NAMES) slot.tcb.timers[name] = 5;
    for (const _ of TIMER_NAMES) {
      slot.tcb.timersChanged = true;
      settle(world, slot);
      const name = TIMER_NAMES[slot.nextTimer];
      expired.push(name);
      if (name !== undefined) slot.tcb.timers[name] = Number.POSITIVE_INFINITY;
    }
    expect(expired).toEqual(TIMER_NAMES);
  });

  it('lets connections send in the order in which they came to have something to send', () => {
    const names = ['a', 'b', 'c', 'd'];
    const world = worldOf([...names, 'server']);
    for (const name of ['c', 'a', 'd', 'b'])
      callWorld(world, name, { kind: 'open-active', remoteHost: 'server' }, null, null);
    const senders: string[] = [];
    const sink = (event: Parameters<NonNullable<Parameters<typeof stepWorld>[1]>>[0]) => {
      if (event.kind === 'segment-sent') senders.push(event.record.from);
    };
    // One out of turn: the others keep theirs.
    expect(stepOutput(world, 'd', sink)).toBe(true);
    expect(stepOutput(world, 'd', sink)).toBe(false);
    callWorld(world, 'd', { kind: 'abort' }, null, null);
    while (eventCount(world) < 4) stepWorld(world, sink);
    expect(senders).toEqual(['d', 'c', 'a', 'b']);
    expect(world.pending.count).toBe(0);
  });
});
