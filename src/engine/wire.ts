/**
 * Segments as the octets of a real wire, and back. The simulated link carries segments as plain data; octets are made
 * where they matter: for corruption that a checksum has to find, for captures, and for the eyes of a reader.
 *
 * Encoding takes what the engine itself made, so that impossible input is a bug and throws. Decoding takes whatever
 * came, so that its answer is always a value: a segment, or the reason why there is none.
 */
export { formatAddress, isHostAddress, isIpv6, isLoopbackAddress, parseAddress } from './wire/address';
export { internetChecksum } from './wire/checksum';
export { encodeIcmpDatagram, ICMP_HEADER_BYTES, icmpDatagramBytes, ROUTER_ADDRESSES } from './wire/icmp';
export type { DatagramError, DecodedDatagram } from './wire/ip';
export { datagramBytes, decodeDatagram, encodeDatagram, IPV4_HEADER_BYTES, IPV6_HEADER_BYTES } from './wire/ip';
export { decodeOptions, encodeOptions, MAX_OPTION_BYTES, optionsLengthBytes } from './wire/options';
export type { Capture, CapturedDatagram } from './wire/pcapng';
export { encodePcapng } from './wire/pcapng';
export type { DecodedTcp, TcpError } from './wire/tcp';
export { decodeTcp, encodeTcp, TCP_HEADER_BYTES, tcpLengthBytes } from './wire/tcp';
