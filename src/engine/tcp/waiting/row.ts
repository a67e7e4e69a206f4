import { formatTimeUs } from '../../formatTime';
import type { RuleId } from '../../rules';
import type { TcpState } from '../../states';
import { effectiveSendMss, fullSegmentBytes } from '../options';
import { congestionRoom } from '../recovery/state';
import { nothingOutstanding } from '../retransmissionQueue';
import type { Tcb } from '../tcb';
import { timerRuns } from '../timers';
import { maySendData, sendableBytes, unsentBytes, usableWindow } from '../windows';

/** What a reason keeps back: new data, our FIN, an acknowledgment, something lost, or nothing at all. */
export type HeldBack = 'data' | 'fin' | 'ack' | 'lost' | 'nothing';

/** One reason why nothing is sent now. Plain data. */
export interface WaitingReason {
  /** The rule that asks TCP to wait. */
  readonly rule: RuleId;
  readonly holds: HeldBack;
  /** One sentence with its numbers. */
  readonly text: string;
  /** The numbers of the sentence: bytes, segments and microseconds, by name. */
  readonly numbers: Readonly<Record<string, number>>;
  /** When the wait is over at the latest, by TCP's own clock; null when only somebody else can end it. */
  readonly untilUs: number | null;
}

/** What the rows look at, reckoned once. */
export interface Facts {
  readonly tcb: Tcb;
  /** The virtual time, in microseconds. */
  readonly nowUs: number;
  /** Octets that have not been sent. */
  readonly unsent: number;
  readonly usable: number;
  /** What the next data segment could carry as far as the window goes. */
  readonly most: number;
  readonly mss: number;
  readonly idle: boolean;
  /** Data may leave in this state, there is some, and nothing lets it. */
  readonly stuck: boolean;
  /** cwnd has no room for the next segment. */
  readonly full: boolean;
}

/** One reason to wait. */
export interface Row {
  readonly rule: RuleId;
  readonly holds: HeldBack;
  readonly applies: (facts: Facts) => boolean;
  readonly numbers: (facts: Facts) => Record<string, number>;
  readonly text: (numbers: Readonly<Record<string, number>>, facts: Facts) => string;
  /** The timer whose end ends the wait. */
  readonly timer?: keyof Tcb['timers'];
}

/** `1 byte`, `1460 bytes`. */
export const bytes = (count: number | undefined): string => `${count ?? 0} ${count === 1 ? 'byte' : 'bytes'}`;
/** `1 segment`, `3 segments`. */
export const segments = (count: number | undefined): string => `${count ?? 0} ${count === 1 ? 'segment' : 'segments'}`;
/** A sentence without numbers. */
export const none = (): Record<string, number> => ({});
/** A row that holds in these states. */
export const inState = (...states: readonly TcpState[]) => {
  return ({ tcb }: Facts): boolean => states.includes(tcb.state);
};
/** `before` and the time at which the timer expires; nothing when it does not run. */
export const at = ({ tcb }: Facts, timer: keyof Tcb['timers'], before: string): string =>
  timerRuns(tcb, timer) ? `${before} ${formatTimeUs(tcb.timers[timer])}` : '';

/** What the rows look at, for this connection. */
export function factsOf(tcb: Tcb, nowUs: number): Facts {
  const unsent = unsentBytes(tcb);
  const usable = usableWindow(tcb);
  const mss = effectiveSendMss(tcb);
  const most = Math.min(unsent, usable);
  const needed = tcb.config.countsSegments ? fullSegmentBytes(tcb) : Math.min(most, mss);
  return {
    tcb,
    nowUs,
    unsent,
    usable,
    most,
    mss,
    idle: nothingOutstanding(tcb.retransmissionQueue),
    stuck: maySendData(tcb) && unsent > 0 && sendableBytes(tcb) === 0,
    full: usable > 0 && congestionRoom(tcb) < needed,
  };
}
