import { octetsLength } from '../octets';
import type { RuleId } from '../rules';
import type { Segment } from '../segment';
import { FLAG } from '../segment';
import { seqAdd, seqGt, seqLt, seqMax } from '../seq';
import { acknowledgeData, acknowledgeFin, acknowledgeHeld } from './acknowledge';
import { paceHeld, pacesAcks, paceText } from './ackPacing';
import type { Arrival } from './arrival';
import type { TcpContext } from './context';
import { causeOf } from './context';
import { deliver } from './deliver';
import { deleteTcb, failWaitingReceives } from './lifecycle';
import { timestampAt } from './options';
import { insertBlock, takeNext } from './reassembly';
import { fill } from './receiveBuffer';
import { chargeHeld, chargeText, measureByTimestamp } from './receiveMemory';
import { oweAck, oweChallengeAck, replyEmpty, replyReset, sendJoinedAck } from './replies';
import { forgetPassed, heldAlready, isFarBlock, noteDuplicate, noteHeld } from './selectiveAcks';
import type { Tcb } from './tcb';
import { startTimer } from './timers';
import { enterTimeWait } from './timeWait';
import { enterState, keepForLater, note, signalUser } from './trace';
import { announceUrgent, followUrgent } from './urgent';
import { mayReceiveData } from './windows';

/**
 * Sixth, check the URG bit: RCV.UP <- max(RCV.UP, urgent pointer). The application is told whenever the pointer moves
 * ahead of what it has consumed (RFC 9293 section 3.8.5, MUST-32).
 */
export function processUrgent(tcb: Tcb, arrival: Arrival, ctx: TcpContext): void {
  if ((arrival.flags & FLAG.URG) !== 0 && mayReceiveData(tcb.state)) takeUrgent(tcb, arrival, ctx);
}

function takeUrgent(tcb: Tcb, arrival: Arrival, ctx: TcpContext): void {
  const pointer = seqAdd(arrival.segment.seq, arrival.segment.up);
  if (!seqGt(pointer, tcb.rcv.up)) return;
  tcb.rcv.up = pointer;
  announceUrgent(tcb, ctx);
}

/** Seventh, process the segment text. */
export function processText(tcb: Tcb, arrival: Arrival, ctx: TcpContext): void {
  const lengthBytes = octetsLength(arrival.payload);
  if (!mayReceiveData(tcb.state)) {
    textAfterFin(tcb, arrival, ctx);
    return;
  }
  if (tcb.rcv.closed && lengthBytes > 0) {
    replyReset(tcb, arrival.segment, ctx, 'text-after-close');
    deleteTcb(tcb, 'connection reset', ctx, 'text-after-close');
    return;
  }
  if ((arrival.flags & FLAG.FIN) !== 0) tcb.rcv.fin ??= seqAdd(arrival.seq, lengthBytes);
  if (arrival.seq !== tcb.rcv.nxt && tcb.reassembly.length > 0) takeSynText(tcb, ctx);
  if (arrival.seq === tcb.rcv.nxt) {
    if (lengthBytes > 0 || tcb.reassembly.length > 0) acceptText(tcb, arrival, ctx);
    return;
  }
  if (lengthBytes === 0 && (arrival.flags & FLAG.FIN) === 0) return;
  // RFC 5681 section 4.2: a segment above a gap is acknowledged at once (RFC 9293 section 3.10.7.4, MAY-13).
  holdText(tcb, arrival, ctx);
  keepForLater(tcb, arrival.id, ctx, 'text-out-of-order');
  acknowledgeHeld(tcb, ctx);
}

/** Text that came with the SYN was kept at RCV.NXT: it is taken now, also where the remote TCP counts on that and goes on behind it. */
function takeSynText(tcb: Tcb, ctx: TcpContext): void {
  if (joinHeld(tcb) === 0) return;
  forgetPassed(tcb);
  acknowledgeData(tcb, true, ctx, 'text-with-syn-taken');
  deliver(tcb, ctx, false);
}

/** No text can come after the remote FIN; some TCPs take what goes beyond it for a sign that something is wrong. */
function textAfterFin(tcb: Tcb, arrival: Arrival, ctx: TcpContext): void {
  if (tcb.config.answersTextAfterFin && goesBeyondFin(tcb, arrival)) {
    replyReset(tcb, arrival.segment, ctx, 'text-beyond-fin');
    deleteTcb(tcb, 'connection reset', ctx, 'text-beyond-fin');
  } else if (octetsLength(arrival.payload) > 0) answerTextAfterFin(tcb, arrival, ctx);
}

