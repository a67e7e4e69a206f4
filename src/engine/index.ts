/**
 * The engine: TCP as RFC 9293 says it, and a world for it to live in.
 *
 * Theory of operation. Everything is plain data changed by functions; there is no clock, no randomness from outside, and
 * nothing happens by itself. One TCP (`tcp/`) is a {@link Tcb} and five entry points (`tcp/connection.ts`): a user call, an
 * arriving segment, a timer that expires (the three events of RFC 9293 section 3.10), the question what is to be sent, and
 * the sending of one segment. Events never send: they leave marks in `tcb.owed`, and `output.ts` makes one segment at a
 * time from them, so that data and FIN of the same instant carry the ACK along (MUST-58). `tcp/` has a file for each
 * event and a function for each state or numbered check, in the RFC's order.
 *
 * The world (`sim/`) owns the hosts, the links, the virtual time and the queue of events, and does exactly one thing per
 * step. The same configuration and calls give the same run to the byte, which is what stepping back rests on: copy a
 * world at some moment, and replay.
 *
 * Every move says why: a {@link Cause} names a rule of `rules.ts`, which knows its RFC, section, requirement id and one
 * sentence. A user's mistake is a returned value; an exception is a bug.
 *
 * Invariants of a {@link Tcb} from SYN-SENT on: SND.UNA =< SND.NXT =< SND.MAX; the entries of the retransmission queue
 * follow one another without gap from SND.UNA (the first may begin before it) to SND.NXT; the send queue begins at
 * max(SND.UNA, ISS+1); the blocks of the reassembly queue lie after RCV.NXT and do not overlap; RCV.NXT + RCV.WND never
 * moves back.
 */
export type { CallError, CallResult, UserCall } from './calls';
export { CALL_NAMES } from './calls';
export type { HostConfig, LinkConfig, WorldConfig, WorldLimits } from './config';
export { DEFAULT_HOST, DEFAULT_LIMITS, DEFAULT_LINK } from './config';
export type {
  Cause,
  EngineEvent,
  EventSink,
  IcmpRecord,
  SegmentId,
  SegmentRecord,
  Signal,
  TimerName,
  Trigger,
} from './events';
export type { IcmpKind, IcmpMessage } from './icmp';
export { ICMP_KINDS } from './icmp';
export type { Rule, RuleId } from './rules';
export { RULES, rule } from './rules';
export type { Endpoint, FlagName, Segment, SegmentOptions } from './segment';
export { FLAG, flagNames, segLen } from './segment';
export type { Seq } from './seq';
export type { TcpState } from './states';
export { STATES } from './states';
export type { Tcb } from './tcp/tcb';
export type { Variable, VariableUnit, VariableValue } from './variables';
export { VARIABLES } from './variables';
