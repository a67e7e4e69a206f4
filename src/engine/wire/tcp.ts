import { octetsLength, octetsToBytes } from '../octets';
import type { Segment } from '../segment';
import { NO_OPTIONS } from '../segment';
import { seq } from '../seq';
import { internetChecksum, pseudoHeaderSum } from './checksum';
import { decodeOptions, encodeOptions, optionsLengthBytes } from './options';

/** Octets of a TCP header without options (RFC 9293 section 3.1). */
export const TCP_HEADER_BYTES = 20;

/** Why octets are no TCP segment. */
export type TcpError =
  /** Fewer octets than a header, or than its data offset says. */
  | 'truncated'
  /** A data offset under 5 words. */
  | 'data-offset'
  /** The checksum does not fit (RFC 9293 section 3.1, MUST-3). */
  | 'checksum';

/** A segment out of octets, or why there is none. */
export type DecodedTcp =
  | {
      readonly ok: true;
      readonly segment: Segment;
      /** False when an option's length is illegal; the options before it are in the segment (RFC 9293 MUST-7). */
      readonly optionsWellFormed: boolean;
    }
  | { readonly ok: false; readonly error: TcpError };

/** The addresses and the ECN field that the IP header gives to the TCP segment in it. */
export interface IpContext {
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly sourceText: string;
  readonly destinationText: string;
  readonly ecn: number;
}

/** Octets of the segment with its TCP header, without an IP header. */
export function tcpLengthBytes(segment: Segment): number {
  const optionBytes = segment.options === NO_OPTIONS ? 0 : optionsLengthBytes(segment.options);
  return TCP_HEADER_BYTES + optionBytes + octetsLength(segment.payload);
}

/** The segment as TCP octets with the right checksum for these addresses (RFC 9293 section 3.1, MUST-2). */
export function encodeTcp(segment: Segment, source: Uint8Array, destination: Uint8Array): Uint8Array {
  const options = encodeOptions(segment.options);
  const payload = octetsToBytes(segment.payload);
  const headerBytes = TCP_HEADER_BYTES + options.length;
  const bytes = new Uint8Array(headerBytes + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, segment.source.port);
  view.setUint16(2, segment.destination.port);
  view.setUint32(4, segment.seq);
  view.setUint32(8, segment.ack);
  view.setUint8(12, (headerBytes / 4) << 4);
  view.setUint8(13, segment.flags);
  view.setUint16(14, segment.wnd);
  view.setUint16(18, segment.up);
  bytes.set(options, TCP_HEADER_BYTES);
  bytes.set(payload, headerBytes);
  view.setUint16(16, internetChecksum(bytes, pseudoHeaderSum(source, destination, bytes.length)));
  return bytes;
}

/** Reads TCP octets. Whatever they are, the answer is a value. The payload shares their storage. */
export function decodeTcp(bytes: Uint8Array, ip: IpContext): DecodedTcp {
  if (bytes.length < TCP_HEADER_BYTES) return { ok: false, error: 'truncated' };
  // The checksum comes first: nothing in damaged octets can be believed.
  if (internetChecksum(bytes, pseudoHeaderSum(ip.source, ip.destination, bytes.length)) !== 0) {
    return { ok: false, error: 'checksum' };
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const headerBytes = (view.getUint8(12) >> 4) * 4;
  if (headerBytes < TCP_HEADER_BYTES) return { ok: false, error: 'data-offset' };
  if (headerBytes > bytes.length) return { ok: false, error: 'truncated' };
  const { options, wellFormed } = decodeOptions(bytes.subarray(TCP_HEADER_BYTES, headerBytes));
  const segment: Segment = {
    source: { address: ip.sourceText, port: view.getUint16(0) },
    destination: { address: ip.destinationText, port: view.getUint16(2) },
    seq: seq(view.getUint32(4)),
    ack: seq(view.getUint32(8)),
    flags: view.getUint8(13),
    wnd: view.getUint16(14),
    up: view.getUint16(18),
    options,
    payload: { kind: 'bytes', bytes: bytes.subarray(headerBytes) },
    ecn: ip.ecn,
  };
  return { ok: true, segment, optionsWellFormed: wellFormed };
}
