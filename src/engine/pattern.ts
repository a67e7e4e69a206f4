import { octetsEqual, octetsFromText, octetsLength } from './octets';
import type { Segment, SegmentOptions } from './segment';
import { FLAG } from './segment';
import type { Seq } from './seq';
import { seqAdd } from './seq';

/** A number in a pattern: as on the wire, or counted from the ISN (`seq +1`). */
export type SeqRef =
  | { readonly kind: 'absolute'; readonly value: Seq }
  | { readonly kind: 'relative'; readonly offset: number };

/**
 * What a script writes to name a segment: `SYN`, `FIN-ACK`, `1000 bytes`, `data`, `any`, with optional fields.
 * In `send`, faults and `expect` an absent field matches anything; in `inject` it takes the value that TCP would use.
 */
export interface SegmentPattern {
  /** `flags`: the named control bits; `data`: any segment with payload; `any`: every segment. */
  readonly kind: 'flags' | 'data' | 'any';
  /** For `flags`: the named control bits, an OR of FLAG. */
  readonly flags: number;
  /** Exact payload length in bytes; null when not given. */
  readonly lengthBytes: number | null;
  /** Exact payload text (`send "GET /"`); null when not given. */
  readonly text: string | null;
  readonly seq: SeqRef | null;
  readonly ack: SeqRef | null;
  readonly wnd: number | null;
  readonly up: number | null;
  /** Named options that must be present with these values (in `inject`: are sent); null when not given. */
  readonly options: PatternOptions | null;
}

/** `<mss 1460, sack, ts 1 0, wscale 7>`. */
export interface PatternOptions {
  readonly mss?: number;
  readonly wscale?: number;
  readonly sackOK?: boolean;
  readonly ts?: readonly [number, number];
}

/** The ISNs that relative numbers are counted from: the sender's for `seq`, the receiver's for `ack`. */
export interface SeqBase {
  readonly senderIss: Seq;
  readonly receiverIss: Seq;
}

/** The control bits that tell kinds of segment apart; the others matter only when a pattern names them. */
const KIND_FLAGS = FLAG.SYN | FLAG.FIN | FLAG.RST | FLAG.ACK;

/**
 * Whether `segment` is one that `pattern` names. Flags are read as textbooks write them: `FIN` is FIN and FIN-ACK, `RST`
 * is RST and RST-ACK, `SYN` is never SYN-ACK, and `ACK` is an acknowledgment and nothing else.
 */
export function matchesPattern(pattern: SegmentPattern, segment: Segment, base: SeqBase): boolean {
  return (
    matchesKind(pattern, segment) &&
    (pattern.lengthBytes === null || pattern.lengthBytes === octetsLength(segment.payload)) &&
    (pattern.text === null || octetsEqual(octetsFromText(pattern.text), segment.payload)) &&
    (pattern.seq === null || resolveSeq(pattern.seq, base.senderIss) === segment.seq) &&
    (pattern.ack === null ||
      ((segment.flags & FLAG.ACK) !== 0 && resolveSeq(pattern.ack, base.receiverIss) === segment.ack)) &&
    (pattern.wnd === null || pattern.wnd === segment.wnd) &&
    (pattern.up === null || pattern.up === segment.up) &&
    (pattern.options === null || matchesOptions(pattern.options, segment.options))
  );
}

/** The sequence number that `ref` means for a sender or receiver with this ISN. */
export function resolveSeq(ref: SeqRef, iss: Seq): Seq {
  return ref.kind === 'absolute' ? ref.value : seqAdd(iss, ref.offset);
}

function matchesKind(pattern: SegmentPattern, segment: Segment): boolean {
  switch (pattern.kind) {
    case 'any':
      return true;
    case 'data':
      return octetsLength(segment.payload) > 0;
    case 'flags':
      return matchesFlags(pattern, segment);
  }
}

function matchesFlags(pattern: SegmentPattern, segment: Segment): boolean {
  const named = pattern.flags;
  if ((segment.flags & named) !== named) return false;
  // Every segment but the first SYN of a connection carries ACK, so textbooks leave it out of `FIN`, `RST` and `PSH`.
  const ackImplied = (named & (FLAG.SYN | FLAG.ACK)) === 0;
  const compared = ackImplied ? KIND_FLAGS & ~FLAG.ACK : KIND_FLAGS;
  if (((segment.flags ^ named) & compared) !== 0) return false;
  const bareAck = named === FLAG.ACK && pattern.lengthBytes === null && pattern.text === null;
  return !bareAck || octetsLength(segment.payload) === 0;
}

function matchesOptions(wanted: PatternOptions, options: SegmentOptions): boolean {
  return (
    (wanted.mss === undefined || wanted.mss === options.mss) &&
    (wanted.wscale === undefined || wanted.wscale === options.wscale) &&
    (wanted.sackOK === undefined || wanted.sackOK === (options.sackOK ?? false)) &&
    (wanted.ts === undefined ||
      (options.ts !== undefined && wanted.ts[0] === options.ts[0] && wanted.ts[1] === options.ts[1]))
  );
}
