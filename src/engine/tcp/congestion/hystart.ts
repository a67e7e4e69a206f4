import type { Seq } from '../../seq';
import { seq, seqGt } from '../../seq';
import type { CongestionState } from './index';

/**
 * HyStart: slow start ends before it loses anything, when the ACKs of a round take longer than half a round trip to come,
 * or when round trips grow (Ha and Rhee, 2008; Linux: hystart_update).
 */
export interface HystartState {
  /** It has ended slow start once; only a timeout begins anew. */
  found: boolean;
  /** When this round began, when its last ACK of a train came, and the number that ends it. */
  roundAtUs: number;
  lastAckUs: number;
  roundEnd: Seq;
  /** The least round trip of this round, and how many samples it has. */
  roundRttUs: number;
  samples: number;
  /** The least round trip of all; 0 before the first. */
  leastRttUs: number;
}

/** What an ACK tells HyStart. */
export interface HystartNews {
  readonly nowUs: number;
  readonly rttUs: number;
  readonly una: Seq;
  readonly nxt: Seq;
  readonly mssBytes: number;
}

/** Below this window, in segments, slow start goes on. */
const LOW_WINDOW = 16;
/** ACKs of a train are no further apart. */
const TRAIN_GAP_US = 2_000;
/** What the sending of one large piece may take. */
const PIECE_US = 1_000;
/** How many samples a round has to have, and by how much it has to be slower: an eighth, within these bounds. */
const SAMPLES = 8;
const LEAST_DELAY_US = 4_000;
const MOST_DELAY_US = 16_000;

/** Before the first ACK. */
export function freshHystart(): HystartState {
  return {
    found: false,
    roundAtUs: 0,
    lastAckUs: 0,
    roundEnd: seq(0),
    roundRttUs: Number.POSITIVE_INFINITY,
    samples: 0,
    leastRttUs: 0,
  };
}

/** A new round begins. */
export function startRound(state: HystartState, nowUs: number, nxt: Seq): void {
  state.roundAtUs = nowUs;
  state.lastAckUs = nowUs;
  state.roundEnd = nxt;
  state.roundRttUs = Number.POSITIVE_INFINITY;
  state.samples = 0;
}

/** Takes in a round trip; ends slow start when it is time. */
export function watchSlowStart(state: CongestionState, news: HystartNews): void {
  const { hystart } = state;
  const { nowUs, rttUs, una, nxt, mssBytes } = news;
  if (hystart.leastRttUs === 0 || rttUs < hystart.leastRttUs) hystart.leastRttUs = Math.max(1, rttUs);
  if (hystart.found || state.cwndBytes >= state.ssthreshBytes) return;
  if (seqGt(una, hystart.roundEnd)) startRound(hystart, nowUs, nxt);
  if (state.cwndBytes < LOW_WINDOW * mssBytes) return;
  if (trainIsLong(hystart, nowUs) || roundIsSlow(hystart, rttUs)) {
    hystart.found = true;
    state.ssthreshBytes = state.cwndBytes;
  }
}

function trainIsLong(hystart: HystartState, nowUs: number): boolean {
  if (nowUs - hystart.lastAckUs > TRAIN_GAP_US) return false;
  hystart.lastAckUs = nowUs;
  return nowUs - hystart.roundAtUs > (hystart.leastRttUs + PIECE_US) >> 1;
}

function roundIsSlow(hystart: HystartState, rttUs: number): boolean {
  hystart.roundRttUs = Math.min(hystart.roundRttUs, rttUs);
  if (hystart.samples < SAMPLES) {
    hystart.samples++;
    return false;
  }
  const slack = Math.min(Math.max(hystart.leastRttUs >> 3, LEAST_DELAY_US), MOST_DELAY_US);
  return hystart.roundRttUs > hystart.leastRttUs + slack;
}
