import type { SegmentId } from '../events';
import type { Octets } from '../octets';
import { octetsLength, octetsSlice } from '../octets';
import type { Segment } from '../segment';
import { FLAG } from '../segment';
import type { Seq } from '../seq';
import { seqAdd, seqDiff } from '../seq';
import type { Tcb } from './tcb';

/**
 * An arriving segment cut to what is new and inside the window: "trimming off any portions that lie outside the
 * window (including SYN and FIN)" (RFC 9293 section 3.10.7.4, first check).
 */
export interface Arrival {
  /** The segment as it came. */
  readonly segment: Segment;
  readonly id: SegmentId;
  /** Control bits that are left, an OR of FLAG. */
  readonly flags: number;
  /** The sequence number of the first octet (or SYN) that is left; at or after RCV.NXT. */
  readonly seq: Seq;
  /** The octets that are left. */
  readonly payload: Octets;
}

/** Whether a segment begins at RCV.NXT and lies inside the window as a whole, with room for a FIN. */
export function isNext(tcb: Tcb, { flags, seq, payload }: Segment): boolean {
  return seq === tcb.rcv.nxt && (flags & FLAG.SYN) === 0 && octetsLength(payload) < tcb.rcv.wnd;
}

/** A segment of which nothing has to be trimmed off. */
export function whole(segment: Segment, id: SegmentId): Arrival {
  return { segment, id, flags: segment.flags, seq: segment.seq, payload: segment.payload };
}

/** The part of an acceptable segment that lies inside the receive window. */
export function trimToWindow(tcb: Tcb, segment: Segment, id: SegmentId): Arrival {
  const { nxt, wnd } = tcb.rcv;
  const lengthBytes = octetsLength(segment.payload);
  const synBytes = (segment.flags & FLAG.SYN) !== 0 ? 1 : 0;
  const oldBytes = Math.max(0, seqDiff(nxt, segment.seq));
  const textStart = seqAdd(segment.seq, synBytes);
  const from = Math.min(lengthBytes, Math.max(0, seqDiff(nxt, textStart)));
  const roomBytes = seqDiff(seqAdd(nxt, wnd), textStart);
  const to = Math.max(from, Math.min(lengthBytes, roomBytes));
  let { flags } = segment;
  if (oldBytes > 0) flags &= ~FLAG.SYN;
  // The FIN stands after the text: it is left when it is neither old nor beyond the window.
  if (oldBytes > synBytes + lengthBytes || roomBytes <= lengthBytes) flags &= ~FLAG.FIN;
  const payload = from === 0 && to === lengthBytes ? segment.payload : octetsSlice(segment.payload, from, to);
  // A closed window is at RCV.NXT, also for an ACK that follows a window probe.
  return { segment, id, flags, seq: oldBytes > 0 || wnd === 0 ? nxt : segment.seq, payload };
}

/** An acceptable segment without its text and FIN, for a closed window (RFC 9293 section 3.4, MUST-66). */
export function withoutText(segment: Segment, id: SegmentId): Arrival {
  const payload = octetsSlice(segment.payload, 0, 0);
  return { segment, id, flags: segment.flags & ~FLAG.FIN, seq: segment.seq, payload };
}

/** The segment without a SYN that has been taken in (RFC 9293 section 3.10.7.2: "processing of SYN and ACK should not be repeated"). */
export function afterSyn(tcb: Tcb, segment: Segment, id: SegmentId): Arrival {
  const rest = trimToWindow(tcb, segment, id);
  return { ...rest, flags: rest.flags & ~FLAG.SYN };
}
