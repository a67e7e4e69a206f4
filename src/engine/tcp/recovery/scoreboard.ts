import type { Segment } from '../../segment';
import type { Seq } from '../../seq';
import { seqAdd, seqDiff, seqGeq, seqGt, seqLeq, seqLt } from '../../seq';
import type { TcpContext } from '../context';
import { fullSegmentBytes } from '../options';
import { lastSacked } from '../queueMarks';
import type { RetransmissionQueue, SentSegment } from '../retransmissionQueue';
import { entryAt, firstFrom, outstandingSegments, replaceEntry, shiftAcknowledged } from '../retransmissionQueue';
import type { SackBlock } from '../selectiveAcks';
import type { Tcb } from '../tcb';

/** What one ACK told about the segments on their way. */
export interface AckNews {
  readonly priorUna: Seq;
  /** SND.UNA moved up. */
  advanced: boolean;
  /** Without SACK it is a duplicate ACK as RFC 5681 section 2 has it. */
  duplicate: boolean;
  /** Segments, and their bytes, that left the queue. */
  ackedSegments: number;
  ackedBytes: number;
  /** Of these, what no SACK had told of before. */
  freshSegments: number;
  freshBytes: number;
  /** What SACK blocks told of for the first time. */
  sackedSegments: number;
  sackedBytes: number;
  /** Something arrived that was sent only once, before this phase of recovery began (RFC 5682 section 3, step 3b). */
  originalArrived: boolean;
  /** A DSACK block came (RFC 2883), and how many segments it tells to have been delivered twice. */
  dsack: boolean;
  twiceSegments: number;
  /** The DSACK speaks of the tail loss probe. */
  probeTwice: boolean;
  /** The round trip of the segment that left last of those which arrived and were sent once; null for none. */
  rttUs: number | null;
  /** TSecr; null without timestamps. */
  readonly tsecr: number | null;
  /** ECE was set (RFC 3168). */
  readonly congested: boolean;
  /** How many segments were taken to be lost, and sent again, before this ACK. */
  readonly lostBefore: number;
}

/** Nothing told yet. */
export function freshNews(tcb: Tcb, segment: Segment, congested: boolean): AckNews {
  return {
    priorUna: tcb.snd.una,
    advanced: false,
    duplicate: false,
    ackedSegments: 0,
    ackedBytes: 0,
    freshSegments: 0,
    freshBytes: 0,
    sackedSegments: 0,
    sackedBytes: 0,
    originalArrived: false,
    dsack: false,
    twiceSegments: 0,
    probeTwice: false,
    rttUs: null,
    tsecr: tcb.options.timestamps ? (segment.options.ts?.[1] ?? null) : null,
    congested,
    lostBefore: tcb.retransmissionQueue.lostSegments,
  };
}

/** Takes what SND.UNA now covers off the queue. */
export function takeAcknowledged(tcb: Tcb, news: AckNews, ctx: TcpContext): void {
  const queue = tcb.retransmissionQueue;
  const highest = highestSacked(queue);
  let again = false;
  for (let sent = shiftAcknowledged(queue, tcb.snd.una); sent !== null; sent = shiftAcknowledged(queue, tcb.snd.una)) {
    news.ackedSegments++;
    news.ackedBytes += sent.lengthBytes;
    if (sent.sacked) continue;
    again ||= sent.transmissions > 1;
    news.freshSegments++;
    news.freshBytes += sent.lengthBytes;
    arrived(tcb, sent, news, highest, ctx);
  }
  if (!again) return;
  // Karn: what was sent again says nothing about the round trip, and without SACK nothing about what arrived at first.
  news.rttUs = null;
  if (!tcb.options.sack) news.originalArrived = false;
}

/** Update(): marks what the SACK blocks tell of (RFC 6675 section 4), and takes in a DSACK (RFC 2883 section 4). */
export function takeSackBlocks(tcb: Tcb, blocks: readonly SackBlock[], ack: Seq, news: AckNews, ctx: TcpContext): void {
  const queue = tcb.retransmissionQueue;
  const isDsack = takeDsack(tcb, blocks, ack, news);
  const highest = highestSacked(queue);
  const told: SackBlock[] = [];
  for (let i = isDsack ? 1 : 0; i < blocks.length; i++) {
    const block = blocks[i];
    if (block === undefined || seqGeq(block[0], block[1]) || seqGt(block[1], tcb.snd.max)) continue;
    markSacked(tcb, block, news, highest, ctx);
    told.push(block);
  }
  queue.told = told;
}

/** Where the new part of a block begins: most often it is one of the last ACK, and a segment more. */
function firstNew(queue: RetransmissionQueue, [left, right]: SackBlock): number {
  const first = firstFrom(queue, left);
  const known = queue.told.find((block) => block[0] === left && seqLeq(block[1], right));
  // One that lay across the known edge was left out.
  return known === undefined ? first : Math.max(first, firstFrom(queue, known[1]) - 1);
}

