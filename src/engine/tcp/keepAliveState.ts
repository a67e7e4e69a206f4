import type { Trigger } from '../events';

/** Keep-alives: off unless the host asks for them (RFC 9293 section 3.8.4, MUST-24 and MUST-25). */
export interface KeepAlive {
  /** When a segment of the connection arrived last. */
  heardAtUs: number;
  /** What brought it, and the script line that led to its sending; null before the first. */
  heardBy: Trigger | null;
  heardLine: number | null;
  /** How many probes have gone out since, without an answer. */
  probes: number;
}

/** Before the first segment. */
export function freshKeepAlive(): KeepAlive {
  return { heardAtUs: 0, heardBy: null, heardLine: null, probes: 0 };
}
