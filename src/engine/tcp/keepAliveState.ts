/** Keep-alives: off unless the host asks for them (RFC 9293 section 3.8.4, MUST-24 and MUST-25). */
export interface KeepAlive {
  /** When a segment of the connection arrived last. */
  heardAtUs: number;
  /** How many probes have gone out since, without an answer. */
  probes: number;
}

/** Before the first segment. */
export function freshKeepAlive(): KeepAlive {
  return { heardAtUs: 0, probes: 0 };
}