function markSacked(tcb: Tcb, block: SackBlock, news: AckNews, highest: Seq | null, ctx: TcpContext): void {
  const queue = tcb.retransmissionQueue;
  const right = block[1];
  const count = outstandingSegments(queue);
  for (let i = firstNew(queue, block); i < count; i++) {
    const sent = entryAt(queue, i);
    if (sent === null || seqGeq(sent.seq, right)) return;
    if (sent.sacked || seqGt(seqAdd(sent.seq, sent.lengthBytes), right)) continue;
    replaceEntry(queue, i, { ...sent, sacked: true, lost: false, resent: false });
    news.sackedSegments++;
    news.sackedBytes += sent.lengthBytes;
    arrived(tcb, sent, news, highest, ctx);
  }
}

/** A segment is known to have arrived: RACK's and F-RTO's view of it, and whether it came out of order. */
function arrived(tcb: Tcb, sent: SentSegment, news: AckNews, highest: Seq | null, ctx: TcpContext): void {
  const { recovery } = tcb;
  const end = seqAdd(sent.seq, sent.lengthBytes);
  if (sent.transmissions === 1) {
    news.rttUs = ctx.nowUs - sent.sentAtUs;
    if (seqLeq(end, recovery.recover)) news.originalArrived = true;
    if (highest !== null && seqLt(sent.seq, highest))
      noteReordering(tcb, sent.seq, seqAdd(highest, -fullSegmentBytes(tcb)));
  }
  advanceRack(tcb, sent, ctx);
}

/** The most that DupThresh grows to (Linux: net.ipv4.tcp_max_reordering). */
const MOST_REORDERING = 300;

/** The segment at `at` arrived after the one that begins at `beyond`: so many later ones make no loss (Linux: tcp_check_sack_reordering). */
export function noteReordering(tcb: Tcb, at: Seq, beyond: Seq): void {
  const { recovery } = tcb;
  recovery.reordering = true;
  if (!tcb.config.undo) return;
  const degree = Math.ceil(seqDiff(beyond, at) / fullSegmentBytes(tcb));
  recovery.dupThresh = Math.max(recovery.dupThresh, Math.min(degree, MOST_REORDERING));
}

/** RACK_update(): the latest sent segment that has arrived (RFC 8985 section 6.2, step 2). */
function advanceRack(tcb: Tcb, sent: SentSegment, ctx: TcpContext): void {
  const { recovery } = tcb;
  const rttUs = ctx.nowUs - sent.sentAtUs;
  // The ACK may be for the first copy, when it took less than the fastest round trip.
  if (sent.transmissions > 1 && isTooFast(tcb, rttUs)) return;
  if (sent.transmissions === 1 && rttUs < recovery.minRttUs) recovery.minRttUs = rttUs;
  recovery.rackAdvanced = true;
  recovery.rackRttUs = rttUs;
  recovery.rackOrder = Math.max(recovery.rackOrder, sent.order);
}

function isTooFast({ recovery, config }: Tcb, rttUs: number): boolean {
  return rttUs < recovery.minRttUs || (config.rackDoubtsLeastRtt && rttUs === recovery.minRttUs);
}

/** The first block is a DSACK when it lies below SEG.ACK or inside the second (RFC 2883 section 4). */
function takeDsack(tcb: Tcb, blocks: readonly SackBlock[], ack: Seq, news: AckNews): boolean {
  const [first, second] = blocks;
  if (first === undefined) return false;
  const below = seqLt(first[0], ack);
  const inside = second !== undefined && seqGeq(first[0], second[0]) && seqLeq(first[1], second[1]);
  if (!below && !inside) return false;
  const { recovery } = tcb;
  news.dsack = true;
  const twice = Math.ceil(seqDiff(first[1], first[0]) / fullSegmentBytes(tcb));
  recovery.twiceSegments += twice;
  // More than was ever sent again can not have come twice because of us.
  if (recovery.twiceSegments <= tcb.counters.retransmissions) news.twiceSegments = twice;
  if (recovery.tlpEnd !== null && recovery.tlpResent && first[1] === recovery.tlpEnd) news.probeTwice = true;
  if (!news.probeTwice) widenReordering(tcb);
  const { undoFrom } = recovery;
  if (undoFrom !== null && recovery.undoResent > 0 && seqGt(first[1], undoFrom)) recovery.undoResent--;
  return true;
}

/** How many recoveries a wider reordering window lasts (RFC 8985 section 6.2, step 4). */
const KEPT_RECOVERIES = 16;
/** The most quarters of the least RTT that it can have: RACK.reo_wnd_mult is an octet in practice. */
const MOST_STEPS = 255;

/** A segment was sent again for nothing while others overtake each other: wait longer from now on (RFC 8985 section 6.2, step 4). */
function widenReordering(tcb: Tcb): void {
  const { recovery } = tcb;
  if (!recovery.reordering) return;
  if (recovery.reorderingRound !== null && seqLt(tcb.snd.una, recovery.reorderingRound)) return;
  recovery.reorderingRound = tcb.snd.nxt;
  recovery.reorderingSteps = Math.min(MOST_STEPS, recovery.reorderingSteps + 1);
  recovery.reorderingKept = KEPT_RECOVERIES;
}

/** The number after the highest segment that was SACKed; null when none was. */
export function highestSacked(queue: RetransmissionQueue): Seq | null {
  const last = lastSacked(queue);
  const sent = last < 0 ? null : entryAt(queue, last);
  return sent === null ? null : seqAdd(sent.seq, sent.lengthBytes);
}
