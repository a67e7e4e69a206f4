import type { Segment } from '../segment';
import { formatAddress, isIpv6, parseAddress } from './address';
import { internetChecksum } from './checksum';
import type { DecodedTcp, TcpError } from './tcp';
import { decodeTcp, encodeTcp, tcpLengthBytes } from './tcp';

/** Octets of an IPv4 header without options (RFC 791 section 3.1) and of an IPv6 header (RFC 8200 section 3). */
export const IPV4_HEADER_BYTES = 20;
export const IPV6_HEADER_BYTES = 40;

const PROTOCOL_TCP = 6;
/** RFC 9293 section 3.9.2 (MUST-49) leaves the TTL to configuration; 64 is IANA's recommended default. */
const TTL = 64;
const DONT_FRAGMENT = 0x4000;

/** Why octets are no datagram with a TCP segment. */
export type DatagramError =
  | TcpError
  /** The version field is neither 4 nor 6. */
  | 'ip-version'
  /** The checksum of the IPv4 header does not fit. */
  | 'ip-checksum'
  /** Only a part of a datagram. */
  | 'fragment'
  /** Another protocol than TCP is inside. */
  | 'not-tcp';

/** A segment out of a datagram, or why there is none. */
export type DecodedDatagram = Extract<DecodedTcp, { ok: true }> | { readonly ok: false; readonly error: DatagramError };

/** The size of the IP datagram that carries `segment`, in bytes: what MTU and rate count. `usesIpv6` where it is known already. */
export function datagramBytes(segment: Segment, usesIpv6: boolean = isIpv6(segment.source.address)): number {
  return (usesIpv6 ? IPV6_HEADER_BYTES : IPV4_HEADER_BYTES) + tcpLengthBytes(segment);
}

/**
 * The IP datagram that carries `segment`, as octets with right checksums: IPv4 (don't fragment, identification 0 as
 * RFC 6864 section 4.1 allows) or IPv6. Addresses that are no IP addresses, of different versions, or a datagram above
 * 65,535 octets are bugs of the caller: throws.
 */
export function encodeDatagram(segment: Segment): Uint8Array {
  const source = parseAddress(segment.source.address);
  const destination = parseAddress(segment.destination.address);
  if (source === null || destination === null || source.length !== destination.length) {
    throw new Error(`no datagram can go from ${segment.source.address} to ${segment.destination.address}`);
  }
  const tcp = encodeTcp(segment, source, destination);
  const header = source.length === 4 ? ipv4Header(segment, tcp.length) : ipv6Header(segment, tcp.length);
  const bytes = new Uint8Array(header.length + tcp.length);
  bytes.set(header);
  bytes.set(source, source.length === 4 ? 12 : 8);
  bytes.set(destination, source.length === 4 ? 16 : 24);
  if (source.length === 4) {
    new DataView(bytes.buffer).setUint16(10, internetChecksum(bytes.subarray(0, IPV4_HEADER_BYTES)));
  }
  bytes.set(tcp, header.length);
  return bytes;
}

function ipv4Header(segment: Segment, tcpBytes: number): Uint8Array {
  const totalBytes = IPV4_HEADER_BYTES + tcpBytes;
  if (totalBytes > 0xffff) throw new Error(`a datagram of ${totalBytes} octets is too large for IPv4`);
  const header = new Uint8Array(IPV4_HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint8(0, (4 << 4) | (IPV4_HEADER_BYTES / 4));
  view.setUint8(1, segment.ecn);
  view.setUint16(2, totalBytes);
  view.setUint16(6, DONT_FRAGMENT);
  view.setUint8(8, TTL);
  view.setUint8(9, PROTOCOL_TCP);
  return header;
}

function ipv6Header(segment: Segment, tcpBytes: number): Uint8Array {
  if (tcpBytes > 0xffff) throw new Error(`a payload of ${tcpBytes} octets is too large for IPv6`);
  const header = new Uint8Array(IPV6_HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint32(0, ((6 << 28) | (segment.ecn << 20)) >>> 0);
  view.setUint16(4, tcpBytes);
  view.setUint8(6, PROTOCOL_TCP);
  view.setUint8(7, TTL);
  return header;
}

/** Reads an IP datagram. Whatever the octets are, the answer is a value. The payload shares their storage. */
export function decodeDatagram(bytes: Uint8Array): DecodedDatagram {
  switch ((bytes[0] ?? 0) >> 4) {
    case 4:
      return decodeIpv4(bytes);
    case 6:
      return decodeIpv6(bytes);
    default:
      return { ok: false, error: bytes.length === 0 ? 'truncated' : 'ip-version' };
  }
}

function decodeIpv4(bytes: Uint8Array): DecodedDatagram {
  if (bytes.length < IPV4_HEADER_BYTES) return { ok: false, error: 'truncated' };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const headerBytes = (view.getUint8(0) & 0x0f) * 4;
  const totalBytes = view.getUint16(2);
  if (headerBytes < IPV4_HEADER_BYTES || totalBytes < headerBytes || totalBytes > bytes.length) {
    return { ok: false, error: 'truncated' };
  }
  if (internetChecksum(bytes.subarray(0, headerBytes)) !== 0) return { ok: false, error: 'ip-checksum' };
  // More fragments to come, or an offset: RFC 791 section 3.1.
  if ((view.getUint16(6) & 0x3fff) !== 0) return { ok: false, error: 'fragment' };
  if (view.getUint8(9) !== PROTOCOL_TCP) return { ok: false, error: 'not-tcp' };
  const addresses = { source: bytes.subarray(12, 16), destination: bytes.subarray(16, 20) };
  return decodeInside(bytes.subarray(headerBytes, totalBytes), addresses, view.getUint8(1) & 3);
}

function decodeIpv6(bytes: Uint8Array): DecodedDatagram {
  if (bytes.length < IPV6_HEADER_BYTES) return { ok: false, error: 'truncated' };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = IPV6_HEADER_BYTES + view.getUint16(4);
  if (end > bytes.length) return { ok: false, error: 'truncated' };
  if (view.getUint8(6) !== PROTOCOL_TCP) return { ok: false, error: 'not-tcp' };
  const addresses = { source: bytes.subarray(8, 24), destination: bytes.subarray(24, 40) };
  return decodeInside(bytes.subarray(IPV6_HEADER_BYTES, end), addresses, (view.getUint8(1) >> 4) & 3);
}

function decodeInside(
  tcp: Uint8Array,
  { source, destination }: { source: Uint8Array; destination: Uint8Array },
  ecn: number,
): DecodedDatagram {
  const texts = { sourceText: formatAddress(source), destinationText: formatAddress(destination) };
  return decodeTcp(tcp, { source, destination, ...texts, ecn });
}
