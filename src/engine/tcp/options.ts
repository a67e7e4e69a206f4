import type { Segment, SegmentOptions } from '../segment';
import type { Tcb } from './tcb';

/** Default send MSS when no MSS option came (RFC 9293 section 3.7.1, MUST-15). */
const DEFAULT_MSS_IPV4 = 536;
const DEFAULT_MSS_IPV6 = 1220;

/** The options of a SYN or SYN-ACK: the MSS always goes along (RFC 9293 section 3.7.1, MAY-3). */
export function synOptions(tcb: Tcb): SegmentOptions {
  return { mss: tcb.config.mssBytes };
}

/** Takes in the options of the remote SYN (RFC 9293 section 3.7.1, MUST-14 and MUST-15). An MSS of 0 says nothing and counts as none. */
export function takeSynOptions(tcb: Tcb, segment: Segment): void {
  const fallback = tcb.config.address.includes(':') ? DEFAULT_MSS_IPV6 : DEFAULT_MSS_IPV4;
  tcb.snd.mssBytes = segment.options.mss || fallback;
}

/**
 * Eff.snd.MSS, the most payload in one segment, in bytes (RFC 9293 section 3.7.1, MUST-16). The host's own MSS stands
 * for MMS_S - 20, and no option rides on segments with data. At least 1, so that an absurd option can not stop the flow.
 */
export function effectiveSendMss(tcb: Tcb): number {
  return Math.max(1, Math.min(tcb.snd.mssBytes, tcb.config.mssBytes));
}
