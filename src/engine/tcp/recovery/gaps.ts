/**
 * NextSeg() rule 3 of RFC 6675 section 4: with few segments on their way, so few SACKs come that IsLost() can not tell of each
 * gap. When recovery has nothing better to send, the gap goes again without it; else the retransmission timer would have to.
 */
import { seqAdd, seqLeq, seqMax } from '../../seq';
import { lastSacked } from '../queueMarks';
import type { SentSegment } from '../retransmissionQueue';
import { entryAt, firstFrom } from '../retransmissionQueue';
import type { Tcb } from '../tcb';
import { congestionRoom, weight } from './state';

/** The index of the first segment above HighRxt and below the highest SACK that has not arrived, when cwnd lets it go again; -1 for none. */
export function nextGap(tcb: Tcb): number {
  return tcb.recovery.phase === 'recovery' && resendsGaps(tcb) ? firstGap(tcb) : -1;
}

function resendsGaps({ config, options }: Tcb): boolean {
  return config.resendsGaps && options.sack && !config.rack;
}

function firstGap(tcb: Tcb): number {
  const queue = tcb.retransmissionQueue;
  const last = lastSacked(queue);
  for (let index = firstFrom(queue, tcb.recovery.highRxt); index < last; index++) {
    const sent = entryAt(queue, index);
    if (sent === null || sent.sacked) continue;
    return congestionRoom(tcb) >= weight(tcb, 1, sent.lengthBytes) ? index : -1;
  }
  return -1;
}

/** Moves HighRxt over a segment that goes again. */
export function noteHighRxt({ recovery }: Tcb, { seq, lengthBytes }: SentSegment): void {
  if (recovery.phase === 'recovery') recovery.highRxt = seqMax(recovery.highRxt, seqAdd(seq, lengthBytes));
}

/** Whether a segment went again in this recovery before it was known to be lost: it does not go a second time (NextSeg rule 1.a). */
export function wentAsGap(tcb: Tcb, { seq, lengthBytes, lost, resent }: SentSegment): boolean {
  const { phase, highRxt } = tcb.recovery;
  return resent && !lost && phase === 'recovery' && resendsGaps(tcb) && seqLeq(seqAdd(seq, lengthBytes), highRxt);
}
