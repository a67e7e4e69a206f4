import type { SegmentId } from '../engine/events';
import type { IcmpId } from '../engine/icmp';
import {
  cancelWake,
  eagerOutput,
  icmpRecord,
  icmpTowards,
  inFlightTowards,
  nextEventTimeUs,
  scheduleWake,
  stepOutput,
} from '../engine/sim/world';
import { chiefCause } from './importance';
import { absorb, isInFlight, makeMoment, nowUs, type Run } from './run';
import type { Thread } from './runState';
import type { Deadline } from './wait';

/** How far a statement has come: it is done, it waits for the world, or it can go on. */
export type Progress = 'done' | 'blocked' | 'again';

/** What is on its way. */
export interface Coming {
  readonly segments: readonly SegmentId[];
  readonly icmp: readonly IcmpId[];
}

/** The segments and ICMP messages on their way to any of `hosts`. */
export function inFlightTo(run: Run, hosts: readonly string[]): Coming {
  const { world } = run.state;
  return {
    segments: hosts.flatMap((host) => inFlightTowards(world, host)),
    icmp: hosts.flatMap((host) => icmpTowards(world, host)),
  };
}

/** How many things are on their way. */
export function countOf({ segments, icmp }: Coming): number {
  return segments.length + icmp.length;
}

/** Makes `thread` wait until all that is `coming` has arrived or is lost. */
export function awaitArrivals(thread: Thread, coming: Coming, last = false): Progress {
  thread.wait = { kind: 'arrivals', ...coming, last };
  return 'blocked';
}

/** Whether nothing of it is on its way any more. */
export function haveArrived(run: Run, { segments, icmp }: Coming): boolean {
  const { world } = run.state;
  return (
    !segments.some((id) => isInFlight(run.state, id)) && !icmp.some((id) => icmpRecord(world, id).fate === 'in-flight')
  );
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

/** Makes the moment of an ICMP message that a router has sent, or that has arrived. */
export function recordIcmp(run: Run, thread: Thread): void {
  const event = run.batch.find(({ kind }) => kind === 'icmp-sent' || kind === 'icmp-arrived');
  const chief = chiefCause(run.batch);
  absorb(run);
  if (event?.kind !== 'icmp-sent' && event?.kind !== 'icmp-arrived') throw new Error('an ICMP step without a message');
  const { record, kind } = event;
  const { icmpSent, icmpArrived } = run.log;
  (kind === 'icmp-sent' ? icmpSent : icmpArrived).set(record.id, run.state.momentCount);
  makeMoment(run, kind, thread, { host: kind === 'icmp-sent' ? record.from : record.to, cause: chief });
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
