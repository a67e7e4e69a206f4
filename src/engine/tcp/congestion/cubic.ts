import type { CongestionControl, CongestionState, CongestionView } from './index';

/** C of RFC 9438 section 5: segments per second cubed. */
const C = 0.4;
/** beta_cubic of RFC 9438 section 4.6, in tenths: whole bytes times it are whole tenths. */
const BETA_TENTHS = 7;
const BETA = BETA_TENTHS / 10;
/** alpha_cubic of RFC 9438 section 4.3: what Reno with this beta adds per round trip. */
const ALPHA = (3 * (1 - BETA)) / (1 + BETA);
/** The window after ssthresh is at least two segments (RFC 9438 section 4.6). */
const LEAST_SEGMENTS = 2;

/** Multiplicative decrease with fast convergence (RFC 9438 sections 4.6 and 4.7). */
function threshold(state: CongestionState, { mssBytes, wholeSegments }: CongestionView): number {
  const { cwndBytes } = state;
  state.wMaxBytes = cwndBytes < state.wMaxBytes ? (cwndBytes * (1 + BETA)) / 2 : cwndBytes;
  state.epochUs = null;
  const least = LEAST_SEGMENTS * mssBytes;
  const unitBytes = wholeSegments ? mssBytes : 1;
  return Math.max(Math.floor(((cwndBytes / unitBytes) * BETA_TENTHS) / 10) * unitBytes, least);
}

/** Follows W_cubic(t) = C (t - K)^3 + W_max, but never slower than Reno would (RFC 9438 sections 4.2 to 4.5). */
function avoid(state: CongestionState, ackedBytes: number, view: CongestionView): void {
  const { mssBytes, nowUs, srttUs } = view;
  if (state.epochUs === null) beginEpoch(state, nowUs);
  const epochUs = state.epochUs ?? nowUs;
  const maxSegments = Math.max(state.wMaxBytes, state.epochBytes) / mssBytes;
  const k = Math.cbrt(Math.max(0, maxSegments - state.epochBytes / mssBytes) / C);
  const t = (nowUs - epochUs + srttUs) / 1e6;
  const { cwndBytes } = state;
  const cubic = (C * (t - k) ** 3 + maxSegments) * mssBytes;
  const target = Math.min(Math.max(cubic, cwndBytes), 1.5 * cwndBytes);
  state.estimateBytes += (state.estimateBytes < state.wMaxBytes ? ALPHA : 1) * mssBytes * (ackedBytes / cwndBytes);
  state.creditBytes += (Math.max(target, state.estimateBytes) - cwndBytes) * (ackedBytes / cwndBytes);
  const whole = Math.floor(state.creditBytes / mssBytes);
  if (whole <= 0) return;
  state.creditBytes -= whole * mssBytes;
  state.cwndBytes += whole * mssBytes;
}

function beginEpoch(state: CongestionState, nowUs: number): void {
  state.epochUs = nowUs;
  state.epochBytes = state.cwndBytes;
  state.estimateBytes = state.cwndBytes;
  state.creditBytes = 0;
}

/** CUBIC (RFC 9438). */
export const CUBIC: CongestionControl = { threshold, avoid };
