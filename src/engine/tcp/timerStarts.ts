import type { TimerName, TimerStart, Trigger } from '../events';
import type { RuleId } from '../rules';
import type { TcpContext } from './context';

/** Why each timer was started last. Written in place: timers are started with nearly every segment. */
export type TimerStarts = Record<TimerName, { -readonly [K in keyof TimerStart]: TimerStart[K] }>;

const NEVER: TimerStart = { atUs: 0, rule: 'rto-start', line: null, trigger: { kind: 'network' } };

/** Before any timer was started. */
export function createTimerStarts(): TimerStarts {
  return {
    retransmission: { ...NEVER },
    persist: { ...NEVER },
    'delayed-ack': { ...NEVER },
    'time-wait': { ...NEVER },
    user: { ...NEVER },
    'keep-alive': { ...NEVER },
    'loss-probe': { ...NEVER },
    reordering: { ...NEVER },
  };
}

/** A copy that lives on its own. */
export function cloneTimerStarts(starts: TimerStarts): TimerStarts {
  return {
    retransmission: { ...starts.retransmission },
    persist: { ...starts.persist },
    'delayed-ack': { ...starts['delayed-ack'] },
    'time-wait': { ...starts['time-wait'] },
    user: { ...starts.user },
    'keep-alive': { ...starts['keep-alive'] },
    'loss-probe': { ...starts['loss-probe'] },
    reordering: { ...starts.reordering },
  };
}

/** Remembers why a timer starts now. */
export function noteStart(starts: TimerStarts, timer: TimerName, ctx: TcpContext, rule: RuleId): void {
  const start = starts[timer];
  start.atUs = ctx.nowUs;
  start.rule = rule;
  start.line = ctx.line;
  start.trigger = ctx.trigger;
}

/** What is set off by the end of a timer: it remembers why the timer had been started. */
export function timerTrigger(starts: TimerStarts, timer: TimerName): Trigger {
  return { kind: 'timer', timer, started: { ...starts[timer] } };
}
