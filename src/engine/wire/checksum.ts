/**
 * The ones' complement sum of 16-bit words (RFC 1071 section 1), added to `sum`; an odd last octet counts as the high
 * half of a word. Parts other than the last have to be of even length.
 */
export function onesComplementSum(bytes: Uint8Array, sum: number): number {
  let total = sum;
  const even = bytes.length & ~1;
  for (let i = 0; i < even; i += 2) total += ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0);
  if (even < bytes.length) total += (bytes[even] ?? 0) << 8;
  while (total > 0xffff) total = (total & 0xffff) + Math.floor(total / 0x1_0000);
  return total;
}

/** The Internet checksum (RFC 1071) of one piece of memory: 0 when it holds its own right checksum. */
export function internetChecksum(bytes: Uint8Array, sum = 0): number {
  return ~onesComplementSum(bytes, sum) & 0xffff;
}

/** The sum over the pseudo-header of a TCP segment (RFC 9293 section 3.1): addresses of 4 or 16 octets, protocol 6, TCP length. */
export function pseudoHeaderSum(source: Uint8Array, destination: Uint8Array, tcpBytes: number): number {
  const addresses = onesComplementSum(destination, onesComplementSum(source, 0));
  return addresses + 6 + (tcpBytes & 0xffff) + (tcpBytes >>> 16);
}
