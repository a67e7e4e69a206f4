import type { CongestionControl, CongestionState, CongestionView } from './index';

/**
 * CUBIC as a host that counts segments, and time in ticks, reckons it (Linux: tcp_cubic.c): the same curve as RFC 9438 in
 * whole numbers, asked once a tick for how many segments have to be acknowledged until cwnd grows by one.
 */
export interface CubicState {
  /** Acknowledged segments for one more in cwnd. */
  segmentsPerStep: number;
  /** W_max, and cwnd and the tick as they were when the curve was asked last. Segments. */
  lastMax: number;
  lastCwnd: number;
  lastTick: number;
  /** W at K, and K in 1024ths of a second. */
  origin: number;
  k: number;
  /** The tick in which congestion avoidance began; null outside of it. */
  epochTick: number | null;
  /** What was acknowledged since, and the window that Reno would have. Segments. */
  acked: number;
  reno: number;
  /** The least round trip; 0 before the first. */
  leastRttUs: number;
}

/** C = 0.4 as 410/1024, beta = 0.7 as 717/1024, and the rest of Linux's scales. */
const C = 410;
const BETA = 717;
const ONE = 1024;
const RENO_SCALE = 15;
const CUBE_FACTOR = 2 ** 40 / C;
/** Until a first loss cwnd grows by a twentieth in a round trip at least, and never by more than a half. */
const FIRST_MOST = 20;
const LEAST_PER_STEP = 2;
/** The curve is not asked again within this time while cwnd stays the same; 1/32 second. */
const PAUSE_US = 31_250;

/** Before the first loss. */
export function freshCubic(): CubicState {
  return {
    segmentsPerStep: 0,
    lastMax: 0,
    lastCwnd: 0,
    lastTick: 0,
    origin: 0,
    k: 0,
    epochTick: null,
    acked: 0,
    reno: 0,
    leastRttUs: 0,
  };
}

function threshold(state: CongestionState, { mssBytes }: CongestionView): number {
  const { cubic } = state;
  const cwnd = Math.floor(state.cwndBytes / mssBytes);
  cubic.lastMax = cwnd < cubic.lastMax ? Math.floor((cwnd * (ONE + BETA)) / (2 * ONE)) : cwnd;
  cubic.epochTick = null;
  return Math.max(Math.floor((cwnd * BETA) / ONE), 2) * mssBytes;
}

function avoid(state: CongestionState, ackedBytes: number, view: CongestionView): void {
  const { mssBytes } = view;
  const cwnd = Math.floor(state.cwndBytes / mssBytes);
  const acked = Math.floor(ackedBytes / mssBytes);
  follow(state.cubic, cwnd, acked, view);
  const step = state.cubic.segmentsPerStep * mssBytes;
  if (state.creditBytes >= step) {
    state.creditBytes = 0;
    state.cwndBytes += mssBytes;
  }
  state.creditBytes += acked * mssBytes;
  if (state.creditBytes < step) return;
  const steps = Math.floor(state.creditBytes / step);
  state.creditBytes -= steps * step;
  state.cwndBytes += steps * mssBytes;
}

/** How fast cwnd is to grow now (Linux: bictcp_update). */
function follow(cubic: CubicState, cwnd: number, acked: number, { nowUs, tickUs }: CongestionView): void {
  const tick = Math.floor(nowUs / tickUs);
  cubic.acked += acked;
  if (cubic.lastCwnd === cwnd && (tick - cubic.lastTick) * tickUs <= PAUSE_US) return;
  if (cubic.epochTick === null || tick !== cubic.lastTick) {
    cubic.lastCwnd = cwnd;
    cubic.lastTick = tick;
    askCurve(cubic, cwnd, acked, tick, tickUs);
  }
  asFastAsReno(cubic, cwnd);
  cubic.segmentsPerStep = Math.max(cubic.segmentsPerStep, LEAST_PER_STEP);
}

function askCurve(cubic: CubicState, cwnd: number, acked: number, tick: number, tickUs: number): void {
  if (cubic.epochTick === null) {
    cubic.epochTick = tick;
    cubic.acked = acked;
    cubic.reno = cwnd;
    cubic.k = cubic.lastMax <= cwnd ? 0 : Math.round(Math.cbrt(CUBE_FACTOR * (cubic.lastMax - cwnd)));
    cubic.origin = Math.max(cubic.lastMax, cwnd);
  }
  const ticks = tick - cubic.epochTick + Math.ceil(cubic.leastRttUs / tickUs);
  const t = Math.floor((ticks * tickUs * ONE) / 1e6);
  const away = Math.abs(t - cubic.k);
  const delta = Math.floor((C * away ** 3) / 2 ** 40);
  const target = t < cubic.k ? cubic.origin - delta : cubic.origin + delta;
  cubic.segmentsPerStep = target > cwnd ? Math.floor(cwnd / (target - cwnd)) : 100 * cwnd;
  if (cubic.lastMax === 0) cubic.segmentsPerStep = Math.min(cubic.segmentsPerStep, FIRST_MOST);
}

/** Never slower than Reno with this beta (RFC 9438 section 4.3). */
function asFastAsReno(cubic: CubicState, cwnd: number): void {
  const perStep = (cwnd * RENO_SCALE) >> 3;
  while (perStep > 0 && cubic.acked > perStep) {
    cubic.acked -= perStep;
    cubic.reno++;
  }
  if (cubic.reno <= cwnd) return;
  cubic.segmentsPerStep = Math.min(cubic.segmentsPerStep, Math.floor(cwnd / (cubic.reno - cwnd)));
}

/** A round trip was measured; the samples right after a recovery do not count (Linux: cubictcp_acked). */
function measured(state: CongestionState, rttUs: number, { nowUs, tickUs }: CongestionView): void {
  const { cubic } = state;
  if (cubic.epochTick !== null && (Math.floor(nowUs / tickUs) - cubic.epochTick) * tickUs < 1e6) return;
  if (cubic.leastRttUs === 0 || rttUs < cubic.leastRttUs) cubic.leastRttUs = Math.max(1, rttUs);
}

/** After a timeout nothing of the past counts. */
function timedOut(state: CongestionState): void {
  Object.assign(state.cubic, freshCubic());
}

/** Nothing was on its way for a while: the curve stands still as long (RFC 9438 section 5.8). */
function resumes(state: CongestionState, idleUs: number, { nowUs, tickUs }: CongestionView): void {
  const { cubic } = state;
  if (cubic.epochTick === null || idleUs <= 0) return;
  cubic.epochTick = Math.min(cubic.epochTick + Math.floor(idleUs / tickUs), Math.floor(nowUs / tickUs));
}

/** CUBIC in whole segments and ticks. */
export const CUBIC_COUNTING: CongestionControl = { threshold, avoid, measured, timedOut, resumes };
