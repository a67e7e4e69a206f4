import type { SegmentRecord } from '../engine/events';
import { octetsLength } from '../engine/octets';
import type { RuleId } from '../engine/rules';
import { FLAG, type Segment, segLen } from '../engine/segment';
import { type Seq, seqAdd, seqGeq, seqGt, seqMax } from '../engine/seq';

/**
 * What is remarkable about a segment, in the words that network analysers use. They guess it from what they see on the
 * wire; here it follows from what the TCPs did and why.
 */
export const MARKS = {
  retransmission: 'Its octets, or its SYN or FIN, were sent before by the same TCP.',
  'fast-retransmission':
    'ACKs showed that the segment was lost, before the retransmission timer expired (RFC 5681 section 3.2).',
  'spurious-retransmission': 'The other side had acknowledged all of it already when it was sent again.',
  'out-of-order': 'A segment that was sent later arrived before it.',
  'duplicate-ack':
    'Repeats the ACK before it, in number and window, while data of the other side is on its way (RFC 5681 section 2).',
  'window-update': 'Tells that the receive window has opened (RFC 9293 section 3.8.6.2.2).',
  'zero-window': 'Tells that the receive window is closed (RFC 9293 section 3.8.6.1).',
  'window-probe': 'Asks whether a closed window has opened (RFC 9293 section 3.8.6.1).',
  'keep-alive': 'Asks whether the other side is still there (RFC 9293 section 3.8.4).',
} as const satisfies Record<string, string>;

/** One of {@link MARKS}. */
export type Mark = keyof typeof MARKS;

/** The marks of one segment. */
export interface SegmentMarks {
  /** In the order of {@link MARKS}. */
  readonly marks: readonly Mark[];
  /** How many duplicates of the same ACK there have been, this one included; null when it is none. */
  readonly duplicateAck: number | null;
}

/** What one end of a connection has said so far. */
interface Way {
  /** The number after the highest one sent; null before the SYN. */
  next: Seq | null;
  /** The latest SEG.ACK, and the window in bytes that came with it; null before the first. */
  ack: Seq | null;
  windowBytes: number;
  /** The window scale shift that its SYN offered; null for none. */
  shift: number | null;
  duplicates: number;
  /** Until what number was sent as the retransmission timer expired last; null for never. */
  timedOutAt: Seq | null;
}

/** Nothing remarkable. */
export const UNMARKED: SegmentMarks = { marks: [], duplicateAck: null };

/**
 * The marks of all segments of a run, whose records are given in the order of their ids. A forged segment has none: it is
 * nobody's. A copy that the network made has those of its original.
 */
export function markSegments(records: readonly SegmentRecord[]): SegmentMarks[] {
  const ways = new Map<string, Way>();
  const overtaken = overtakenSegments(records);
  const found: SegmentMarks[] = [];
  for (const record of records) {
    const marked = record.duplicate ? (found.at(-1) ?? UNMARKED) : record.injected ? UNMARKED : mark(record, ways);
    const { marks } = marked;
    found.push(overtaken.has(record.id) ? { ...marked, marks: inOrder([...marks, 'out-of-order']) } : marked);
  }
  return found;
}

function mark(record: SegmentRecord, ways: Map<string, Way>): SegmentMarks {
  const { segment } = record;
  const { way, other } = waysOf(record, ways);
  const marks: Mark[] = [];
  if (record.retransmission) marks.push(...retransmissionMarks(record, way, other));
  const windowBytes = windowOf(segment, way, other);
  const duplicate = isDuplicateAck(record, way, other, windowBytes);
  const own = OWN_MARKS[record.cause.rule];
  if (own !== undefined && octetsLength(segment.payload) <= 1) marks.push(own);
  if (duplicate) marks.push('duplicate-ack');
  if (tellsClosedWindow(segment)) marks.push('zero-window');
  const duplicateAck = duplicate ? way.duplicates + 1 : null;
  remember(record, way, windowBytes, duplicateAck);
  return marks.length === 0 ? UNMARKED : { marks: inOrder(marks), duplicateAck };
}

/** Marks that the reason for sending gives by itself. */
const OWN_MARKS: Partial<Record<RuleId, Mark>> = {
  'window-update': 'window-update',
  'window-probe': 'window-probe',
  'keep-alive-timeout': 'keep-alive',
};

/** Reasons to send again that an ACK gave. What is resent as the window allows belongs to the loss that was found before. */
const SHOWN_BY_ACKS: readonly RuleId[] = [
  'fast-retransmit',
  'sack-retransmit',
  'rack-retransmit',
  'partial-ack-retransmit',
  'resend-lost',
  'sack-resend',
  'rack-resend',
  'resend-narrowed',
  'sack-resend-gap',
  'resend-after-timeout',
];
const SHOWN_BY_TIMER: readonly RuleId[] = ['retransmission-timeout', 'syn-timeout'];

