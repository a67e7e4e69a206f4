import { NO_OCTETS, octetsLength } from '../octets';
import type { Seq } from '../seq';
import { seqAdd, seqGeq, seqGt, seqLeq, seqLt, seqMin } from '../seq';
import type { ReassemblyQueue } from './reassembly';
import { blockEnd, firstEndingAfter } from './reassembly';
import type { Tcb } from './tcb';

/** A stretch of sequence numbers: left edge, and right edge after the last. */
export type SackBlock = readonly [Seq, Seq];

/** How many blocks fit beside timestamps, and without them (RFC 2018 section 3). */
const BLOCKS_WITH_TIMESTAMPS = 3;
const BLOCKS = 4;

/**
 * Notes that octets from `at` on were put into the reassembly queue: their block is reported first, then the others, the
 * latest first (RFC 2018 section 4).
 */
export function noteHeld(tcb: Tcb, at: Seq): void {
  if (!tcb.options.sack) return;
  const block = withFin(tcb, at);
  if (block === null) return;
  const others = tcb.rcv.sacks.filter(([left, right]) => seqLt(right, block[0]) || seqGt(left, block[1]));
  tcb.rcv.sacks = [block, ...others].slice(0, BLOCKS);
}

/** From here on in the list of blocks, a change is told at once: the remote TCP may not hear of it again (Linux: TCP_SACK_BLOCKS_EXPECTED). */
const NEAR_BLOCKS = 2;

/** Whether text from `left` to `right` lies at none of the blocks that changed last. */
export function isFarBlock(tcb: Tcb, left: Seq, right: Seq): boolean {
  const { sacks } = tcb.rcv;
  const at = sacks.findIndex((block) => seqLeq(left, block[1]) && seqGeq(right, block[0]));
  return (at < 0 ? sacks.length : at) >= NEAR_BLOCKS;
}

/** The block around `at`; a FIN that has come takes the number after the text. */
function withFin(tcb: Tcb, at: Seq): SackBlock | null {
  const { fin } = tcb.rcv;
  const text = contiguous(tcb.reassembly, at === fin ? seqAdd(fin, -1) : at);
  if (fin === null) return text;
  if (text?.[1] === fin) return [text[0], seqAdd(fin, 1)];
  return at === fin ? [fin, seqAdd(fin, 1)] : text;
}

/** Forgets the blocks that RCV.NXT has passed. */
export function forgetPassed(tcb: Tcb): void {
  if (tcb.rcv.sacks.length === 0) return;
  tcb.rcv.sacks = tcb.rcv.sacks.filter(([left]) => seqGt(left, tcb.rcv.nxt));
}

/** Notes that `left` to `right` came a second time: the next ACK says so, once (RFC 2883 section 4). */
export function noteDuplicate(tcb: Tcb, left: Seq, right: Seq): void {
  // In TIME-WAIT nothing is kept beyond what the state is for.
  if (tcb.state === 'TIME-WAIT') return;
  if (tcb.options.sack && tcb.config.dsack && seqLt(left, right)) tcb.rcv.dsack = [left, right];
}

/** The part of a segment above RCV.NXT that was held before, as a DSACK block; null when all of it is new. */
export function heldAlready(queue: ReassemblyQueue, left: Seq, right: Seq): SackBlock | null {
  const block = queue[firstEndingAfter(queue, left)];
  if (block === undefined || seqGeq(block.seq, right)) return null;
  return [seqGt(block.seq, left) ? block.seq : left, seqMin(blockEnd(block), right)];
}

/** The blocks of the next ACK; null when there is nothing to report. */
export function sackBlocks(tcb: Tcb): readonly SackBlock[] | null {
  const { sacks, dsack } = tcb.rcv;
  return sacks.length === 0 && dsack === null ? null : blocksThatFit(tcb, sacks, dsack);
}

function blocksThatFit(tcb: Tcb, sacks: readonly SackBlock[], dsack: SackBlock | null): readonly SackBlock[] {
  const most = tcb.options.timestamps ? BLOCKS_WITH_TIMESTAMPS : BLOCKS;
  const all = dsack === null ? sacks : [dsack, ...sacks];
  return all.length > most ? all.slice(0, most) : all;
}

/** The whole block around `at`: pieces of the queue that touch are one. */
function contiguous(queue: ReassemblyQueue, at: Seq): SackBlock | null {
  const index = firstEndingAfter(queue, at);
  const block = queue[index];
  if (block === undefined || seqGt(block.seq, at)) return null;
  let left = block.seq;
  let right = blockEnd(block);
  for (let before = index - 1; before >= 0; before--) {
    const held = queue[before];
    if (held === undefined || blockEnd(held) !== left) break;
    left = held.seq;
  }
  for (let after = index + 1; queue[after]?.seq === right; after++) {
    right = seqAdd(right, octetsLength(queue[after]?.octets ?? NO_OCTETS));
  }
  return [left, right];
}
