import type { CongestionControl, CongestionState, CongestionView } from './index';

/** Halves (RFC 5681 equation (4)): FlightSize, or the window of a host that counts segments. At least two segments. */
function threshold(state: CongestionState, { flightBytes, mssBytes, wholeSegments }: CongestionView): number {
  // What limited transmit let out beyond cwnd does not count (RFC 5681 section 3.2, step 2).
  if (!wholeSegments) return Math.max(Math.floor(Math.min(flightBytes, state.cwndBytes) / 2), 2 * mssBytes);
  return Math.max(Math.floor(state.cwndBytes / mssBytes / 2), 2) * mssBytes;
}

/** One segment more for each window that was acknowledged (RFC 5681 section 3.1, the byte counting that it recommends). */
function avoid(state: CongestionState, ackedBytes: number, { mssBytes }: CongestionView): void {
  if (state.creditBytes >= state.cwndBytes) {
    state.creditBytes = 0;
    state.cwndBytes += mssBytes;
  }
  state.creditBytes += ackedBytes;
  if (state.creditBytes < state.cwndBytes) return;
  const windows = Math.floor(state.creditBytes / state.cwndBytes);
  state.creditBytes -= windows * state.cwndBytes;
  state.cwndBytes += windows * mssBytes;
}

/** Reno (RFC 5681). */
export const RENO: CongestionControl = { threshold, avoid };