function retransmissionMarks({ cause, segment }: SegmentRecord, way: Way, other: Way): Mark[] {
  const recovered = way.timedOutAt === null || (other.ack !== null && seqGeq(other.ack, way.timedOutAt));
  const fast = SHOWN_BY_ACKS.includes(cause.rule) && recovered;
  const end = seqAdd(segment.seq, segLen(segment));
  const spurious = other.ack !== null && seqGeq(other.ack, end);
  return [
    'retransmission',
    ...(fast ? (['fast-retransmission'] as const) : []),
    ...(spurious ? (['spurious-retransmission'] as const) : []),
  ];
}

/**
 * RFC 5681 section 2: nothing carried, the same number and window, and something on its way that is not acknowledged. With
 * a closed window that is only a probe, whose answer speaks of the window.
 */
function isDuplicateAck({ segment, cause }: SegmentRecord, way: Way, other: Way, windowBytes: number): boolean {
  if ((segment.flags & FLAG.ACK) === 0 || (segment.flags & (FLAG.SYN | FLAG.FIN | FLAG.RST)) !== 0) return false;
  if (octetsLength(segment.payload) > 0 || windowBytes === 0 || OWN_MARKS[cause.rule] !== undefined) return false;
  if (segment.ack !== way.ack || windowBytes !== way.windowBytes) return false;
  return other.next !== null && seqGt(other.next, segment.ack);
}

/** A reset, and a SYN that acknowledges nothing, tell no window. */
function tellsClosedWindow({ flags, wnd }: Segment): boolean {
  return wnd === 0 && (flags & FLAG.ACK) !== 0 && (flags & FLAG.RST) === 0;
}

/** The window in bytes: scaled when both SYNs offered it, and never on a SYN (RFC 7323 section 2.2). */
function windowOf({ flags, wnd }: Segment, way: Way, other: Way): number {
  if (way.shift === null || other.shift === null || (flags & FLAG.SYN) !== 0) return wnd;
  return wnd * 2 ** Math.min(way.shift, 14);
}

function remember({ segment, cause }: SegmentRecord, way: Way, windowBytes: number, duplicateAck: number | null): void {
  const { flags } = segment;
  if ((flags & FLAG.RST) !== 0) return;
  const end = seqAdd(segment.seq, segLen(segment));
  if (SHOWN_BY_TIMER.includes(cause.rule)) way.timedOutAt = way.next;
  way.next = way.next === null ? end : seqMax(way.next, end);
  if ((flags & FLAG.SYN) !== 0) way.shift = segment.options.wscale ?? null;
  if ((flags & FLAG.ACK) === 0) return;
  if (segment.ack !== way.ack || windowBytes !== way.windowBytes) way.duplicates = 0;
  if (duplicateAck !== null) way.duplicates = duplicateAck;
  way.ack = segment.ack;
  way.windowBytes = windowBytes;
}

/** Both directions of the connection; a SYN that was not sent before begins a new one. */
function waysOf({ segment, retransmission }: SegmentRecord, ways: Map<string, Way>): { way: Way; other: Way } {
  const { source, destination, flags } = segment;
  const here = `${source.address} ${source.port} ${destination.address} ${destination.port}`;
  const there = `${destination.address} ${destination.port} ${source.address} ${source.port}`;
  const begins = (flags & FLAG.SYN) !== 0 && !retransmission;
  if (begins) ways.set(here, freshWay());
  if (begins && (flags & FLAG.ACK) === 0 && ways.get(there)?.ack !== null) ways.set(there, freshWay());
  return { way: wayNamed(ways, here), other: wayNamed(ways, there) };
}

function wayNamed(ways: Map<string, Way>, name: string): Way {
  const known = ways.get(name);
  if (known !== undefined) return known;
  const way = freshWay();
  ways.set(name, way);
  return way;
}

function freshWay(): Way {
  return { next: null, ack: null, windowBytes: 0, shift: null, duplicates: 0, timedOutAt: null };
}

/** The segments that arrived after one that the same host had sent later to the same host. */
function overtakenSegments(records: readonly SegmentRecord[]): ReadonlySet<number> {
  const earliest = new Map<string, number>();
  const overtaken = new Set<number>();
  for (const { id, from, to, fate, arriveUs, duplicate, injected } of [...records].reverse()) {
    if (fate !== 'delivered' || arriveUs === null || duplicate || injected) continue;
    const way = `${from} ${to}`;
    const laterUs = earliest.get(way) ?? Number.POSITIVE_INFINITY;
    if (laterUs < arriveUs) overtaken.add(id);
    earliest.set(way, Math.min(laterUs, arriveUs));
  }
  return overtaken;
}

const ORDER = Object.keys(MARKS);

function inOrder(marks: readonly Mark[]): Mark[] {
  return [...marks].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
}
