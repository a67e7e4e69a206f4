import type { SegmentId } from '../engine/events';
import type { SeqBase } from '../engine/pattern';
import { type Endpoint, FLAG, type Segment } from '../engine/segment';
import { type Seq, seqDiff } from '../engine/seq';
import { segmentCount, segmentRecord, segmentSeqBase, type World } from '../engine/sim/world';

/** A SYN that a TCP has sent: from here on, numbers on this way count from its number. */
interface Beginning {
  readonly id: SegmentId;
  readonly iss: Seq;
}

/**
 * The SYNs of a run by the way that they took, so that the numbers of a segment can be counted from the ISNs of the
 * connection that it belongs to, also after another connection has begun between the same sockets. A run that nobody looks
 * at is not searched.
 */
export class Isns {
  readonly #beginnings = new Map<string, Beginning[]>();
  #searched = 0;

  /** The ISNs that the numbers of a segment of `world` count from, for people: those of the connection that was open when it was sent. */
  baseOf(world: World, id: SegmentId): SeqBase {
    this.#search(world);
    const { source, destination } = segmentRecord(world, id).segment;
    const known = segmentSeqBase(world, id);
    return {
      senderIss: this.#issAt(wayText(source, destination), id) ?? known.senderIss,
      receiverIss: this.#issAt(wayText(destination, source), id) ?? known.receiverIss,
    };
  }

  /** Takes in what has been sent since the last search; only a SYN that a TCP made says anything. */
  #search(world: World): void {
    for (const count = segmentCount(world); this.#searched < count; ) {
      const { id, segment, injected } = segmentRecord(world, ++this.#searched);
      if ((segment.flags & FLAG.SYN) === 0 || injected) continue;
      const way = wayText(segment.source, segment.destination);
      const known = this.#beginnings.get(way);
      if (known === undefined) this.#beginnings.set(way, [{ id, iss: segment.seq }]);
      else if (known[known.length - 1]?.iss !== segment.seq) known.push({ id, iss: segment.seq });
    }
  }

  /** The latest ISN on this way when segment `id` was sent; null when there was none. */
  #issAt(way: string, id: SegmentId): Seq | null {
    const known = this.#beginnings.get(way) ?? [];
    let low = 0;
    for (let high = known.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if ((known[middle]?.id ?? 0) <= id) low = middle + 1;
      else high = middle;
    }
    return known[low - 1]?.iss ?? null;
  }
}

/** A number of a segment for people: counted from an ISN; absolute where that is 0, which stands for one that nobody knows, and where it lies before the ISN. */
export function countedFrom(iss: Seq, value: Seq): number {
  return isCounted(iss, value) ? seqDiff(value, iss) : value;
}

function isCounted(iss: Seq, value: Seq): boolean {
  return iss !== 0 && seqDiff(value, iss) >= 0;
}

/** The numbers of a segment for people. `ack` is null without the ACK bit. */
export interface ShownNumbers {
  readonly seq: number;
  readonly ack: number | null;
  /** Which of them are as on the wire although there is an ISN, since they lie before it: they are none of this connection's. */
  readonly absolute: readonly ('seq' | 'ack')[];
}

/** The numbers of a segment counted from the ISNs of its connection; as on the wire where they lie before those. */
export function shownNumbers({ seq, ack, flags }: Segment, { senderIss, receiverIss }: SeqBase): ShownNumbers {
  const hasAck = (flags & FLAG.ACK) !== 0;
  const absolute: ('seq' | 'ack')[] = [];
  if (senderIss !== 0 && !isCounted(senderIss, seq)) absolute.push('seq');
  if (hasAck && receiverIss !== 0 && !isCounted(receiverIss, ack)) absolute.push('ack');
  return { seq: countedFrom(senderIss, seq), ack: hasAck ? countedFrom(receiverIss, ack) : null, absolute };
}

function wayText(from: Endpoint, to: Endpoint): string {
  return `${from.address} ${from.port} ${to.address} ${to.port}`;
}
