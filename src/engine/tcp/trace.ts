import type { CallResult, UserCall } from '../calls';
import type { EventSink, SegmentId, Signal } from '../events';
import { wantsDetail } from '../events';
import type { Octets } from '../octets';
import { octetsLength } from '../octets';
import type { RuleId } from '../rules';
import type { TcpState } from '../states';
import type { TcpContext } from './context';
import { causeOf } from './context';
import type { Tcb } from './tcb';
import { windowsNoted } from './windowTrace';

/** Enters a state and says why. */
export function enterState(tcb: Tcb, to: TcpState, ctx: TcpContext, rule: RuleId): void {
  const from = tcb.state;
  tcb.state = to;
  if (ctx.sink === null || from === to) return;
  ctx.sink({
    kind: 'state',
    timeUs: ctx.nowUs,
    host: tcb.config.name,
    peer: tcb.peer,
    main: tcb.isMain,
    from,
    to,
    cause: causeOf(ctx, rule),
  });
}

/** Says that a step decided something which shows in no other event. */
export function note(tcb: Tcb, ctx: TcpContext, rule: RuleId): void {
  if (ctx.sink !== null) tellNote(tcb, ctx, ctx.sink, rule);
}

function tellNote(tcb: Tcb, ctx: TcpContext, sink: NonNullable<EventSink>, rule: RuleId): void {
  if (wantsDetail(sink)) {
    sink({
      kind: 'note',
      timeUs: ctx.nowUs,
      host: tcb.config.name,
      peer: tcb.peer,
      main: tcb.isMain,
      cause: causeOf(ctx, rule),
    });
  }
  windowsNoted(tcb, ctx, rule);
}

/** Says that an arriving segment is dropped, in whole. */
export function discard(tcb: Tcb, segment: SegmentId, ctx: TcpContext, rule: RuleId): void {
  ctx.discarded = rule;
  if (!wantsDetail(ctx.sink)) return;
  const cause = causeOf(ctx, rule);
  ctx.sink({
    kind: 'segment-discarded',
    timeUs: ctx.nowUs,
    host: tcb.config.name,
    peer: tcb.peer,
    main: tcb.isMain,
    segment,
    cause,
  });
}

/** Says that an arriving segment is kept for later. */
export function keepForLater(tcb: Tcb, segment: SegmentId, ctx: TcpContext, rule: RuleId): void {
  if (!wantsDetail(ctx.sink)) return;
  ctx.sink({
    kind: 'segment-queued',
    timeUs: ctx.nowUs,
    host: tcb.config.name,
    peer: tcb.peer,
    main: tcb.isMain,
    segment,
    cause: causeOf(ctx, rule),
  });
}

/** Tells the application something unasked. */
export function signalUser(tcb: Tcb, signal: Signal, ctx: TcpContext, rule: RuleId): void {
  if (ctx.sink === null) return;
  ctx.sink({
    kind: 'signal',
    timeUs: ctx.nowUs,
    host: tcb.config.name,
    peer: tcb.peer,
    main: tcb.isMain,
    signal,
    cause: causeOf(ctx, rule),
  });
}

/** ERROR_REPORT: tells the application of trouble that does not end the connection, unless it wants no such reports (RFC 9293 section 3.9.1.8, MUST-47 and SHLD-20). */
export function reportError(tcb: Tcb, signal: Signal, ctx: TcpContext, rule: RuleId): void {
  if (tcb.preferences.errorReports) signalUser(tcb, signal, ctx, rule);
  else note(tcb, ctx, 'report-withheld');
}

/** Says that octets were handed to the application. */
export function delivered(tcb: Tcb, octets: Octets, ctx: TcpContext, rule: RuleId): void {
  if (ctx.sink === null) return;
  const lengthBytes = octetsLength(octets);
  const cause = causeOf(ctx, rule);
  ctx.sink({
    kind: 'delivered',
    timeUs: ctx.nowUs,
    host: tcb.config.name,
    peer: tcb.peer,
    main: tcb.isMain,
    lengthBytes,
    octets,
    cause,
  });
}

/** Finishes a call that had to wait; `line` is the script line that made it. */
export function completeCall(
  tcb: Tcb,
  call: UserCall['kind'],
  result: CallResult,
  line: number | null,
  ctx: TcpContext,
  rule: RuleId,
): void {
  if (ctx.sink === null) return;
  const cause = { rule, line, trigger: ctx.trigger };
  ctx.sink({
    kind: 'call-completed',
    timeUs: ctx.nowUs,
    host: tcb.config.name,
    peer: tcb.peer,
    main: tcb.isMain,
    call,
    result,
    cause,
  });
}