/** The text is ignored; some TCPs answer it in TIME-WAIT as they answer whatever else can not be right there. */
function answerTextAfterFin(tcb: Tcb, arrival: Arrival, ctx: TcpContext): void {
  note(tcb, ctx, 'text-after-fin');
  if (tcb.state !== 'TIME-WAIT' || !tcb.config.answersTextAfterFin) return;
  startTimer(tcb, 'time-wait', 2 * tcb.config.mslUs, ctx, 'time-wait-restart');
  oweChallengeAck(tcb, arrival.segment, ctx, 'text-after-fin');
}

/** The segment begins before the remote FIN and has text after it. */
function goesBeyondFin(tcb: Tcb, { segment }: Arrival): boolean {
  const { nxt } = tcb.rcv;
  const end = seqAdd(segment.seq, octetsLength(segment.payload));
  return tcb.state !== 'TIME-WAIT' && seqLt(segment.seq, nxt) && seqGt(end, nxt);
}

/** Takes text that begins at RCV.NXT, and what it joins up with in the reassembly queue, before any ACK (MUST-59). */
function acceptText(tcb: Tcb, arrival: Arrival, ctx: TcpContext): void {
  const lengthBytes = octetsLength(arrival.payload);
  const hadGap = tcb.reassembly.length > 0;
  noteDuplicate(tcb, arrival.segment.seq, arrival.seq);
  if (lengthBytes > 0) measureReceiver(tcb, arrival.segment, lengthBytes, ctx.nowUs);
  fill(tcb.receiveBuffer, arrival.payload, (arrival.flags & FLAG.PSH) !== 0);
  advanceReceive(tcb, lengthBytes);
  if (lengthBytes > 0) {
    chargeText(tcb, lengthBytes);
    if (pacesAcks(tcb)) paceText(tcb, lengthBytes, (arrival.flags & FLAG.PSH) !== 0, ctx.nowUs);
  }
  if ((arrival.flags & FLAG.FIN) !== 0) tcb.pace.dialogue = true;
  const joinedBytes = joinHeld(tcb);
  if (!tellsBlocksOnce(tcb)) forgetPassed(tcb);
  if (lengthBytes + joinedBytes > 0) {
    const joined: RuleId = lengthBytes > 0 ? 'text-gap-filled' : 'text-with-syn-taken';
    const rule: RuleId = joinedBytes > 0 ? joined : 'text-in-order';
    acknowledgeData(tcb, hadGap || tellsReduction(tcb, arrival), ctx, rule);
  }
  deliver(tcb, ctx, false);
}

/** A FIN that was held above the gap is acknowledged before the blocks are forgotten, where an application waits for nothing more. */
function tellsBlocksOnce(tcb: Tcb): boolean {
  return tcb.config.finAckRepeatsBlocks && tcb.state === 'FIN-WAIT-2' && tcb.rcv.fin === tcb.rcv.nxt;
}

/** The remote TCP has just reduced its congestion window, perhaps to one segment: where ACKs are paced it gets this one at once. */
function tellsReduction(tcb: Tcb, arrival: Arrival): boolean {
  return (arrival.flags & FLAG.CWR) !== 0 && tcb.ecn.active && pacesAcks(tcb);
}

/** Moves what is contiguous now from the reassembly queue to the receive buffer; returns how many octets. */
function joinHeld(tcb: Tcb): number {
  return tcb.reassembly.length === 0 ? 0 : joinContiguous(tcb);
}

function joinContiguous(tcb: Tcb): number {
  let joinedBytes = 0;
  for (let next = takeNext(tcb.reassembly, tcb.rcv.nxt); next !== null; next = takeNext(tcb.reassembly, tcb.rcv.nxt)) {
    tcb.reassembly = next.rest;
    if (next.block === null) continue;
    const lengthBytes = octetsLength(next.block.octets);
    chargeHeld(tcb, lengthBytes, -1);
    chargeText(tcb, lengthBytes);
    fill(tcb.receiveBuffer, next.block.octets, next.block.push);
    advanceReceive(tcb, lengthBytes);
    joinedBytes += lengthBytes;
  }
  return joinedBytes;
}

/** RCV.NXT moves over accepted octets; "the total of RCV.NXT and RCV.WND should not be reduced", and it stays the same. */
function advanceReceive(tcb: Tcb, lengthBytes: number): void {
  tcb.rcv.nxt = seqAdd(tcb.rcv.nxt, lengthBytes);
  tcb.rcv.wnd -= lengthBytes;
  tcb.rcv.unackedBytes += lengthBytes;
  followUrgent(tcb);
}

