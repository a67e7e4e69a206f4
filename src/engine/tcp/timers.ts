import type { EventSink, TimerName } from '../events';
import { wantsDetail } from '../events';
import type { RuleId } from '../rules';
import type { TcpContext } from './context';
import { causeOf } from './context';
import type { Tcb } from './tcb';
import { noteStart } from './timerStarts';

/**
 * Every timer, in the order in which those that are due at the same instant expire. What the user timeout gives up is not
 * sent once more at the same instant.
 */
export const TIMER_NAMES: readonly TimerName[] = [
  'user',
  'delayed-ack',
  'reordering',
  'loss-probe',
  'retransmission',
  'persist',
  'keep-alive',
  'time-wait',
];

const OFF = Number.POSITIVE_INFINITY;

/** Whether this timer runs. */
export function timerRuns(tcb: Tcb, timer: TimerName): boolean {
  return isSet(tcb.timers[timer]);
}

/**
 * Whether a timer runs, by what `tcb.timers` says of it. For what is asked with each segment: a property that the source
 * names is read faster than one whose name is a value.
 */
export function isSet(expiresUs: number): boolean {
  return expiresUs !== OFF;
}

/** The timer that expires first; null when none runs. */
export function earliestTimer(tcb: Tcb): TimerName | null {
  let earliest: TimerName | null = null;
  let atUs = OFF;
  for (const timer of TIMER_NAMES) {
    if (tcb.timers[timer] < atUs) {
      earliest = timer;
      atUs = tcb.timers[timer];
    }
  }
  return earliest;
}

/** (Re)starts a timer so that it expires after `durationUs`. */
export function startTimer(tcb: Tcb, timer: TimerName, durationUs: number, ctx: TcpContext, rule: RuleId): void {
  tcb.timers[timer] = ctx.nowUs + durationUs;
  tcb.timersChanged = true;
  noteStart(tcb.timerStarts, timer, ctx, rule);
  if (wantsDetail(ctx.sink)) tellStart(tcb, timer, ctx, ctx.sink, rule);
}

/** Stops a timer if it runs. */
export function stopTimer(tcb: Tcb, timer: TimerName, ctx: TcpContext, rule: RuleId): void {
  if (tcb.timers[timer] === OFF) return;
  tcb.timers[timer] = OFF;
  tcb.timersChanged = true;
  if (wantsDetail(ctx.sink)) tellEnd(tcb, 'timer-stopped', timer, ctx, ctx.sink, rule);
}

/** Stops every timer but `except`. */
export function stopTimers(tcb: Tcb, ctx: TcpContext, rule: RuleId, except: TimerName | null = null): void {
  for (const timer of TIMER_NAMES) if (timer !== except) stopTimer(tcb, timer, ctx, rule);
}

/** A timer that was due has run out: it no longer runs. */
export function clearExpired(tcb: Tcb, timer: TimerName, ctx: TcpContext, rule: RuleId): void {
  tcb.timers[timer] = OFF;
  tcb.timersChanged = true;
  if (wantsDetail(ctx.sink)) tellEnd(tcb, 'timer-expired', timer, ctx, ctx.sink, rule);
}

function tellStart(tcb: Tcb, timer: TimerName, ctx: TcpContext, sink: NonNullable<EventSink>, rule: RuleId): void {
  sink({
    kind: 'timer-started',
    timeUs: ctx.nowUs,
    host: tcb.config.name,
    peer: tcb.peer,
    main: tcb.isMain,
    timer,
    expiresUs: tcb.timers[timer],
    cause: causeOf(ctx, rule),
  });
}

function tellEnd(
  tcb: Tcb,
  kind: 'timer-stopped' | 'timer-expired',
  timer: TimerName,
  ctx: TcpContext,
  sink: NonNullable<EventSink>,
  rule: RuleId,
): void {
  sink({
    kind,
    timeUs: ctx.nowUs,
    host: tcb.config.name,
    peer: tcb.peer,
    main: tcb.isMain,
    timer,
    cause: causeOf(ctx, rule),
  });
}
