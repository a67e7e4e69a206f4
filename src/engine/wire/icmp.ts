import type { IcmpMessage } from '../icmp';
import { ICMP_KINDS } from '../icmp';
import { isIpv6, parseAddress } from './address';
import { internetChecksum, onesComplementSum } from './checksum';
import { datagramBytes, encodeDatagram, IPV4_HEADER_BYTES, IPV6_HEADER_BYTES } from './ip';

/** Octets of an ICMP or ICMPv6 header (RFC 792, RFC 4443 section 2.1). */
export const ICMP_HEADER_BYTES = 8;

/** An error message quotes as much as fits so many octets: RFC 1812 section 4.3.2.3, RFC 4443 section 2.4 (c). */
const LARGEST_V4 = 576;
const LARGEST_V6 = 1280;

const PROTOCOL_ICMP = 1;
const NEXT_HEADER_ICMPV6 = 58;
const TTL = 64;

/** In place of a router's address, which the simulated routers have not: IANA's IPv4 dummy address (RFC 7600 section 4.8), and one for documentation (RFC 3849). */
export const ROUTER_ADDRESSES = { v4: '192.0.0.8', v6: '2001:db8:ffff::1' } as const;

/**
 * The IP datagram with an ICMP error message from `source` (null: a router) to the sender of the quoted segment, as octets with
 * right checksums. A kind that ICMPv6 has not, or a source of the other IP version, is a bug of the caller: throws.
 */
export function encodeIcmpDatagram(message: IcmpMessage, source: string | null): Uint8Array {
  const to = parseAddress(message.quoted.source.address);
  if (to === null) throw new Error(`${message.quoted.source.address} is no IP address`);
  const isV6 = to.length === 16;
  const from = parseAddress(source ?? (isV6 ? ROUTER_ADDRESSES.v6 : ROUTER_ADDRESSES.v4));
  if (from === null || from.length !== to.length) throw new Error(`no ICMP message can come from ${source}`);
  return isV6 ? icmpv6Datagram(message, from, to) : icmpv4Datagram(message, from, to);
}

/** The length of the IP datagram that {@link encodeIcmpDatagram} makes, in bytes. */
export function icmpDatagramBytes({ quoted }: IcmpMessage): number {
  const isV6 = isIpv6(quoted.source.address);
  const headers = (isV6 ? IPV6_HEADER_BYTES : IPV4_HEADER_BYTES) + ICMP_HEADER_BYTES;
  return Math.min(headers + datagramBytes(quoted), isV6 ? LARGEST_V6 : LARGEST_V4);
}

/** The octets of the quoted datagram as far as `roomBytes` go. */
function quote({ quoted }: IcmpMessage, roomBytes: number): Uint8Array {
  return encodeDatagram(quoted).subarray(0, Math.min(datagramBytes(quoted), roomBytes));
}

function icmpv4Datagram(message: IcmpMessage, from: Uint8Array, to: Uint8Array): Uint8Array {
  const inside = quote(message, LARGEST_V4 - IPV4_HEADER_BYTES - ICMP_HEADER_BYTES);
  const bytes = new Uint8Array(IPV4_HEADER_BYTES + ICMP_HEADER_BYTES + inside.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, (4 << 4) | (IPV4_HEADER_BYTES / 4));
  view.setUint16(2, bytes.length);
  view.setUint8(8, TTL);
  view.setUint8(9, PROTOCOL_ICMP);
  bytes.set(from, 12);
  bytes.set(to, 16);
  view.setUint16(10, internetChecksum(bytes.subarray(0, IPV4_HEADER_BYTES)));
  const [type, code] = ICMP_KINDS[message.kind].v4;
  view.setUint8(IPV4_HEADER_BYTES, type);
  view.setUint8(IPV4_HEADER_BYTES + 1, code);
  // RFC 1191 section 4: the next-hop MTU stands in the low half of the unused word.
  view.setUint16(IPV4_HEADER_BYTES + 6, message.mtuBytes);
  bytes.set(inside, IPV4_HEADER_BYTES + ICMP_HEADER_BYTES);
  view.setUint16(IPV4_HEADER_BYTES + 2, internetChecksum(bytes.subarray(IPV4_HEADER_BYTES)));
  return bytes;
}

function icmpv6Datagram(message: IcmpMessage, from: Uint8Array, to: Uint8Array): Uint8Array {
  const { v6 } = ICMP_KINDS[message.kind];
  if (v6 === null) throw new Error(`ICMPv6 has no message ${message.kind}`);
  const inside = quote(message, LARGEST_V6 - IPV6_HEADER_BYTES - ICMP_HEADER_BYTES);
  const icmpBytes = ICMP_HEADER_BYTES + inside.length;
  const bytes = new Uint8Array(IPV6_HEADER_BYTES + icmpBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, (6 << 28) >>> 0);
  view.setUint16(4, icmpBytes);
  view.setUint8(6, NEXT_HEADER_ICMPV6);
  view.setUint8(7, TTL);
  bytes.set(from, 8);
  bytes.set(to, 24);
  const [type, code] = v6;
  view.setUint8(IPV6_HEADER_BYTES, type);
  view.setUint8(IPV6_HEADER_BYTES + 1, code);
  // RFC 4443 section 3.2: the MTU takes the whole word.
  view.setUint32(IPV6_HEADER_BYTES + 4, message.mtuBytes);
  bytes.set(inside, IPV6_HEADER_BYTES + ICMP_HEADER_BYTES);
  const pseudo = onesComplementSum(to, onesComplementSum(from, 0)) + icmpBytes + NEXT_HEADER_ICMPV6;
  view.setUint16(IPV6_HEADER_BYTES + 2, internetChecksum(bytes.subarray(IPV6_HEADER_BYTES), pseudo));
  return bytes;
}
