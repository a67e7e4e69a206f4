import type { Tcb } from './tcb';

/**
 * R2: when a segment has been sent again often enough (RFC 9293 section 3.8.3). "R1 and R2 are measured in units of time or
 * as a count of retransmissions"; some TCPs do both, so that neither a long RTO nor a clamped one changes how long they try.
 */

/** R2 for data and probes: fewer where nobody waits for the outcome any more (Linux: tcp_orphan_retries). */
export function dataRetries(tcb: Tcb): number {
  const { retries, orphanRetries } = tcb.config;
  return tcb.rcv.closed ? (orphanRetries ?? retries) : retries;
}

/** Whether data or a FIN has been sent again often or long enough. */
export function triedEnough(tcb: Tcb, nowUs: number): boolean {
  const { config, rto } = tcb;
  const most = dataRetries(tcb);
  if (!config.retriesTakeTime) return rto.attempts >= most;
  return rto.attempts > 0 && nowUs - rto.waitsSinceUs >= modelUs(most, config.rtoMinUs, config.rtoMaxUs);
}

/** Whether a SYN or SYN-ACK has been sent again often or long enough (MUST-22, MUST-23). */
export function synTriedEnough(tcb: Tcb, nowUs: number): boolean {
  const { config, rto } = tcb;
  if (tcb.origin === 'passive') return rto.attempts >= (config.synAckRetries ?? config.synRetries);
  const linear = tcb.state === 'SYN-SENT' ? config.synLinearTimeouts : 0;
  if (rto.attempts >= config.synRetries + linear) return true;
  if (!config.retriesTakeTime || rto.attempts === 0) return false;
  return nowUs - rto.waitsSinceUs >= modelUs(config.synRetries, config.rtoInitialUs, config.rtoMaxUs);
}

/** How long so many retransmissions take, from an RTO of `leastUs` that doubles up to `mostUs` (Linux: tcp_model_timeout). */
function modelUs(retransmissions: number, leastUs: number, mostUs: number): number {
  const doublings = Math.floor(Math.log2(mostUs / leastUs));
  if (retransmissions <= doublings) return (2 ** (retransmissions + 1) - 1) * leastUs;
  return (2 ** (doublings + 1) - 1) * leastUs + (retransmissions - doublings) * mostUs;
}
