import type { HostConfig } from '../config';
import type { Seq } from '../seq';
import { seqGeq } from '../seq';

/** The retransmission timer's reckoning (RFC 6298). Times are microseconds. */
export interface RtoState {
  /** SRTT; null before the first sample. */
  srttUs: number | null;
  /** RTTVAR; null before the first sample. */
  rttvarUs: number | null;
  /** RTO as it stands, back-off and slop included. */
  rtoUs: number;
  /** How much of it is slop (HostConfig `rtoSlopUs`): what back-off does not double. */
  slopUs: number;
  /** How often the front of the retransmission queue has been sent again since the last answer; 0 at first. */
  attempts: number;
  /** Since when it has been waited for: the first retransmission, or for a SYN its first sending; microseconds. */
  waitsSinceUs: number;
  /** The segment whose round trip is being timed: the number after it and when it left; null when none is. */
  timing: { readonly end: Seq; readonly sentAtUs: number } | null;
  /** The timer expired while a SYN was waiting for its ACK (RFC 6298 section 5.7). */
  synTimedOut: boolean;
  /** How many window probes went out since the window closed (RFC 9293 section 3.8.6.1); 0 when none is going on. */
  probes: number;
}

/** RFC 6298 section 2.3: alpha = 1/8, beta = 1/4, K = 4; section 5.7: 3 seconds. */
const ALPHA = 1 / 8;
const BETA = 1 / 4;
const K = 4;
const AFTER_SYN_TIMEOUT_US = 3_000_000;

/** The clock granularity G of RFC 6298 section 2: the engine's clock counts microseconds. */
const GRANULARITY_US = 1;

/** RFC 6298 section 2.1: no sample yet. */
export function createRto(config: HostConfig): RtoState {
  return {
    srttUs: null,
    rttvarUs: null,
    rtoUs: config.rtoInitialUs,
    slopUs: 0,
    attempts: 0,
    waitsSinceUs: 0,
    timing: null,
    synTimedOut: false,
    probes: 0,
  };
}

/** Starts again, for a new connection. */
export function resetRto(rto: RtoState, config: HostConfig): void {
  Object.assign(rto, createRto(config));
}

/** Begins to time a segment that ends before `end`, unless one is being timed (RFC 6298 section 3: one at a time is enough). */
export function startTiming(rto: RtoState, end: Seq, nowUs: number): void {
  if (rto.timing === null) rto.timing = { end, sentAtUs: nowUs };
}

/** Karn's algorithm: the ACK of a segment that was sent twice tells nothing about the round trip (RFC 6298 section 3). */
export function stopTiming(rto: RtoState): void {
  rto.timing = null;
}

/** Takes the sample when `ack` acknowledges the timed segment; true when there was one. */
export function ackTimed(rto: RtoState, ack: Seq, nowUs: number, config: HostConfig): boolean {
  if (rto.timing === null || !seqGeq(ack, rto.timing.end)) return false;
  takeSample(rto, nowUs - rto.timing.sentAtUs, config);
  rto.timing = null;
  return true;
}

/** RFC 6298 sections 2.2 and 2.3, with the bounds of 2.4 and 2.5. `rttUs` is the measured round trip. */
export function takeSample(rto: RtoState, rttUs: number, config: HostConfig): void {
  if (rto.srttUs === null || rto.rttvarUs === null) {
    rto.srttUs = rttUs;
    rto.rttvarUs = Math.round(rttUs / 2);
  } else {
    rto.rttvarUs = Math.round((1 - BETA) * rto.rttvarUs + BETA * Math.abs(rto.srttUs - rttUs));
    rto.srttUs = Math.round((1 - ALPHA) * rto.srttUs + ALPHA * rttUs);
  }
  const leastVariance = config.rtoMinOnVariance ? config.rtoMinUs : GRANULARITY_US;
  addSlop(rto, bounded(rto.srttUs + Math.max(leastVariance, K * rto.rttvarUs), config), config);
}

/** RFC 6298 section 5.5: the timer backs off. */
export function backOff(rto: RtoState, config: HostConfig): void {
  const { mostDoublings } = config;
  if (mostDoublings !== null && rto.attempts > mostDoublings) return;
  addSlop(rto, (rto.rtoUs - rto.slopUs) * 2, config);
}

function addSlop(rto: RtoState, plainUs: number, config: HostConfig): void {
  rto.slopUs = config.rtoSlopUs;
  rto.rtoUs = Math.min(plainUs + config.rtoSlopUs, config.rtoMaxUs);
}

/** RFC 6298 section 5.7: data transmission begins after a SYN had to be sent again. */
export function reinitializeAfterSyn(rto: RtoState, config: HostConfig): void {
  const tooShort = config.rtoInitialUs < AFTER_SYN_TIMEOUT_US;
  if (rto.synTimedOut && tooShort && rto.srttUs === null) rto.rtoUs = bounded(AFTER_SYN_TIMEOUT_US, config);
  rto.synTimedOut = false;
}

/** How long to wait for the next window probe: RTO, doubled for each probe sent (RFC 9293 section 3.8.6.1, SHLD-29 and SHLD-30). */
export function persistUs(rto: RtoState, config: HostConfig): number {
  const { least, most } = config.persistBoundsUs ?? { least: 0, most: config.rtoMaxUs };
  return Math.min(Math.max(rto.rtoUs * 2 ** Math.min(rto.probes, 30), least), most);
}

function bounded(rtoUs: number, config: HostConfig): number {
  return Math.min(Math.max(rtoUs, config.rtoMinUs), config.rtoMaxUs);
}
