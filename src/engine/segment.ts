import type { Octets } from './octets';
import { octetsLength } from './octets';
import type { Seq } from './seq';

/** The control bits of RFC 9293 section 3.1, as they stand in the header's octet 13. */
export const FLAG = { FIN: 0x01, SYN: 0x02, RST: 0x04, PSH: 0x08, ACK: 0x10, URG: 0x20, ECE: 0x40, CWR: 0x80 } as const;

/** The name of a control bit, as RFC 9293 section 3.1 writes it. */
export type FlagName = keyof typeof FLAG;

/** Flag names in the order in which people write them: `SYN-ACK`, `FIN-ACK`. */
export const FLAG_ORDER: readonly FlagName[] = ['SYN', 'FIN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'];

/** An IP address (text form, IPv4 dotted or IPv6) and a port from 0 to 65535. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** The options of a segment that the engine understands (RFC 9293 section 3.2 and companions); absent means not sent. */
export interface SegmentOptions {
  /** Maximum segment size in bytes, 0 to 65535 (RFC 9293 section 3.7.1). */
  readonly mss?: number;
  /** Window scale shift, 0 to 14 (RFC 7323 section 2). */
  readonly wscale?: number;
  /** SACK is permitted (RFC 2018 section 2). */
  readonly sackOK?: boolean;
  /** TSval and TSecr, each 0 to 2^32 - 1 (RFC 7323 section 3). */
  readonly ts?: readonly [number, number];
  /** SACK blocks, each left and right edge (RFC 2018 section 3). */
  readonly sack?: readonly (readonly [Seq, Seq])[];
}

/** The empty set of options. */
export const NO_OPTIONS: SegmentOptions = {};

/** One TCP segment with the addresses of its IP header. Immutable. */
export interface Segment {
  readonly source: Endpoint;
  readonly destination: Endpoint;
  /** SEG.SEQ. */
  readonly seq: Seq;
  /** SEG.ACK; 0 when the ACK bit is off. */
  readonly ack: Seq;
  /** Control bits, an OR of {@link FLAG}. */
  readonly flags: number;
  /** SEG.WND, the 16-bit field as sent. */
  readonly wnd: number;
  /** SEG.UP, the urgent pointer field. */
  readonly up: number;
  readonly options: SegmentOptions;
  readonly payload: Octets;
  /** The ECN field of the IP header, 0 to 3 (RFC 3168 section 5). */
  readonly ecn: number;
}

/** SEG.LEN: the octets of payload plus one each for SYN and FIN (RFC 9293 section 3.3.1). */
export function segLen(segment: Segment): number {
  return octetsLength(segment.payload) + (segment.flags & FLAG.SYN ? 1 : 0) + (segment.flags & FLAG.FIN ? 1 : 0);
}

/** The names of the control bits that are set, in {@link FLAG_ORDER}. */
export function flagNames(flags: number): FlagName[] {
  return FLAG_ORDER.filter((name) => (flags & FLAG[name]) !== 0);
}

/** The control bits as people write them: `SYN-ACK`; `no flags` when none is set. */
export function flagsText(flags: number): string {
  return flags === 0 ? 'no flags' : flagNames(flags).join('-');
}