/** Keeps text and FIN that came with a SYN for when the connection is ESTABLISHED (RFC 9293 sections 3.10.7.2 and 3.10.7.3). */
export function queueForLater(tcb: Tcb, arrival: Arrival, ctx: TcpContext): void {
  const lengthBytes = octetsLength(arrival.payload);
  if ((arrival.flags & FLAG.URG) !== 0) {
    tcb.rcv.up = seqMax(tcb.rcv.up, seqAdd(arrival.segment.seq, arrival.segment.up));
  }
  if ((arrival.flags & FLAG.FIN) !== 0) tcb.rcv.fin = seqAdd(arrival.seq, lengthBytes);
  if (lengthBytes === 0 && tcb.rcv.fin === null) return;
  holdText(tcb, arrival, ctx);
  keepForLater(tcb, arrival.id, ctx, 'text-with-syn');
}

function holdText(tcb: Tcb, arrival: Arrival, ctx: TcpContext): void {
  const { seq, payload, segment } = arrival;
  const lengthBytes = octetsLength(payload);
  const push = (arrival.flags & FLAG.PSH) !== 0;
  if (lengthBytes === 0) {
    noteHeld(tcb, seq);
    return;
  }
  if (tcb.options.sack) {
    const twice = heldAlready(tcb.reassembly, seq, seqAdd(seq, lengthBytes));
    if (twice !== null) noteDuplicate(tcb, twice[0], twice[1]);
  }
  if (tcb.pace.joined > 0 && isFarBlock(tcb, seq, seqAdd(seq, lengthBytes))) sendJoinedAck(tcb, ctx);
  const before = tcb.reassembly.length;
  measureReceiver(tcb, segment, lengthBytes, ctx.nowUs);
  tcb.reassembly = insertBlock(tcb.reassembly, { seq, octets: payload, push });
  noteHeld(tcb, seq);
  if (tcb.reassembly.length === before) return;
  if (pacesAcks(tcb)) paceHeld(tcb, lengthBytes, (arrival.flags & FLAG.PSH) !== 0);
  chargeHeld(tcb, lengthBytes, 1);
}

/** What the arrival of text tells about the round trip, whose timestamp it echoes. */
function measureReceiver(tcb: Tcb, segment: Segment, lengthBytes: number, nowUs: number): void {
  const { ts } = segment.options;
  if (tcb.config.receiveMemory === null || ts === undefined || !tcb.options.timestamps) return;
  measureByTimestamp(tcb, ts[1], lengthBytes, (timestampAt(nowUs) - ts[1]) | 0);
}

/** Eighth, check the FIN bit: the FIN is processed when everything before it has arrived. */
export function processFin(tcb: Tcb, arrival: Arrival, ctx: TcpContext): void {
  if (tcb.state === 'TIME-WAIT' && (arrival.flags & FLAG.FIN) !== 0) finAgain(tcb, ctx);
  else if (tcb.rcv.fin !== null && tcb.rcv.fin === tcb.rcv.nxt && mayReceiveData(tcb.state)) takeFin(tcb, ctx);
}

/** TIME-WAIT: "Remain in the TIME-WAIT state. Restart the 2 MSL time-wait timeout." */
function finAgain(tcb: Tcb, ctx: TcpContext): void {
  oweAck(tcb, ctx, 'time-wait-restart');
  startTimer(tcb, 'time-wait', 2 * tcb.config.mslUs, ctx, 'time-wait-restart');
}

/** Everything before the FIN has arrived. */
function takeFin(tcb: Tcb, ctx: TcpContext): void {
  // "FIN implies PUSH for any segment text not yet delivered to the user."
  deliver(tcb, ctx, true);
  signalUser(tcb, 'connection closing', ctx, 'fin-arrived');
  failWaitingReceives(tcb, 'connection closing', ctx, 'fin-arrived');
  tcb.rcv.nxt = seqAdd(tcb.rcv.nxt, 1);
  followUrgent(tcb);
  acknowledgeFin(tcb, ctx);
  if (tcb.rcv.sacks.length > 0 && tcb.state === 'FIN-WAIT-2') {
    replyEmpty(tcb, tcb.snd.nxt, causeOf(ctx, 'fin-acknowledged'), ctx);
    tcb.owed.ack = null;
    forgetPassed(tcb);
  }
  enterAfterFin(tcb, ctx);
}

/** Where the remote FIN leads from each state in which it can arrive. */
function enterAfterFin(tcb: Tcb, ctx: TcpContext): void {
  switch (tcb.state) {
    case 'ESTABLISHED':
      enterState(tcb, 'CLOSE-WAIT', ctx, 'fin-close-wait');
      return;
    case 'FIN-WAIT-1':
      // Had our FIN been acknowledged in this segment, the fifth check would have led to FIN-WAIT-2.
      enterState(tcb, 'CLOSING', ctx, 'fin-closing');
      return;
    case 'FIN-WAIT-2':
      enterTimeWait(tcb, ctx, 'fin-time-wait');
      return;
    default:
      return;
  }
}
