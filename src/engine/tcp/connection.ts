import type { CallResult, UserCall } from '../calls';
import type { HostConfig } from '../config';
import type { SegmentId, TimerName } from '../events';
import type { IcmpId, IcmpMessage } from '../icmp';
import type { Segment } from '../segment';
import { arrives } from './arrives';
import { call } from './calls/call';
import type { TcpContext } from './context';
import { icmpArrives } from './icmpArrives';
import { heardFrom } from './keepAlive';
import type { Emission, OutputKind } from './output';
import { nextOutput, output } from './output';
import { updatePersist } from './persist';
import { catchUpReader } from './receiveMemory';
import type { Tcb } from './tcb';
import { cloneTcb, createTcb } from './tcb';
import { timeout } from './timeouts';
import { timerTrigger } from './timerStarts';
import { earliestTimer } from './timers';
import { beginWindows, endWindows } from './windowTrace';

export type { Emission } from './output';

/** A connection in CLOSED, at the host's port unless another one is named. */
export function createConnection(config: HostConfig, port: number = config.port): Tcb {
  return createTcb(config, port);
}

/** A copy of which neither sees the other's changes; immutable parts are shared. */
export function cloneConnection(tcb: Tcb): Tcb {
  return cloneTcb(tcb);
}

/**
 * A user call (RFC 9293 sections 3.10.1 to 3.10.6). Emits no segment: it leaves output pending. OPEN reads
 * `ctx.remote`, the remote socket it names. Writes `ctx.trigger`.
 */
export function userCall(tcb: Tcb, request: UserCall, ctx: TcpContext): CallResult {
  ctx.trigger = { kind: 'call', call: request.kind };
  tcb.lastTrigger = ctx.trigger;
  beginWindows(tcb, ctx);
  catchUpReader(tcb, ctx.nowUs);
  const result = call(tcb, request, ctx);
  updatePersist(tcb, ctx);
  endWindows(tcb, ctx);
  return result;
}

/**
 * SEGMENT ARRIVES (RFC 9293 section 3.10.7) in any state. A segment that is not for this connection (other port, other
 * remote socket) is treated as in CLOSED. When the application reads by itself, data in order is handed over here.
 * Leaves resets and acknowledgments pending. Writes `ctx.trigger`.
 */
export function segmentArrives(tcb: Tcb, segment: Segment, segmentId: SegmentId, ctx: TcpContext): void {
  ctx.trigger = { kind: 'segment', segment: segmentId };
  tcb.lastTrigger = ctx.trigger;
  tcb.counters.segmentsReceived++;
  beginWindows(tcb, ctx);
  catchUpReader(tcb, ctx.nowUs);
  arrives(tcb, segment, segmentId, ctx);
  heardFrom(tcb, ctx);
  updatePersist(tcb, ctx);
  endWindows(tcb, ctx);
}

/** An ICMP error message about a segment of this connection (RFC 9293 section 3.9.2.2). Writes `ctx.trigger`. */
export function icmpReceived(tcb: Tcb, message: IcmpMessage, id: IcmpId, ctx: TcpContext): void {
  ctx.trigger = { kind: 'icmp', icmp: id };
  tcb.lastTrigger = ctx.trigger;
  beginWindows(tcb, ctx);
  icmpArrives(tcb, message, id, ctx);
  updatePersist(tcb, ctx);
  endWindows(tcb, ctx);
}

/** The timer that expires first, in the order of (time, TIMER_NAMES); null when none runs. */
export function nextTimer(tcb: Tcb): { timer: TimerName; atUs: number } | null {
  const timer = earliestTimer(tcb);
  return timer === null ? null : { timer, atUs: tcb.timers[timer] };
}

/** A timer that was due at `ctx.nowUs` expires (RFC 9293 section 3.10.8). Writes `ctx.trigger`; `ctx.line` should be null. */
export function timerExpires(tcb: Tcb, timer: TimerName, ctx: TcpContext): void {
  ctx.trigger = timerTrigger(tcb.timerStarts, timer);
  tcb.lastTrigger = ctx.trigger;
  beginWindows(tcb, ctx);
  catchUpReader(tcb, ctx.nowUs);
  timeout(tcb, timer, ctx);
  updatePersist(tcb, ctx);
  endWindows(tcb, ctx);
}

/** Whether something waits to be sent now: nothing, only a bare ACK, or anything else (`eager`). */
export function pendingOutput(tcb: Tcb): 'none' | 'ack' | 'eager' {
  const next = nextOutput(tcb);
  return next === 'none' || next === 'ack' ? next : 'eager';
}

/** Sends one segment, of the kind that `nextOutput` says; null when there is none. Starts timers and moves SND.NXT. */
export function emit(tcb: Tcb, ctx: TcpContext, next: OutputKind = nextOutput(tcb)): Emission | null {
  ctx.trigger = tcb.lastTrigger;
  beginWindows(tcb, ctx);
  const emission = output(tcb, next, ctx);
  if (emission !== null) {
    tcb.counters.segmentsSent++;
    updatePersist(tcb, ctx);
  }
  endWindows(tcb, ctx);
  return emission;
}
