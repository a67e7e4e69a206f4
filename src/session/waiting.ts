import type { SegmentId } from '../engine/events';
import {
  cancelWake,
  eagerOutput,
  inFlightTowards,
  nextEventTimeUs,
  scheduleWake,
  stepOutput,
} from '../engine/sim/world';
import { absorb, isInFlight, makeMoment, nowUs, type Run } from './run';
import type { Thread } from './runState';
import type { Deadline } from './wait';

/** How far a statement has come: it is done, it waits for the world, or it can go on. */
export type Progress = 'done' | 'blocked' | 'again';

/** The segments on their way to any of `hosts`. */
export function inFlightTo(run: Run, hosts: readonly string[]): SegmentId[] {
  return hosts.flatMap((host) => inFlightTowards(run.state.world, host));
}

/** Makes `thread` wait until `segments` have arrived or are lost. */
export function awaitArrivals(thread: Thread, segments: readonly SegmentId[], last = false): Progress {
  thread.wait = { kind: 'arrivals', segments, last };
  return 'blocked';
}

/** Whether none of `segments` is on its way any more. */
export function haveArrived(run: Run, segments: readonly SegmentId[]): boolean {
  return !segments.some((id) => isInFlight(run.state, id));
}

/** The time `withinUs` after `fromUs`, at which the world will stop; null when there is no bound. */
export function deadlineFor(run: Run, fromUs: number, withinUs: number | null): Deadline | null {
  return withinUs === null ? null : deadlineAt(run, fromUs + withinUs);
}

/** The time `atUs`, at which the world will stop unless {@link endWait} comes before. */
export function deadlineAt(run: Run, atUs: number): Deadline {
  return { atUs, wake: atUs > nowUs(run) ? scheduleWake(run.state.world, atUs) : null };
}

/** Whether a deadline has passed: what happens at that very instant still counts. */
export function hasPassed(run: Run, deadline: Deadline | null): boolean {
  if (run.idle) return true;
  return deadline !== null && nowUs(run) >= deadline.atUs && !instantGoesOn(run);
}

/** Ends what `thread` waits for. A stop of the clock that nobody waits for any more is taken back, or `run` would go on to it. */
export function endWait(run: Run, thread: Thread): void {
  const { wait } = thread;
  thread.wait = null;
  if (wait === null || !('deadline' in wait) || wait.deadline === null || wait.deadline.wake === null) return;
  cancelWake(run.state.world, wait.deadline.wake);
}

/** Whether something is still left to happen at this instant. */
export function instantGoesOn(run: Run): boolean {
  return nextEventTimeUs(run.state.world) === nowUs(run);
}

/** Lets `host`'s TCP send one segment of what a call set free; false when there is nothing more that may not wait. */
export function drainOne(run: Run, thread: Thread, host: string): boolean {
  const { world } = run.state;
  if (!eagerOutput(world, host) || !stepOutput(world, host, run.sink)) return false;
  recordSent(run, thread);
  return true;
}

/** Makes the moment of a segment that has just been put on the link. */
export function recordSent(run: Run, thread: Thread): void {
  if (run.keep === null) {
    absorb(run);
    makeMoment(run, 'segment-sent', thread);
    return;
  }
  const sent = run.batch.find((event) => event.kind === 'segment-sent');
  absorb(run);
  if (sent?.kind !== 'segment-sent') throw new Error('output without a segment');
  const { record } = sent;
  makeMoment(run, 'segment-sent', thread, { host: record.from, segment: record.id, cause: record.cause });
}
