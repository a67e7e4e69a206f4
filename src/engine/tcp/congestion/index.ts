/**
 * Congestion control: how much may be on its way at once. A control is two functions over plain data: what the threshold
 * is after a loss, and how the window grows with what is acknowledged. All else (finding losses, recovering from them) is
 * in `recovery`, and is the same for every control.
 */
import type { CongestionControlName } from '../../config';
import type { Seq } from '../../seq';
import { seq } from '../../seq';
import { CUBIC } from './cubic';
import type { CubicState } from './cubicCounting';
import { CUBIC_COUNTING, freshCubic } from './cubicCounting';
import type { HystartState } from './hystart';
import { freshHystart } from './hystart';
import { RENO } from './reno';

/** The congestion window and what it grows by. Windows are bytes; a host that counts segments keeps whole ones. */
export interface CongestionState {
  /** cwnd (RFC 5681 section 2); Infinity before the connection is established, and without congestion control. */
  cwndBytes: number;
  /** ssthresh (RFC 5681 section 3.1); Infinity at first. */
  ssthreshBytes: number;
  /** What was acknowledged in congestion avoidance since cwnd grew last. */
  creditBytes: number;
  /** The window was full in this round: only then does it grow (RFC 5681 section 3.1, RFC 7661). */
  limited: boolean;
  /** The most that was on its way in this round, and the number that ends the round. */
  mostOutBytes: number;
  roundEnd: Seq;
  /** When data left last, for the restart after idle time (RFC 5681 section 4.1); null before the first. */
  sentAtUs: number | null;
  /** The most that was on its way since the window was full last, and when that was (RFC 2861 section 3). */
  usedBytes: number;
  fullAtUs: number;
  /** CUBIC's W_max (RFC 9438 section 4.1.2), in bytes; 0 before the first loss. */
  wMaxBytes: number;
  /** When CUBIC's congestion avoidance began; null outside of it. */
  epochUs: number | null;
  /** CUBIC's cwnd_epoch and W_est. */
  epochBytes: number;
  estimateBytes: number;
  /** CUBIC in whole segments and ticks, and HyStart. */
  readonly cubic: CubicState;
  readonly hystart: HystartState;
}

/** What a control needs to know about the connection. */
export interface CongestionView {
  readonly mssBytes: number;
  /** Whole segments only. */
  readonly wholeSegments: boolean;
  /** L: by how much slow start lets cwnd grow for one ACK at most, in bytes; Infinity for no such bound (RFC 3465 section 2.3). */
  readonly slowStartBytes: number;
  /** FlightSize: sent and not acknowledged, in bytes (RFC 5681 section 2). */
  readonly flightBytes: number;
  readonly nowUs: number;
  readonly srttUs: number;
  /** The clock's tick in microseconds. */
  readonly tickUs: number;
}

/** A congestion control. */
export interface CongestionControl {
  /** ssthresh after a loss, in bytes. */
  threshold(state: CongestionState, view: CongestionView): number;
  /** Lets cwnd grow in congestion avoidance by what was acknowledged. */
  avoid(state: CongestionState, ackedBytes: number, view: CongestionView): void;
  /** A round trip was measured. */
  measured?(state: CongestionState, rttUs: number, view: CongestionView): void;
  /** The retransmission timer expired. */
  timedOut?(state: CongestionState): void;
  /** Data leaves after nothing was on its way for `idleUs`. */
  resumes?(state: CongestionState, idleUs: number, view: CongestionView): void;
}

/** The controls by name; the second of each is for a host whose CUBIC counts in ticks. */
const CONTROLS: Readonly<Record<CongestionControlName, readonly [CongestionControl | null, CongestionControl | null]>> =
  {
    off: [null, null],
    reno: [RENO, RENO],
    cubic: [CUBIC, CUBIC_COUNTING],
  };

/** The control of that name; null for none. `ticks`: as a host reckons that counts in ticks (HostConfig `cubicTickUs`). */
export function congestionControl(name: CongestionControlName, ticks = false): CongestionControl | null {
  return CONTROLS[name][ticks ? 1 : 0];
}

/** A copy that lives on its own. */
export function cloneCongestion(state: CongestionState): CongestionState {
  return { ...state, cubic: { ...state.cubic }, hystart: { ...state.hystart } };
}

/** Before the connection is established nothing bounds what is sent. */
export function freshCongestion(): CongestionState {
  return {
    cwndBytes: Number.POSITIVE_INFINITY,
    ssthreshBytes: Number.POSITIVE_INFINITY,
    creditBytes: 0,
    limited: false,
    mostOutBytes: 0,
    roundEnd: seq(0),
    sentAtUs: null,
    usedBytes: 0,
    fullAtUs: 0,
    wMaxBytes: 0,
    epochUs: null,
    epochBytes: 0,
    estimateBytes: 0,
    cubic: freshCubic(),
    hystart: freshHystart(),
  };
}

/** Lets cwnd grow by what one ACK acknowledged: slow start up to ssthresh, then congestion avoidance (RFC 5681 section 3.1). */
export function growWindow(
  control: CongestionControl,
  state: CongestionState,
  ackedBytes: number,
  view: CongestionView,
): void {
  let left = ackedBytes;
  if (state.cwndBytes < state.ssthreshBytes) {
    // RFC 5681 equation (2) with L of RFC 3465 section 2.3.
    const step = Math.min(left, view.slowStartBytes);
    const grown = Math.min(state.cwndBytes + step, state.ssthreshBytes);
    left = view.wholeSegments ? left - (grown - state.cwndBytes) : 0;
    state.cwndBytes = grown;
  }
  if (left > 0) control.avoid(state, left, view);
}

/** The initial window in bytes (RFC 6928 section 2; RFC 5681 section 3.1 with `segments` null). */
export function initialWindowBytes(segments: number | null, mssBytes: number, wholeSegments: boolean): number {
  if (segments !== null) {
    return wholeSegments ? segments * mssBytes : Math.min(segments * mssBytes, Math.max(2 * mssBytes, segments * 1460));
  }
  return (mssBytes > 2190 ? 2 : mssBytes > 1095 ? 3 : 4) * mssBytes;
}
